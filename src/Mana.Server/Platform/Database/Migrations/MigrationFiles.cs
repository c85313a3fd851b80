using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace Mana.Platform.Database.Migrations;

/// <summary>The migrations inside an assembly: its embedded resources <c>Migrations/NNNN_title.sql</c>.</summary>
public static partial class MigrationFiles
{
    /// <summary>The migrations of <paramref name="assembly"/> in the order of their numbers.</summary>
    /// <exception cref="MigrationException">A name, a marker or the numbering is wrong; the message lists every such file.</exception>
    public static IReadOnlyList<Migration> In(Assembly assembly)
    {
        var problems = new List<string>();
        var migrations = new List<Migration>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            var file = resource[Folder.Length..];
            var match = FileName.Match(file);
            if (!match.Success)
            {
                problems.Add($"{file}: a migration is named NNNN_title.sql, the title in lower-case letters, digits and underscores");
                continue;
            }

            try
            {
                var number = int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
                migrations.Add(new Migration(number, match.Groups["title"].Value, Text(assembly, resource)));
            }
            catch (Exception problem) when (problem is FormatException or DecoderFallbackException)
            {
                problems.Add($"{file}: {problem.Message}");
            }
        }

        return problems.Count > 0 ? throw new MigrationException(string.Join('\n', problems)) : Ordered(migrations);
    }

    /// <summary>The same migrations ordered by number.</summary>
    /// <exception cref="MigrationException">The numbers do not run 1, 2, 3, … without gap and without twins.</exception>
    public static IReadOnlyList<Migration> Ordered(IEnumerable<Migration> migrations)
    {
        var ordered = migrations
            .OrderBy(migration => migration.Number)
            .ThenBy(migration => migration.Name, StringComparer.Ordinal)
            .ToArray();
        for (var index = 0; index < ordered.Length; index++)
        {
            var (expected, found) = (index + 1, ordered[index]);
            if (found.Number < expected)
            {
                throw new MigrationException($"{found.File} and {ordered[index - 1].File} have the same number");
            }

            if (found.Number > expected)
            {
                throw new MigrationException($"there is a gap before {found.File}: number {expected:0000} is missing");
            }
        }

        return ordered;
    }

    private const string Folder = "Migrations/";

    [GeneratedRegex(
        "^(?<number>[0-9]{4})_(?<title>[a-z0-9]+(_[a-z0-9]+)*)[.]sql$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex FileName { get; }

    private static string Text(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource) ?? throw new MigrationException($"{resource} cannot be read");
        using var reader = new StreamReader(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        return reader.ReadToEnd();
    }
}
