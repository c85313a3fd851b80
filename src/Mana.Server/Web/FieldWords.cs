using System.Globalization;
using Mana.Platform;

namespace Mana.Web;

/// <summary>The words of fields that several pages have, and what can be wrong with them.</summary>
public sealed record FieldWords
{
    private static readonly FieldWords English = new()
    {
        Optional = "optional",
        Show = "Show password",
        Hide = "Hide password",
        Email = "E-mail address",
        EmailMissing = "Please enter your e-mail address.",
        EmailInvalid = "This is not a complete e-mail address.",
        Password = "Password",
        NewPassword = "New password",
        NewPasswordHint = "At least {0} characters. A few words in a row are easy to remember.",
        TooShort = "Please use at least {0} characters.",
        TooLong = "Please use at most {0} characters.",
        TooCommon = "This one is guessed quickly: it is a common password, or made of your address.",
        NewLink = "Send the link again",
        Unreadable = "This password contains characters that cannot be stored.",
    };

    private static readonly FieldWords German = new()
    {
        Optional = "freiwillig",
        Show = "Passwort anzeigen",
        Hide = "Passwort verbergen",
        Email = "E-Mail-Adresse",
        EmailMissing = "Bitte gib deine E-Mail-Adresse ein.",
        EmailInvalid = "Das ist keine vollständige E-Mail-Adresse.",
        Password = "Passwort",
        NewPassword = "Neues Passwort",
        NewPasswordHint = "Mindestens {0} Zeichen. Ein paar Wörter hintereinander merken sich leicht.",
        TooShort = "Bitte nimm mindestens {0} Zeichen.",
        TooLong = "Bitte nimm höchstens {0} Zeichen.",
        TooCommon = "Das wird schnell erraten: Es ist ein häufiges Passwort oder besteht aus deiner Adresse.",
        NewLink = "Link noch einmal schicken",
        Unreadable = "Dieses Passwort enthält Zeichen, die nicht gespeichert werden können.",
    };

    public required string Optional { get; init; }

    public required string Show { get; init; }

    public required string Hide { get; init; }

    public required string Email { get; init; }

    public required string EmailMissing { get; init; }

    public required string EmailInvalid { get; init; }

    public required string Password { get; init; }

    public required string NewPassword { get; init; }

    public required string NewPasswordHint { get; init; }

    public required string TooShort { get; init; }

    public required string TooLong { get; init; }

    public required string TooCommon { get; init; }

    public required string NewLink { get; init; }

    public required string Unreadable { get; init; }

    public static FieldWords In(Language language) => language == Language.German ? German : English;

    public string Hint(int lengthMin) => Filled(NewPasswordHint, lengthMin);

    /// <returns>What is wrong with an address; null when it is one.</returns>
    public FieldError? OfEmail(string email) =>
        email.Length == 0 ? new FieldError(Refusals.InvalidEmail.Code, EmailMissing)
        : Platform.Http.Fields.IsEmail(email) ? null
        : new FieldError(Refusals.InvalidEmail.Code, EmailInvalid);

    /// <returns>What is wrong with a new password; null for a refusal that is about something else.</returns>
    public FieldError? OfNewPassword(Refusal refusal, int lengthMin)
    {
        var sentence =
            refusal == Refusals.PasswordTooShort ? Filled(TooShort, lengthMin)
            : refusal == Refusals.PasswordTooLong ? Filled(TooLong, PasswordSettings.LengthMax)
            : refusal == Refusals.PasswordTooCommon ? TooCommon
            : refusal == Refusals.Validation ? Unreadable
            : null;

        return sentence is null ? null : new FieldError(refusal.Code, sentence);
    }

    private static string Filled(string text, int number) =>
        text.Replace("{0}", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
