using Mana.Platform;
using Mana.Protocols.Sealing;

namespace Mana.Sessions;

/// <summary>The session token is random and stored as a keyed hash.</summary>
public sealed class SessionSecrets(SecretSettings settings)
{
    /// <summary>Nothing longer is looked up.</summary>
    public const int TokenLengthMax = 64;

    private readonly KeyedHash[] _keys = settings.Hashes("session-token");

    /// <summary>32 characters of [a-zA-Z0-9], as the wire mints them.</summary>
    public static string NewToken() => Ids.Text();

    /// <summary>The hash a new row stores.</summary>
    public byte[] Hash(string token) => _keys[0].Of(token);

    /// <summary>The hash a presented token is stored under when the current secret made it.</summary>
    public Digest Key(string token) => Digest.Of(_keys[0].Of(token));

    /// <summary>The hashes it may be stored under: by the current secret, and by the one before it.</summary>
    public byte[][] Hashes(string token) => Array.ConvertAll(_keys, key => key.Of(token));
}
