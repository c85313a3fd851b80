using System.Text.RegularExpressions;

namespace Mana.Specs.Tidy.Rules;

/// <summary>
/// What is committed works for everybody: it names no folder of somebody's machine and no package host, because the host is the business of
/// whoever restores, and versions are pinned beside every project.
/// </summary>
public static partial class FilesAreForEveryMachine
{
    private const int MatchMillisecondsMax = 1000;

    /// <param name="checkout">The folder the repository stands in on this machine; nobody else has it.</param>
    public static IEnumerable<Breach> Breaches(IReadOnlyCollection<TextFile> files, string checkout) =>
        [
            .. files.SelectMany(file => file.Lines.SelectMany(line => OfLine(file.Path, line.Number, line.Text, checkout))),
            .. Locks(files, ".csproj", "packages.lock.json"),
            .. Locks(files, "package.json", "package-lock.json"),
        ];

    private static IEnumerable<Breach> OfLine(string path, int number, string line, string checkout)
    {
        if (Machine().Match(line) is { Success: true } found)
        {
            yield return new Breach(path, number, $"'{found.Value}' is a folder of somebody's machine");
        }
        else if (line.Contains(checkout + "/", StringComparison.Ordinal))
        {
            yield return new Breach(path, number, $"'{checkout}' is a folder of somebody's machine");
        }

        // Documents may say where a project lives; what a tool reads may not say where to download it.
        if (!path.EndsWith(".md", StringComparison.Ordinal) && Host().Match(line) is { Success: true } host)
        {
            yield return new Breach(path, number, $"'{host.Value}' is a package host");
        }
    }

    private static IEnumerable<Breach> Locks(IReadOnlyCollection<TextFile> files, string project, string lockFile)
    {
        var paths = files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);

        return paths
            .Where(path => path.EndsWith(project, StringComparison.Ordinal))
            .Where(path => !paths.Contains(path[..(path.LastIndexOf('/') + 1)] + lockFile))
            .Select(path => new Breach(path, 1, $"there is no {lockFile} beside it"));
    }

    [GeneratedRegex(
        @"(?<![\w./-])/((home|Users)/[a-z]\w*|(root|work|workspace)/\w+)|\b[A-Z]:\\{1,2}Users\b",
        RegexOptions.ExplicitCapture,
        MatchMillisecondsMax
    )]
    private static partial Regex Machine();

    [GeneratedRegex(
        @"registry\.npmjs\.org|\b(api|www|globalcdn)\.nuget\.org|\b(deb|security)\.debian\.org|""resolved"":\s*""https?://[^/""]+",
        RegexOptions.ExplicitCapture,
        MatchMillisecondsMax
    )]
    private static partial Regex Host();
}
