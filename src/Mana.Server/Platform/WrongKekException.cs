namespace Mana.Platform;

/// <summary>Something sealed in the database does not open with the configured key-encryption key: the service must not start.</summary>
public sealed class WrongKekException(string what) : Exception($"MANA_AUTH_KEK does not open {what}.");
