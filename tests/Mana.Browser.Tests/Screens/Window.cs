namespace Mana.Specs.Screens;

/// <summary>What somebody looks through.</summary>
public sealed record Window(int Width, int Height, string Language, bool IsDark, bool RunsScripts = true)
{
    public static readonly Window GermanPhone = new(360, 740, "de-DE", IsDark: false);

    public static readonly Window EnglishPhoneAtNight = new(360, 740, "en-GB", IsDark: true);

    public static readonly Window EnglishDesktop = new(1280, 800, "en-GB", IsDark: false);

    public static readonly Window GermanDesktopAtNight = new(1280, 800, "de-DE", IsDark: true);

    public bool IsPhone => Width < 600;

    public static IReadOnlyList<Window> All => [GermanPhone, EnglishPhoneAtNight, EnglishDesktop, GermanDesktopAtNight];

    /// <summary>For the names of specs.</summary>
    public override string ToString() =>
        $"{Width}×{Height} {Language} {(IsDark ? "dark" : "light")}{(RunsScripts ? "" : " without scripts")}";
}
