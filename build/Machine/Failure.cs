namespace Mana.Build.Machine;

/// <summary>What cannot be done, in one sentence, and every way out a person has.</summary>
internal sealed class Failure(string what, params string[] waysOut) : Exception(what)
{
    public IReadOnlyList<string> WaysOut { get; } = waysOut;
}
