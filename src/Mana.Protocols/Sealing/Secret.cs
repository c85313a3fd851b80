using System.Buffers.Text;
using System.Security.Cryptography;

namespace Mana.Protocols.Sealing;

/// <summary>256 random bits for a link, a session or a key. Prints as asterisks, so that no log or page shows it by accident.</summary>
public sealed class Secret
{
    private const int ByteLength = 32;

    private readonly string text;

    private Secret(string text) => this.text = text;

    public static Secret New()
    {
        Span<byte> bits = stackalloc byte[ByteLength];
        RandomNumberGenerator.Fill(bits);
        return new Secret(Base64Url.EncodeToString(bits));
    }

    /// <summary>The 43 characters of base64url, for the one who owns it.</summary>
    public string Reveal() => text;

    public override string ToString() => "***";
}
