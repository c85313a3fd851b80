using System.Text.Json;
using Mana.Build.Machine;

namespace Mana.Build.Suites;

/// <summary>One test project, run as the program it is. Its report is counted, not what it prints.</summary>
internal static class XunitSuite
{
    private const int MessageMax = 300;

    public static async Task<Tally> Run(string project, string[] filters, IReadOnlyDictionary<string, string?> environment, Toolbox tools)
    {
        var report = tools.Checkout.In("artifacts", "mana", $"{project}-{Environment.ProcessId}.json");
        File.Delete(report);
        string[] plain = Console.IsOutputRedirected ? ["-noColor"] : [];
        try
        {
            var exitCode = await Machine.Run.Visibly(
                new Invocation(tools.Dotnet, [tools.Checkout.TestDll(project), "-noLogo", .. plain, "-ctrf", report, .. filters])
                {
                    Folder = tools.Checkout.Root,
                    Environment = environment,
                },
                tools.Stop
            );
            return Count(project, report, exitCode);
        }
        finally
        {
            File.Delete(report);
        }
    }

    // A crash, or a fixture that fails to clean up, shows in the exit code alone.
    private static Tally Count(string project, string report, int exitCode)
    {
        if (!File.Exists(report))
        {
            Say.Line($"{project} ended with exit code {exitCode} and wrote no report");
            return Tally.OneFailure;
        }
        using var document = JsonDocument.Parse(File.ReadAllBytes(report));
        var results = document.RootElement.GetProperty("results");
        var summary = results.GetProperty("summary");
        var tally = new Tally(Number("passed"), Number("failed"), Number("skipped") + Number("pending"))
        {
            Failures = [.. results.GetProperty("tests").EnumerateArray().Where(test => Text(test, "status") == "failed").Select(Failure)],
        };
        if (exitCode != 0 && tally.Failed == 0)
        {
            Say.Line($"{project} ended with exit code {exitCode} though no test failed");
            return tally + Tally.OneFailure;
        }
        return tally;

        static string Failure(JsonElement test)
        {
            var message = string.Join(' ', Text(test, "message").Split('\n', StringSplitOptions.TrimEntries));
            return $"{Text(test, "name")}: {(message.Length > MessageMax ? message[..MessageMax] + " ..." : message)}";
        }

        static string Text(JsonElement test, string name) => test.TryGetProperty(name, out var text) ? text.GetString() ?? "" : "";

        int Number(string name) => summary.TryGetProperty(name, out var number) ? number.GetInt32() : 0;
    }
}
