using System.Globalization;
using System.Text.RegularExpressions;
using Mana.Build.Machine;

namespace Mana.Build.Scaffolds;

/// <summary>The next migration file, numbered, with the rules in its head.</summary>
internal static partial class NewMigration
{
    public static async Task<int> Run(string[] arguments, Toolbox tools)
    {
        if (arguments is not [var words] || !Name().IsMatch(words))
        {
            throw new Misuse("NAME is lower case letters, digits and underscores, like add_session_device");
        }
        var folder = Directory.CreateDirectory(tools.Checkout.In("src", "Mana.Server", "Migrations")).FullName;
        var last = Directory
            .EnumerateFiles(folder, "*.sql")
            .Select(file => Number().Match(Path.GetFileName(file)))
            .Where(match => match.Success)
            .Select(match => int.Parse(match.Value, CultureInfo.InvariantCulture))
            .DefaultIfEmpty(0)
            .Max();
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{last + 1:0000}_{words}.sql"));
        await File.WriteAllTextAsync(
            path,
            $"""
            -- {words.Replace('_', ' ')}: say here why.
            -- Expand first, contract a release later; once released this file is never changed (docs/DATABASE_MIGRATIONS.md).
            -- One transaction; where PostgreSQL forbids that, the first line becomes: -- mana:no-transaction

            """,
            tools.Stop
        );
        Say.Line(Path.GetRelativePath(tools.Checkout.Root, path));
        return 0;
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{2,60}$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^\d{4}")]
    private static partial Regex Number();
}
