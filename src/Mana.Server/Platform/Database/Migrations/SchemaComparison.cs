namespace Mana.Platform.Database.Migrations;

/// <summary>Compares the history of a database with the migrations of a binary.</summary>
public sealed record SchemaComparison
{
    /// <param name="known">The migrations of the binary, ordered and without gaps.</param>
    /// <param name="applied">The history of the database.</param>
    public SchemaComparison(IReadOnlyList<Migration> known, IReadOnlyList<AppliedMigration> applied)
    {
        var byNumber = applied.ToDictionary(row => row.Number);
        var newestKnown = known.Count == 0 ? 0 : known[^1].Number;
        var newestApplied = applied.Count == 0 ? 0 : applied.Max(row => row.Number);
        Pending = [.. known.Where(migration => !byNumber.ContainsKey(migration.Number))];
        OutOfOrder = [.. Pending.Where(migration => migration.Number < newestApplied)];
        Changed =
        [
            .. known.Where(migration =>
                byNumber.TryGetValue(migration.Number, out var row) && (row.Checksum != migration.Checksum || row.Name != migration.Name)
            ),
        ];
        Unknown = [.. applied.Where(row => row.Number > newestKnown)];
        Excluding = [.. Unknown.Where(row => row.ContractsTo > newestKnown)];
    }

    /// <summary>Known and not applied, in order.</summary>
    public IReadOnlyList<Migration> Pending { get; }

    /// <summary>Pending although a later one is applied: a file was slipped in behind the history.</summary>
    public IReadOnlyList<Migration> OutOfOrder { get; }

    /// <summary>Applied, but with another text or title than the binary has.</summary>
    public IReadOnlyList<Migration> Changed { get; }

    /// <summary>Applied and newer than the binary.</summary>
    public IReadOnlyList<AppliedMigration> Unknown { get; }

    /// <summary>Those of <see cref="Unknown"/> that no longer allow this binary.</summary>
    public IReadOnlyList<AppliedMigration> Excluding { get; }

    /// <summary>The one word a serving binary decides by.</summary>
    public SchemaState State =>
        Changed.Count > 0 ? SchemaState.Diverged
        : Pending.Count > 0 ? SchemaState.Older
        : Excluding.Count > 0 ? SchemaState.NewerIncompatible
        : Unknown.Count > 0 ? SchemaState.NewerCompatible
        : SchemaState.Current;

    /// <summary>The migrations to apply.</summary>
    /// <exception cref="MigrationException">The history and the files contradict each other; every contradiction is named.</exception>
    public IReadOnlyList<Migration> Applicable()
    {
        var problems = Changed
            .Select(migration => $"{migration.File} was changed after it was applied; restore it and write a new migration instead")
            .Concat(
                OutOfOrder.Select(migration =>
                    $"{migration.File} is new but older than the newest applied migration; give it the next number"
                )
            )
            .Concat(
                Excluding.Select(row => $"{row.File} is applied and needs a binary that knows migration {row.ContractsTo:0000} or newer")
            )
            .ToArray();
        return problems.Length > 0 ? throw new MigrationException(string.Join('\n', problems)) : Pending;
    }
}
