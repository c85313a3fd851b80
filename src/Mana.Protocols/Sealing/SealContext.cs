namespace Mana.Protocols.Sealing;

/// <summary>
/// What a sealed value is bound to: it opens only for the same purpose (<c>jwk-private</c>), the same column (<c>auth.jwks.private_key</c>)
/// and the same owner (the row's or the person's id), so a value copied to another row stays shut.
/// </summary>
public sealed record SealContext(string Purpose, string Column, string Owner);
