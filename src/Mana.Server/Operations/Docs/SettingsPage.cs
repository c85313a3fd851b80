namespace Mana.Operations.Docs;

/// <summary>Every setting the service and its commands read, in the order they are declared.</summary>
internal static class SettingsPage
{
    private static readonly string[] Columns = ["Name", "Default", "Allowed", "Required", "Secret", "Meaning"];

    public static Page Write() =>
        Markdown
            .Titled("Settings", "[Settings.cs](../../src/Mana.Server/Settings.cs)")
            .Say(
                """
                Settings are variables of the environment, read once at start; an empty value counts as unset. What is wrong is listed at
                once, without values, and the service does not start. `mana-server settings` prints what is in effect, secrets masked.
                *Required* means outside Development; secrets have a default in Development only, which everybody knows.
                """
            )
            .Heading("The service")
            .Table(Columns, Settings.Declarations().Select(Row))
            .Heading("The command `migrate`")
            .Say("It runs with other logins than the service and reads these instead.")
            .Table(Columns, MigrateSettings.Declarations.Select(Row))
            .Heading("Ignored, with a warning each")
            .List(Settings.IgnoredNames.Select(Markdown.Code))
            .ToPage("settings.md");

    private static string[] Row(SettingDeclaration setting) =>
        [
            Markdown.Code(setting.Name),
            Markdown.Code(setting.Default),
            setting.Allowed ?? "",
            setting.IsRequiredInProduction ? "yes" : "",
            setting.IsSecret ? "yes" : "",
            setting.Meaning,
        ];
}
