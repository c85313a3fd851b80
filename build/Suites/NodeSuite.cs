using System.Globalization;
using System.Text.RegularExpressions;
using Mana.Build.Machine;

namespace Mana.Build.Suites;

/// <summary>The acceptance suite: the genuine clients of npm against the built server, run by Node's own test runner.</summary>
internal static partial class NodeSuite
{
    public static bool Exists(Toolbox tools) => File.Exists(tools.Checkout.In("acceptance", "package.json"));

    public static async Task<Tally> Run(IReadOnlyDictionary<string, string?> environment, Toolbox tools)
    {
        var folder = tools.Checkout.In("acceptance");
        if ((await Machine.Run.Quietly(new Invocation("node", "--version"))).Failed)
        {
            return Toolbox.IsUnattended
                ? throw new Failure("The acceptance suite needs Node.js, which is missing.", "install Node.js 20 or newer with npm")
                : Skipped();
        }
        await NpmPackages.Install(folder, tools);
        var report = tools.Checkout.In("artifacts", "mana", $"acceptance-{Environment.ProcessId}.tap");
        try
        {
            var exitCode = await Machine.Run.Visibly(
                new Invocation(
                    "node",
                    "--test",
                    "--test-reporter=spec",
                    "--test-reporter-destination=stdout",
                    "--test-reporter=tap",
                    "--test-reporter-destination=" + report
                )
                {
                    Folder = folder,
                    Environment = environment,
                },
                tools.Stop
            );
            return Count(File.Exists(report) ? await File.ReadAllTextAsync(report, CancellationToken.None) : "", exitCode);
        }
        finally
        {
            File.Delete(report);
        }
    }

    private static Tally Skipped()
    {
        Say.Line("acceptance: skipped, because Node.js is not installed");
        return new Tally(0, 0, 1);
    }

    private static Tally Count(string report, int exitCode)
    {
        var tally = new Tally(Number("pass"), Number("fail") + Number("cancelled"), Number("skipped") + Number("todo"))
        {
            Failures = [.. NotOk().Matches(report).Select(match => match.Groups[1].Value)],
        };
        if (exitCode != 0 && tally.Failed == 0)
        {
            Say.Line($"acceptance ended with exit code {exitCode} though no test failed");
            return tally + Tally.OneFailure;
        }
        return tally;

        int Number(string name) =>
            Summary().Matches(report).LastOrDefault(match => match.Groups[1].Value == name) is { } match
                ? int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture)
                : 0;
    }

    // A suite fails with its tests, and is named like one.
    [GeneratedRegex(@"^ *not ok \d+ - (.+)$", RegexOptions.Multiline)]
    private static partial Regex NotOk();

    [GeneratedRegex(@"^# (\w+) (\d+)$", RegexOptions.Multiline)]
    private static partial Regex Summary();
}
