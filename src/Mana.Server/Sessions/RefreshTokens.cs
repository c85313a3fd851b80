using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Mana.Platform;
using Mana.Protocols.Sealing;
using Mana.Protocols.Sodium;

namespace Mana.Sessions;

/// <summary>A refresh token as it was presented: split, and not yet believed.</summary>
/// <param name="ClientId">Empty for the line of the sign-in itself.</param>
public sealed record PresentedRefresh(string Text, SessionId SessionId, string ClientId, int Count);

/// <summary>
/// Refresh tokens are <c>sid.n.MAC</c>, or <c>sid-client.n.MAC</c> for a web app that shares the sign-in, and are not stored: the row holds
/// the count n and the salt that goes into the MAC (ruling 4).
/// </summary>
public sealed class RefreshTokens(SecretSettings settings)
{
    private const int LengthMax = 160;

    /// <summary>In no id, whose letters are [a-zA-Z0-9].</summary>
    private const char ClientMark = '-';

    private readonly KeyedHash[] _keys = settings.Hashes("refresh-token");

    public string Of(SessionId id, string clientId, int count, byte[] salt) => Text(_keys[0], id, clientId, count, salt);

    /// <summary>Null for what has not the shape of a refresh token.</summary>
    public static PresentedRefresh? Split(string token)
    {
        var parts = token.Length <= LengthMax ? token.Split('.') : [];
        if (parts.Length != 3 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return null;
        }

        var mark = parts[0].IndexOf(ClientMark, StringComparison.Ordinal);
        var (id, client) = mark < 0 ? (parts[0], "") : (parts[0][..mark], parts[0][(mark + 1)..]);

        return id.Length == 0 || (mark >= 0 && client.Length == 0) ? null : new PresentedRefresh(token, new SessionId(id), client, count);
    }

    /// <summary>
    /// In constant time, and letter for letter: no other spelling of a good token passes. A wrong MAC proves nothing and kills nothing.
    /// </summary>
    public bool IsGenuine(PresentedRefresh presented, byte[] salt)
    {
        var text = Encoding.UTF8.GetBytes(presented.Text);

        return Array.Exists(
            _keys,
            key =>
                ConstantTime.Equal(Encoding.UTF8.GetBytes(Text(key, presented.SessionId, presented.ClientId, presented.Count, salt)), text)
        );
    }

    private static string Text(KeyedHash key, SessionId id, string clientId, int count, byte[] salt)
    {
        var line = clientId.Length == 0 ? id.Value : id.Value + ClientMark + clientId;

        return string.Create(CultureInfo.InvariantCulture, $"{line}.{count}.{Base64Url.EncodeToString(Mac(key, line, count, salt))}");
    }

    private static byte[] Mac(KeyedHash key, string line, int count, byte[] salt)
    {
        var name = Encoding.UTF8.GetBytes(line);
        var message = new byte[sizeof(int) * 2 + name.Length + salt.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, name.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(sizeof(int)), count);
        name.CopyTo(message, sizeof(int) * 2);
        salt.CopyTo(message, sizeof(int) * 2 + name.Length);
        var mac = new byte[KeyedHash.Length];
        key.Of(message, mac);

        return mac;
    }
}
