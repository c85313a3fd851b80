using Mana.Ledger;
using Mana.Ledger.Proofs;
using Mana.Platform.Database;
using Mana.Protocols.Sealing;

namespace Mana.Operations;

/// <summary>
/// <c>check-books</c>: proves that the books are whole, or names the rows that say otherwise. Exit code 0, 1, or 2 when it was not understood.
/// </summary>
public static class CheckBooksCommand
{
    private const string Usage = """
        check-books [--head HEAD|FILE] [--keys FILE]
          --head   the head of a seal that was kept elsewhere, or a file of such lines: finds an end that was cut off
          --keys   the seal keys that were kept elsewhere (a JSON Web Key Set), instead of those in the database
        """;

    public static async Task<int> Run(
        string[] arguments,
        IReadOnlyDictionary<string, string> environment,
        TextWriter output,
        CancellationToken cancel
    )
    {
        if (await Evidence(arguments, cancel) is not { } evidence)
        {
            return await OperatorCommand.Misunderstood(output, Usage);
        }

        return await OperatorCommand.Explained(output, () => Check(evidence, environment, output, cancel));
    }

    private static async Task<int> Check(
        BookEvidence evidence,
        IReadOnlyDictionary<string, string> environment,
        TextWriter output,
        CancellationToken cancel
    )
    {
        var (url, sealer) = Read(environment);
        var settings = new DatabaseSettings(url, ListenUrl: null, IsPooled: false, PoolMax: 2);
        await using var source = DataSources.Create(settings);
        var report = await new CheckBooks(new Db(source, CheckBooks.Limit), sealer, CheckBooks.SealPatience).Run(evidence, cancel);
        await output.WriteLineAsync(
            $"{report.Accounts} accounts, {report.Transactions} history rows, {report.Transfers} transfers, {report.Seals} seals; "
                + $"{report.Held} credits are held"
        );
        if (sealer is null && evidence.Keys is null)
        {
            await output.WriteLineAsync("seals were checked with the keys the database holds; MANA_AUTH_KEK or --keys says which are ours");
        }

        foreach (var fault in report.Faults)
        {
            await output.WriteLineAsync(fault.ToString());
        }

        await output.WriteLineAsync(
            report.Faults.Count == 0 ? "the books balance" : $"the books do not balance: {report.Faults.Count} faults"
        );

        return report.Faults.Count == 0 ? 0 : 1;
    }

    private static async Task<BookEvidence?> Evidence(string[] arguments, CancellationToken cancel)
    {
        var evidence = BookEvidence.None;
        for (var at = 0; at < arguments.Length; at += 2)
        {
            if (at + 1 == arguments.Length)
            {
                return null;
            }

            switch (arguments[at])
            {
                case "--head" when await Heads(arguments[at + 1], cancel) is { Count: > 0 } heads:
                    evidence = evidence with { Heads = [.. evidence.Heads, .. heads] };
                    break;
                case "--keys" when await KeyFile.Read(arguments[at + 1], cancel) is { } keys:
                    evidence = evidence with { Keys = keys };
                    break;
                default:
                    return null;
            }
        }

        return evidence;
    }

    private static async Task<List<KnownHead>> Heads(string value, CancellationToken cancel)
    {
        var lines = File.Exists(value) ? await File.ReadAllLinesAsync(value, cancel) : [value];

        return [.. lines.Select(KnownHead.Parse).OfType<KnownHead>()];
    }

    /// <summary>An auditor has a database and perhaps its keys, and no other setting of the service.</summary>
    private static (string Url, Sealer? Sealer) Read(IReadOnlyDictionary<string, string> environment)
    {
        var read = new SettingsReader(environment);
        var url = read.Required("DATABASE_URL", "The database whose books are checked.", secret: true);
        var kek = read.Optional("MANA_AUTH_KEK", "Says which seal keys are ours.", secret: true);
        var secrets = new SecretSettings(
            "",
            null,
            kek ?? "",
            read.Text("MANA_AUTH_KEK_ID", "env-v1", "Its name."),
            read.List("MANA_AUTH_KEK_PREVIOUS", "", "Earlier ones.", secret: true),
            ""
        );
        Settings.CheckAddresses(read);
        Settings.CheckKeks(read, secrets);
        read.ThrowIfWrong();

        return (url, kek is null ? null : secrets.Sealer());
    }
}
