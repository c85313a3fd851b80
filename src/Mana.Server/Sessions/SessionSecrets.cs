using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Mana.Platform;
using Mana.Protocols.Sealing;
using Mana.Protocols.Sodium;

namespace Mana.Sessions;

/// <summary>
/// The two secrets of a session. The session token is random and stored as a keyed hash. The refresh token is <c>sid.n.MAC</c> and not
/// stored at all: what the row holds is the count n and the salt that went into the MAC (ruling 4).
/// </summary>
public sealed class SessionSecrets(SecretSettings settings)
{
    /// <summary>Nothing longer is looked up.</summary>
    public const int TokenLengthMax = 64;

    private const int MacBytes = 32;

    private readonly KeyedHash[] _tokenKeys = Keys(settings, "session-token");

    private readonly KeyedHash[] _refreshKeys = Keys(settings, "refresh-token");

    /// <summary>32 characters of [a-zA-Z0-9], as the wire mints them.</summary>
    public static string NewToken() => Ids.Text();

    /// <summary>The hash a new row stores.</summary>
    public byte[] Hash(string token) => _tokenKeys[0].Of(token);

    /// <summary>The hash a presented token is stored under when the current secret made it.</summary>
    public Digest Key(string token) => Digest.Of(_tokenKeys[0].Of(token));

    /// <summary>The hashes it may be stored under: by the current secret, and by the one before it.</summary>
    public byte[][] Hashes(string token) => Array.ConvertAll(_tokenKeys, key => key.Of(token));

    public string RefreshToken(SessionId id, int count, byte[] salt) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{id.Value}.{count}.{System.Buffers.Text.Base64Url.EncodeToString(Mac(_refreshKeys[0], id, count, salt))}"
        );

    /// <summary>Splits a presented refresh token; null when it has not the shape of one. The MAC is not yet checked.</summary>
    public static (SessionId Id, int Count, byte[] Mac)? Split(string token)
    {
        const int lengthMax = 160;
        var parts = token.Length <= lengthMax ? token.Split('.') : [];
        if (
            parts.Length != 3
            || parts[0].Length == 0
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || !System.Buffers.Text.Base64Url.IsValid(parts[2])
        )
        {
            return null;
        }

        var mac = System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]);

        return mac.Length == MacBytes ? (new SessionId(parts[0]), count, mac) : null;
    }

    /// <summary>In constant time; a wrong MAC proves nothing and kills nothing.</summary>
    public bool IsGenuine(SessionId id, int count, byte[] mac, byte[] salt) =>
        Array.Exists(_refreshKeys, key => ConstantTime.Equal(Mac(key, id, count, salt), mac));

    private static byte[] Mac(KeyedHash key, SessionId id, int count, byte[] salt)
    {
        var idBytes = Encoding.UTF8.GetBytes(id.Value);
        var message = new byte[sizeof(int) * 2 + idBytes.Length + salt.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, idBytes.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(sizeof(int)), count);
        idBytes.CopyTo(message, sizeof(int) * 2);
        salt.CopyTo(message, sizeof(int) * 2 + idBytes.Length);
        var mac = new byte[MacBytes];
        key.Of(message, mac);

        return mac;
    }

    private static KeyedHash[] Keys(SecretSettings settings, string purpose)
    {
        var secrets = settings.PreviousBetterAuthSecret is { } previous
            ? [settings.BetterAuthSecret, previous]
            : new[] { settings.BetterAuthSecret };

        return [.. secrets.Select(secret => KeyedHash.From(Encoding.UTF8.GetBytes(secret), purpose))];
    }
}
