using System.Text;
using Mana.Protocols.Sealing;

namespace Mana.Emails;

/// <summary>Secrets in mail links: 256 random bits, kept as a keyed hash (ruling 6).</summary>
public sealed class VerificationSecrets(SecretSettings settings)
{
    private const int LengthMax = 128;

    private readonly KeyedHash[] _keys =
    [
        .. new[] { settings.BetterAuthSecret, settings.PreviousBetterAuthSecret }
            .OfType<string>()
            .Select(secret => KeyedHash.From(Encoding.UTF8.GetBytes(secret), "verification-token")),
    ];

    public byte[] Hash(Secret secret) => _keys[0].Of(secret.Reveal());

    /// <summary>The hashes a presented secret may be stored under; none for text no secret can be.</summary>
    public byte[][] Hashes(string presented) => presented.Length > LengthMax ? [] : [.. _keys.Select(key => key.Of(presented))];
}
