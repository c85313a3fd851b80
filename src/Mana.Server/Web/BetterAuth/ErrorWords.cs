namespace Mana.Web.BetterAuth;

/// <summary>Every word of the page a failed redirect ends on.</summary>
public sealed record ErrorWords
{
    private static readonly ErrorWords English = new()
    {
        Title = "That did not work",
        Text = "The link or the sign-in you came from could not be completed. Go back to the app and try again.",
        Said = "The page you came from says",
    };

    private static readonly ErrorWords German = new()
    {
        Title = "Das hat nicht geklappt",
        Text =
            "Der Link oder die Anmeldung, von der du kommst, ließ sich nicht abschließen. Geh zurück zur App und versuche es noch einmal.",
        Said = "Die Seite, von der du kommst, sagt",
    };

    public required string Title { get; init; }

    public required string Text { get; init; }

    public required string Said { get; init; }

    public static ErrorWords In(Language language) => language == Language.German ? German : English;
}
