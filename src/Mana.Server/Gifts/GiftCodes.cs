using System.Security.Cryptography;
using Mana.Protocols.Sealing;

namespace Mana.Gifts;

/// <summary>
/// The codes of gifts: 100 bits in letters people can read to one another. A code is a MAC over the gift's id, so its giver can be shown it
/// again; what is stored is a keyed hash of the code, and neither can be had from the database alone.
/// </summary>
public sealed class GiftCodes(SecretSettings settings)
{
    /// <summary>Without I, O, 0 and 1, which look alike (contract 3.7); 32, so that each stands for five bits.</summary>
    private const string Alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private const int Length = 20;

    private const int GroupLength = 4;

    private const int PresentedLengthMax = 64;

    private readonly KeyedHash[] _making = settings.Hashes("gift-code");

    private readonly KeyedHash[] _finding = settings.Hashes("gift-code-hash");

    /// <summary>The code of a new gift, in groups of four.</summary>
    public string Of(Guid giftId) => Shown(Made(_making[0], giftId));

    /// <summary>The hash a new gift is found by.</summary>
    public byte[] Hash(Guid giftId) => _finding[0].Of(Made(_making[0], giftId));

    /// <summary>The code of a gift that was made before; null when the secret has changed twice since, so that nobody can tell.</summary>
    public string? Of(Guid giftId, byte[] storedHash)
    {
        for (var at = 0; at < _making.Length; at++)
        {
            var code = Made(_making[at], giftId);
            if (CryptographicOperations.FixedTimeEquals(_finding[at].Of(code), storedHash))
            {
                return Shown(code);
            }
        }

        return null;
    }

    /// <summary>The hashes a presented code may be stored under, in whatever case and groups it is written; none for what is no code.</summary>
    public byte[][] Hashes(string presented)
    {
        if (presented.Length > PresentedLengthMax)
        {
            return [];
        }

        var code = string.Concat(presented.Where(letter => letter is not ('-' or ' '))).ToUpperInvariant();

        return code.Length == Length && code.All(Alphabet.Contains) ? Array.ConvertAll(_finding, key => key.Of(code)) : [];
    }

    private static string Made(KeyedHash key, Guid giftId)
    {
        var mac = key.Of(giftId.ToString("N"));

        return string.Create(
            Length,
            mac,
            static (code, bytes) =>
            {
                for (var at = 0; at < code.Length; at++)
                {
                    code[at] = Alphabet[bytes[at] % Alphabet.Length];
                }
            }
        );
    }

    private static string Shown(string code) => string.Join('-', code.Chunk(GroupLength).Select(group => new string(group)));
}
