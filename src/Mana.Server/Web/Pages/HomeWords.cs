namespace Mana.Web.Pages;

/// <summary>Every word of the start page.</summary>
public sealed record HomeWords
{
    private static readonly HomeWords English = new()
    {
        Title = "One account for every Mana app",
        Text = "Sign in once, and your credits are with you wherever you go.",
        SignIn = "Sign in",
        SignUp = "Create an account",
        Behind = "Mana Core Auth",
        Apps = "Apps",
        AppsText = "What the account is for",
        Docs = "Interface",
        DocsText = "Every endpoint, described and ready to try",
        Health = "Health",
        HealthText = "Database, schema and signing key",
        Keys = "Public keys",
        KeysText = "For checking access tokens",
        Mail = "Mailbox",
        MailText = "What this development server sent",
        LinkFailed = "The link you followed is not valid any more. Sign in to get a new one.",
    };

    private static readonly HomeWords German = new()
    {
        Title = "Ein Konto für alle Mana-Apps",
        Text = "Einmal anmelden, und deine Credits sind überall dabei.",
        SignIn = "Anmelden",
        SignUp = "Konto anlegen",
        Behind = "Mana Core Auth",
        Apps = "Apps",
        AppsText = "Wofür das Konto da ist",
        Docs = "Schnittstelle",
        DocsText = "Jeder Endpunkt, beschrieben und zum Ausprobieren",
        Health = "Zustand",
        HealthText = "Datenbank, Schema und Signaturschlüssel",
        Keys = "Öffentliche Schlüssel",
        KeysText = "Zum Prüfen von Zugangstoken",
        Mail = "Postfach",
        MailText = "Was dieser Entwicklungsserver verschickt hat",
        LinkFailed = "Der Link, dem du gefolgt bist, gilt nicht mehr. Melde dich an, um einen neuen zu bekommen.",
    };

    public required string Title { get; init; }

    public required string Text { get; init; }

    public required string SignIn { get; init; }

    public required string SignUp { get; init; }

    public required string Behind { get; init; }

    public required string Apps { get; init; }

    public required string AppsText { get; init; }

    public required string Docs { get; init; }

    public required string DocsText { get; init; }

    public required string Health { get; init; }

    public required string HealthText { get; init; }

    public required string Keys { get; init; }

    public required string KeysText { get; init; }

    public required string Mail { get; init; }

    public required string MailText { get; init; }

    public required string LinkFailed { get; init; }

    public static HomeWords In(Language language) => language == Language.German ? German : English;
}
