using System.Buffers.Text;
using System.Text;
using Mana.Platform;
using Mana.Protocols.Sealing;
using Mana.Protocols.Sodium;

namespace Mana.Sessions;

/// <summary>
/// What <c>list-sessions</c> shows in place of the secrets of one's other sessions, which nobody here knows (ruling 6). A handle names a
/// session and carries a MAC under a key of its own, so it can neither be made up nor be used for anything but ending that session.
/// </summary>
public sealed class SessionHandles(SecretSettings settings)
{
    private const string Purpose = "session-handle";

    /// <summary>In no session token, whose letters are [a-zA-Z0-9], and in no signed cookie, which is split at a dot.</summary>
    private const char Separator = ':';

    private const int LengthMax = 128;

    private readonly KeyedHash[] _keys = settings.Hashes(Purpose);

    public string Of(SessionId id) => id.Value + Separator + Base64Url.EncodeToString(_keys[0].Of(id.Value));

    /// <returns>The session of a genuine handle; null for everything else.</returns>
    public SessionId? Find(string text)
    {
        var at = text.LastIndexOf(Separator);
        if (text.Length > LengthMax || at < 1)
        {
            return null;
        }

        var (id, mac) = (text[..at], Encoding.UTF8.GetBytes(text[(at + 1)..]));

        return Array.Exists(_keys, key => ConstantTime.Equal(mac, Encoding.ASCII.GetBytes(Base64Url.EncodeToString(key.Of(id)))))
            ? new SessionId(id)
            : null;
    }
}
