using System.Globalization;
using Mana.Platform;

namespace Mana.Web;

/// <summary>The words around every page, and of the refusals that have no page of their own.</summary>
public sealed record ShellWords
{
    private static readonly ShellWords English = new()
    {
        Tagline = "Account and credits for every Mana app",
        Problem = "Problem: ",
        Back = "To the start page",
        NotFoundTitle = "Page not found",
        NotFound = "There is nothing at this address. The link may be incomplete.",
        LimitedTitle = "Too many attempts",
        Limited = "Please wait {0}, then try again.",
        ForeignTitle = "This form came from somewhere else",
        Foreign = "For your safety we only accept forms from our own pages. Open the link in your mail again.",
        UnavailableTitle = "We will be right back",
        Unavailable = "The service cannot answer at the moment. Nothing is lost: try again in a minute.",
        FailedTitle = "Something went wrong",
        Failed = "That should not have happened. Please try again; if it happens again, tell us the code below.",
        RefusedTitle = "That did not work",
        Refused = "The request could not be understood. Please go back and try again.",
        Code = "Code",
        Seconds = "{0} seconds",
        Minute = "a minute",
        Minutes = "{0} minutes",
        Hours = "{0} hours",
    };

    private static readonly ShellWords German = new()
    {
        Tagline = "Konto und Credits für alle Mana-Apps",
        Problem = "Problem: ",
        Back = "Zur Startseite",
        NotFoundTitle = "Seite nicht gefunden",
        NotFound = "Unter dieser Adresse gibt es nichts. Vielleicht ist der Link unvollständig.",
        LimitedTitle = "Zu viele Versuche",
        Limited = "Bitte warte {0} und versuche es dann noch einmal.",
        ForeignTitle = "Dieses Formular kam von woanders",
        Foreign = "Zu deiner Sicherheit nehmen wir nur Formulare unserer eigenen Seiten an. Öffne den Link in deiner Mail noch einmal.",
        UnavailableTitle = "Wir sind gleich zurück",
        Unavailable = "Der Dienst kann gerade nicht antworten. Nichts ist verloren: Versuche es in einer Minute noch einmal.",
        FailedTitle = "Da ist etwas schiefgegangen",
        Failed = "Das hätte nicht passieren dürfen. Versuche es noch einmal; wenn es wieder passiert, nenne uns den Code unten.",
        RefusedTitle = "Das hat nicht geklappt",
        Refused = "Die Anfrage war nicht verständlich. Bitte gehe zurück und versuche es noch einmal.",
        Code = "Code",
        Seconds = "{0} Sekunden",
        Minute = "eine Minute",
        Minutes = "{0} Minuten",
        Hours = "{0} Stunden",
    };

    public required string Tagline { get; init; }

    public required string Problem { get; init; }

    public required string Back { get; init; }

    public required string NotFoundTitle { get; init; }

    public required string NotFound { get; init; }

    public required string LimitedTitle { get; init; }

    public required string Limited { get; init; }

    public required string ForeignTitle { get; init; }

    public required string Foreign { get; init; }

    public required string UnavailableTitle { get; init; }

    public required string Unavailable { get; init; }

    public required string FailedTitle { get; init; }

    public required string Failed { get; init; }

    public required string RefusedTitle { get; init; }

    public required string Refused { get; init; }

    public required string Code { get; init; }

    public required string Seconds { get; init; }

    public required string Minute { get; init; }

    public required string Minutes { get; init; }

    public required string Hours { get; init; }

    public static ShellWords In(Language language) => language == Language.German ? German : English;

    public (string Title, string Text) For(Refusal refusal) =>
        refusal.Status switch
        {
            StatusCodes.Status404NotFound => (NotFoundTitle, NotFound),
            StatusCodes.Status429TooManyRequests => (LimitedTitle, Filled(Limited, Length(refusal.RetryAfter))),
            StatusCodes.Status403Forbidden => (ForeignTitle, Foreign),
            StatusCodes.Status503ServiceUnavailable => (UnavailableTitle, Unavailable),
            >= StatusCodes.Status500InternalServerError => (FailedTitle, Failed),
            _ => (RefusedTitle, Refused),
        };

    /// <summary>Never shorter than it takes: whoever comes back after it must not be told to wait again.</summary>
    public string Length(TimeSpan? time)
    {
        // In whole seconds before they are compared: 59.6 of them are a minute.
        var wait = TimeSpan.FromSeconds(Math.Ceiling((time ?? TimeSpan.FromMinutes(1)).TotalSeconds));

        return wait < TimeSpan.FromMinutes(1) ? Filled(Seconds, Whole(wait.TotalSeconds))
            : wait == TimeSpan.FromMinutes(1) ? Minute
            : wait < TimeSpan.FromHours(2) ? Filled(Minutes, Whole(wait.TotalMinutes))
            : Filled(Hours, Whole(wait.TotalHours));
    }

    private static string Whole(double number) => Math.Ceiling(number).ToString(CultureInfo.InvariantCulture);

    private static string Filled(string text, string value) => text.Replace("{0}", value, StringComparison.Ordinal);
}
