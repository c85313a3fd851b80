using System.Text.RegularExpressions;
using Mana.Operations;
using Mana.Operations.Docs;
using Mana.Platform.Database;
using Mana.Specs.Tidy;
using Mana.Specs.World;

namespace Mana.Specs.Operations;

/// <summary>A page that differs is repaired by one command, and the difference says which.</summary>
public sealed partial class Documents_that_are_generated
{
    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "reference");

    [Fact]
    public async Task Equal_what_the_command_writes_now()
    {
        var pages = await Reference.OfTheCode(CancellationToken.None);

        DocumentsInMarkdown.ExpectNone(pages.Select(Difference).OfType<string>());
    }

    [Fact]
    public async Task The_page_of_the_database_equals_the_catalogue_of_a_migrated_one()
    {
        var database = await Databases.Create();
        try
        {
            var page = await Reference.OfTheDatabase(PostgresUrl.ToConnectionString(database.OwnerUrl), CancellationToken.None);

            DocumentsInMarkdown.ExpectNone(new[] { Difference(page) }.OfType<string>());
        }
        finally
        {
            await Databases.Drop(database.Name);
        }
    }

    [Fact]
    public async Task A_database_that_is_not_migrated_is_refused_instead_of_described()
    {
        var database = await Databases.CreateEmpty();
        var folder = Directory.CreateTempSubdirectory("mana-docs-");
        try
        {
            var output = new StringWriter();
            var exit = await DocsCommand.Run(
                [Path.Combine(folder.FullName, "docs", "reference")],
                new Dictionary<string, string> { ["MIGRATION_DATABASE_URL"] = database.OwnerUrl },
                output,
                CancellationToken.None
            );

            Assert.Equal(1, exit);
            Assert.Contains("run 'migrate up'", output.ToString(), StringComparison.Ordinal);
            Assert.Empty(folder.EnumerateFileSystemInfos());
        }
        finally
        {
            folder.Delete(recursive: true);
            await Databases.Drop(database.Name);
        }
    }

    [Fact]
    public async Task The_command_writes_the_pages_and_touches_none_that_is_right()
    {
        var root = Directory.CreateTempSubdirectory("mana-docs-");
        try
        {
            var folder = Path.Combine(root.FullName, "docs", "reference");
            var (first, second) = (new StringWriter(), new StringWriter());
            Assert.Equal(0, await DocsCommand.Run([folder], new Dictionary<string, string>(), first, CancellationToken.None));
            Assert.Equal(0, await DocsCommand.Run([folder], new Dictionary<string, string>(), second, CancellationToken.None));

            Assert.Contains("wrote routes.md", first.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("wrote", second.ToString(), StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(root.FullName, ".env.example")));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Every_documented_route_says_what_it_does()
    {
        var pages = await Reference.OfTheCode(CancellationToken.None);
        var silent = pages.Single(page => page.Name == "routes.md").Text.Split('\n').Where(line => SilentRoute().IsMatch(line));

        DocumentsInMarkdown.ExpectNone(silent);
    }

    [Fact]
    public async Task Every_name_the_service_asks_the_environment_for_is_in_the_page_of_settings()
    {
        var pages = await Reference.OfTheCode(CancellationToken.None);
        var listed = pages.Single(page => page.Name == "settings.md").Text;
        var source = Path.Combine(Repository.Root, "src", "Mana.Server");
        var asked = Directory
            .EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText)
            .Where(text => text.Contains("IReadOnlyDictionary<string, string> environment", StringComparison.Ordinal))
            .SelectMany(text => SettingName().Matches(text).Select(match => match.Groups[1].Value))
            .Distinct()
            .ToArray();

        Assert.Contains("BASE_URL", asked);
        Assert.Contains("MIGRATION_TIMEOUT", asked);
        DocumentsInMarkdown.ExpectNone(asked.Where(name => !listed.Contains($"`{name}`", StringComparison.Ordinal)));
    }

    private static string? Difference(Page page)
    {
        var path = Path.GetFullPath(Path.Combine(Folder, page.Name));
        var file = Path.GetRelativePath(Repository.Root, path).Replace('\\', '/');
        if (!File.Exists(path))
        {
            return $"{file} is missing: run ./mana docs";
        }

        var (now, then) = (page.Text.Split('\n'), Repository.Read(file).Text.ReplaceLineEndings("\n").Split('\n'));
        var line = now.Zip(then).TakeWhile(pair => pair.First == pair.Second).Count();

        return line == now.Length && line == then.Length
            ? null
            : $"{file}:{line + 1} differs: run ./mana docs. It would say: {(line < now.Length ? now[line] : "nothing more")}";
    }

    [GeneratedRegex(@"^\| (GET|POST|PUT|PATCH|DELETE) \| [^|]+\| [^|]+\| [^|]+\| *\|")]
    private static partial Regex SilentRoute();

    [GeneratedRegex("\"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|PORT)\"")]
    private static partial Regex SettingName();
}
