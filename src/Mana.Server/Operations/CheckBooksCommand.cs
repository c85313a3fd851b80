using Mana.Ledger;
using Mana.Platform.Database;

namespace Mana.Operations;

/// <summary><c>check-books</c>: proves that the books balance, or names the rows that say otherwise. Exit code 0 or 1.</summary>
public static class CheckBooksCommand
{
    /// <summary>A check reads every row; a request may not wait this long, an operator may.</summary>
    private static readonly TimeSpan StatementLimit = TimeSpan.FromMinutes(10);

    public static async Task<int> Run(IReadOnlyDictionary<string, string> environment, TextWriter output, CancellationToken cancel)
    {
        if (!environment.TryGetValue("DATABASE_URL", out var url) || url.Length == 0)
        {
            await output.WriteLineAsync("DATABASE_URL is missing.");
            return 1;
        }

        var settings = new DatabaseSettings(url, ListenUrl: null, IsPooled: false, PoolMax: 2);
        await using var source = DataSources.Create(settings, StatementLimit);
        var report = await new CheckBooks(new Db(source, StatementLimit)).Run(cancel);
        await output.WriteLineAsync(
            $"{report.Accounts} accounts, {report.Transactions} history rows, {report.Transfers} transfers; {report.Held} credits are held"
        );
        foreach (var fault in report.Faults)
        {
            await output.WriteLineAsync(fault.ToString());
        }

        await output.WriteLineAsync(
            report.Faults.Count == 0 ? "the books balance" : $"the books do not balance: {report.Faults.Count} faults"
        );

        return report.Faults.Count == 0 ? 0 : 1;
    }
}
