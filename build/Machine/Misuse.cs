namespace Mana.Build.Machine;

/// <summary>A command called with words it does not understand.</summary>
internal sealed class Misuse(string what) : Exception(what);
