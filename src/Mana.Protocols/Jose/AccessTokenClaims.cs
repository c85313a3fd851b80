namespace Mana.Protocols.Jose;

/// <summary>
/// Everything an access token says: <c>sub, email, role, sid, iat, exp, iss, aud</c> and nothing else. Instants are whole seconds
/// on the wire; a fraction is cut off when the token is minted.
/// </summary>
public sealed record AccessTokenClaims(
    string Subject,
    string Email,
    string Role,
    string SessionId,
    DateTimeOffset IssuedAt,
    DateTimeOffset ExpiresAt,
    string Issuer,
    string Audience
);
