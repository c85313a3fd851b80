using Mana.Platform.Database.Migrations;
using Npgsql;

namespace Mana.Platform.Database;

/// <summary>Whether this binary may serve the database it is connected to.</summary>
public sealed class Schema(NpgsqlDataSource source)
{
    private static readonly IReadOnlyList<Migration> Known = MigrationFiles.In(typeof(Schema).Assembly);

    private volatile bool _isServable;

    public async Task<SchemaState> State(CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        var applied = await MigrationHistory.Read(connection, cancel);

        return new SchemaComparison(Known, applied).State;
    }

    /// <summary>Current, or newer by expanding files only. A yes is remembered: a schema never becomes older.</summary>
    public async Task<bool> IsServable(CancellationToken cancel)
    {
        if (!_isServable)
        {
            _isServable = await State(cancel) is SchemaState.Current or SchemaState.NewerCompatible;
        }

        return _isServable;
    }
}
