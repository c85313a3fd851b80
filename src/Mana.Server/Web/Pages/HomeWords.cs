namespace Mana.Web.Pages;

/// <summary>Every word of the start page.</summary>
public sealed record HomeWords
{
    private static readonly HomeWords English = new()
    {
        Title = "Mana Core Auth",
        Text = "Accounts, sign-in and credits for every Mana app. This is the service behind them.",
        Apps = "Go to the apps",
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
        Title = "Mana Core Auth",
        Text = "Konten, Anmeldung und Credits für alle Mana-Apps. Dies ist der Dienst dahinter.",
        Apps = "Zu den Apps",
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

    public required string Apps { get; init; }

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
