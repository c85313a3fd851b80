namespace Mana.Protocols.Passwords;

/// <summary>How a stored hash was made: the scheme and what it costs. Hashes of one format take the same time to check.</summary>
/// <param name="Name">Scheme and cost; equal for equal formats.</param>
/// <param name="Decoy">A hash of this format that nobody knows a password of.</param>
/// <param name="UpTo">No hash of this format that was written by its usual maker sorts behind this text, byte by byte; for walking an index.</param>
public sealed record PasswordFormat(string Name, string Decoy, string UpTo)
{
    /// <summary>Sorts behind every character hashes are written with.</summary>
    internal const string Last = "~";
}
