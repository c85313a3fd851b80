namespace Mana.Protocols.Jose;

/// <summary>Why an access token is refused. For the log; a client learns only that its token is invalid or expired.</summary>
public enum TokenFault
{
    None,

    /// <summary>Not one of our tokens in its one spelling: shape, encoding, header, JSON, a missing claim, or issued in the future.</summary>
    Malformed,

    /// <summary>The header is ours, but the key is not among the verification keys.</summary>
    UnknownKey,
    InvalidSignature,
    InvalidIssuer,
    InvalidAudience,
    Expired,
}
