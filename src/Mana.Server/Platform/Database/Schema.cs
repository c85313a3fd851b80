using Mana.Platform.Database.Migrations;
using Npgsql;

namespace Mana.Platform.Database;

/// <summary>Whether this binary may serve the database it is connected to.</summary>
public sealed class Schema(NpgsqlDataSource source)
{
    private static readonly IReadOnlyList<Migration> Known = MigrationFiles.In(typeof(Schema).Assembly);

    public async Task<SchemaState> State(CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        var applied = await MigrationHistory.Read(connection, cancel);

        return new SchemaComparison(Known, applied).State;
    }

    /// <summary>Current, or newer by expanding files only.</summary>
    public async Task<bool> IsServable(CancellationToken cancel) =>
        await State(cancel) is SchemaState.Current or SchemaState.NewerCompatible;
}
