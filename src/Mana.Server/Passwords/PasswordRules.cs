using System.Collections.Frozen;
using System.Text;
using Mana.Platform;

namespace Mana.Passwords;

/// <summary>
/// What a password somebody chooses must be: long enough, text, and not among what is tried first. There is no rule of composition
/// (NIST SP 800-63B, 3.1.1.2). Nothing here is asked when a password is checked, so that older ones keep working.
/// </summary>
public sealed class PasswordRules(PasswordSettings settings)
{
    private const string Resource = "Passwords/CommonPasswords.txt";

    /// <summary>A shorter piece of an address is in too many honest words.</summary>
    private const int OwnWordLengthMin = 3;

    private static readonly string[] ProductWords = ["manacore", "mana"];

    private static readonly Lazy<FrozenSet<string>> Common = new(ReadCommon);

    /// <param name="email">Of whoever chooses it.</param>
    /// <returns>Null when it may be used. Length is counted in UTF-16 units (ruling 32a).</returns>
    public Refusal? Check(string password, string email) =>
        password.Length < settings.LengthMin ? Refusals.PasswordTooShort
        : password.Length > PasswordSettings.LengthMax ? Refusals.PasswordTooLong
        : password.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar) ? Refusals.Validation
        : settings.RefusesCommon == true && IsGuessable(password, email) ? Refusals.PasswordTooCommon
        : null;

    private bool IsGuessable(string password, string email)
    {
        var folded = password.Normalize(NormalizationForm.FormKC).ToLowerInvariant();

        return Common.Value.Contains(folded) || Without(folded, [.. OwnWords(email), .. ProductWords]).Length < settings.LengthMin;
    }

    /// <summary>The address and the product's name are the first an attacker adds digits to, so they add nothing to the length.</summary>
    private static string Without(string password, string[] words) =>
        words
            .Where(word => word.Length >= OwnWordLengthMin)
            .Aggregate(password, (rest, word) => rest.Replace(word, "", StringComparison.Ordinal));

    private static string[] OwnWords(string email)
    {
        var local = email.Split('@')[0];

        return [email, local, local.Split('+')[0]];
    }

    private static FrozenSet<string> ReadCommon()
    {
        using var stream = typeof(PasswordRules).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        return lines.Where(line => line[0] != '#').ToFrozenSet(StringComparer.Ordinal);
    }
}
