using Mana.Operations.Docs;
using Mana.Platform.Database;
using Mana.Platform.Database.Migrations;
using Npgsql;

namespace Mana.Operations;

/// <summary>
/// <c>docs FOLDER</c>: writes the reference pages anew. FOLDER is <c>docs/reference</c> of a checkout; the example environment goes to the
/// root above it. The page about the database needs a migrated one: without MIGRATION_DATABASE_URL the page that is there stays.
/// </summary>
public static class DocsCommand
{
    /// <returns>0; 1 when the database cannot be described; 2 when the command was not understood.</returns>
    public static async Task<int> Run(
        string[] args,
        IReadOnlyDictionary<string, string> environment,
        TextWriter output,
        CancellationToken cancel
    )
    {
        if (args is not [var folder])
        {
            await output.WriteLineAsync("Usage: docs FOLDER");
            return 2;
        }

        try
        {
            var pages = await Reference.OfTheCode(cancel);
            if (environment.GetValueOrDefault("MIGRATION_DATABASE_URL") is { Length: > 0 } url)
            {
                pages = [.. pages, await Reference.OfTheDatabase(PostgresUrl.ToConnectionString(url), cancel)];
            }
            else
            {
                await output.WriteLineAsync($"docs: MIGRATION_DATABASE_URL is not set; {DatabasePage.Name} stays as it is");
            }

            foreach (var page in pages)
            {
                await Write(folder, page, output, cancel);
            }

            return 0;
        }
        catch (Exception problem) when (problem is MigrationException or FormatException)
        {
            await output.WriteLineAsync($"docs: {problem.Message}");
            return 1;
        }
        catch (Exception problem) when (problem is NpgsqlException or System.Net.Sockets.SocketException)
        {
            await output.WriteLineAsync($"docs: the database said no: {TransientFailure.Reason(problem)}");
            return 1;
        }
    }

    private static async Task Write(string folder, Page page, TextWriter output, CancellationToken cancel)
    {
        var path = Path.GetFullPath(Path.Combine(folder, page.Name));
        if (File.Exists(path) && await File.ReadAllTextAsync(path, cancel) == page.Text)
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, page.Text, cancel);
        await output.WriteLineAsync($"docs: wrote {page.Name}");
    }
}
