using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Mana.Protocols.Sodium;

namespace Mana.Protocols.Passwords;

/// <summary>
/// An imported bcrypt hash, <c>$2a$</c>, <c>$2b$</c> or <c>$2y$</c>. bcrypt reads 72 bytes of the password and no more; that limit is its
/// own and ends with the upgrade to Argon2id.
/// </summary>
internal sealed record Bcrypt(string Text)
{
    private const int TextLength = 60;
    private const int SettingLength = 29;
    private const int HeadLength = 7;

    /// <summary>Cost 16 takes about four seconds; a hash asking for more would hold a core for an attacker.</summary>
    private const int MaxCost = 16;
    private const int MinCost = 4;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create(
        "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    );

    public static Bcrypt? Parse(string stored) =>
        stored.Length == TextLength
        && stored is ['$', '2', 'a' or 'b' or 'y', '$', _, _, '$', ..]
        && int.TryParse(stored.AsSpan(4, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var cost)
        && cost is >= MinCost and <= MaxCost
        && !stored.AsSpan(7).ContainsAnyExcept(Alphabet)
            ? new Bcrypt(stored)
            : null;

    public PasswordFormat Format()
    {
        const string letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        const string salt = "abcdefghijklmnopqrstuu"; // any will do that is written the way the algorithm writes it
        var head = Text[..HeadLength];
        var decoy = head + salt + RandomNumberGenerator.GetString(letters, TextLength - SettingLength);

        return new PasswordFormat($"bcrypt {Text.AsSpan(4, 2)}", decoy, head + PasswordFormat.Last);
    }

    /// <summary>False where there is no libxcrypt.</summary>
    public bool Matches(string password) =>
        Xcrypt.Hash(password, Text[..SettingLength]) is { } computed
        && ConstantTime.Equal(Encoding.ASCII.GetBytes(computed), Encoding.ASCII.GetBytes(Text));
}
