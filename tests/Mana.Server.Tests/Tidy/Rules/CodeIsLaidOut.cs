using System.Globalization;
using System.Text.RegularExpressions;

namespace Mana.Specs.Tidy.Rules;

/// <summary>One tool lays the code out, so nobody discusses it.</summary>
public static partial class CodeIsLaidOut
{
    private const int MatchMillisecondsMax = 1000;

    /// <param name="target">A file or a folder; the repository itself is ".".</param>
    public static IEnumerable<Breach> Breaches(string target)
    {
        var (restored, problem) = Repository.Run(Repository.Root, "dotnet", "tool", "restore");
        Assert.True(restored == 0, problem);
        var (exit, output) = Repository.Run(Repository.Root, "dotnet", "csharpier", "check", target);
        var found = Finding().Matches(output).Select(Breach).ToList();
        Assert.True(exit == 0 || found.Count > 0, output);

        return found;
    }

    private static Breach Breach(Match finding) =>
        new(
            finding.Groups["file"].Value,
            finding.Groups["line"].Success ? int.Parse(finding.Groups["line"].Value, CultureInfo.InvariantCulture) : 1,
            "run dotnet csharpier format ."
        );

    [GeneratedRegex(
        @"^Error (\./)?(?<file>\S+) - .*(\r?\n.*Around Line (?<line>\d+))?",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        MatchMillisecondsMax
    )]
    private static partial Regex Finding();
}
