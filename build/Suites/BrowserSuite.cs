using Mana.Build.Machine;

namespace Mana.Build.Suites;

/// <summary>The pages in a real browser. What is on the machine is used; on Debian a missing one is installed.</summary>
internal static class BrowserSuite
{
    private const string Project = "Mana.Browser.Tests";

    public static async Task<Tally> Run(IReadOnlyDictionary<string, string?> environment, Toolbox tools)
    {
        if (await Chromium.Find(tools) is not { } chromium)
        {
            const string missing = "The browser specs need Chromium or Chrome, which is missing.";
            if (Toolbox.IsUnattended)
            {
                throw new Failure(missing, "Debian: apt-get install chromium", "install Chrome", $"set {Chromium.Setting} to its path");
            }

            Say.Line($"browser: skipped. {missing} Install one, or set {Chromium.Setting} to its path.");
            return new Tally(0, 0, 1);
        }

        return await XunitSuite.Run(
            Project,
            [],
            new Dictionary<string, string?>(environment, StringComparer.Ordinal) { [Chromium.Setting] = chromium },
            tools
        );
    }
}
