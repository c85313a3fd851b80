using Npgsql;

namespace Mana.Platform.Database;

/// <summary>
/// A database transaction. A signature that takes one says "takes part in a transaction"; there is no ambient one.
/// BEGIN and the scope travel with the first statement, so they cost no round trip.
/// </summary>
public sealed class Tx
{
    private readonly NpgsqlConnection _connection;

    private readonly LongLimit? _longLimit;

    private readonly CancellationToken _cancel;

    private readonly List<Action> _afterCommit = [];

    private Scope? _unsentScope;

    internal Tx(NpgsqlConnection connection, Scope scope, LongLimit? longLimit, CancellationToken cancel) =>
        (_connection, _unsentScope, _longLimit, _cancel) = (connection, scope, longLimit, cancel);

    /// <summary>
    /// What this instance remembers beside the database is told here: it happens once the transaction has committed, and never when it
    /// was rolled back, refused or run again.
    /// </summary>
    public void AfterCommit(Action remember) => _afterCommit.Add(remember);

    public async Task<T?> Find<T>(Sql sql)
        where T : class, IRow<T>
    {
        await using var reader = await Execute([sql]);

        return await reader.ReadAsync() ? T.Read(reader) : null;
    }

    /// <summary>Runs the statements in one round trip and answers the rows of the two that return some; the others are passed over.</summary>
    public async Task<(List<TFirst> First, List<TSecond> Second)> All<TFirst, TSecond>(params Sql[] statements)
        where TFirst : IRow<TFirst>
        where TSecond : IRow<TSecond>
    {
        await using var reader = await Execute(statements);
        var first = await Rows<TFirst>(reader);
        await reader.NextResultAsync();

        return (first, await Rows<TSecond>(reader));
    }

    /// <summary>The same for three.</summary>
    public async Task<(List<TFirst> First, List<TSecond> Second, List<TThird> Third)> All<TFirst, TSecond, TThird>(params Sql[] statements)
        where TFirst : IRow<TFirst>
        where TSecond : IRow<TSecond>
        where TThird : IRow<TThird>
    {
        await using var reader = await Execute(statements);
        var first = await Rows<TFirst>(reader);
        await reader.NextResultAsync();
        var second = await Rows<TSecond>(reader);
        await reader.NextResultAsync();

        return (first, second, await Rows<TThird>(reader));
    }

    /// <summary>The same for four.</summary>
    public async Task<(List<TFirst> First, List<TSecond> Second, List<TThird> Third, List<TFourth> Fourth)> All<
        TFirst,
        TSecond,
        TThird,
        TFourth
    >(params Sql[] statements)
        where TFirst : IRow<TFirst>
        where TSecond : IRow<TSecond>
        where TThird : IRow<TThird>
        where TFourth : IRow<TFourth>
    {
        await using var reader = await Execute(statements);
        var first = await Rows<TFirst>(reader);
        await reader.NextResultAsync();
        var second = await Rows<TSecond>(reader);
        await reader.NextResultAsync();
        var third = await Rows<TThird>(reader);
        await reader.NextResultAsync();

        return (first, second, third, await Rows<TFourth>(reader));
    }

    /// <summary>The single value of the single row, or the default when there is none.</summary>
    public async Task<T?> Value<T>(Sql sql)
    {
        await using var reader = await Execute([sql]);

        return await reader.ReadAsync() && !reader.IsDBNull(0) ? await reader.GetFieldValueAsync<T>(0) : default;
    }

    public async Task<List<T>> All<T>(Sql sql)
        where T : IRow<T>
    {
        await using var reader = await Execute([sql]);

        return await Rows<T>(reader);
    }

    /// <summary>Runs the statements in one round trip and answers how many rows they touched together.</summary>
    public async Task<int> Run(params Sql[] statements)
    {
        await using var reader = await Execute(statements);
        while (await reader.NextResultAsync())
        {
            // Each statement's error surfaces when its result is reached; leaving one unread would hide it.
        }

        return Math.Max(0, reader.RecordsAffected);
    }

    internal void Committed() => _afterCommit.ForEach(remember => remember());

    private async Task<List<T>> Rows<T>(NpgsqlDataReader reader)
        where T : IRow<T>
    {
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(T.Read(reader));
        }

        return rows;
    }

    private async Task<NpgsqlDataReader> Execute(Sql[] statements)
    {
        await using var batch = Db.Batch(_connection, _longLimit);
        var scope = _unsentScope;
        if (scope is not null)
        {
            batch.BatchCommands.Add(Db.Begin(scope, _longLimit));
        }

        foreach (var sql in statements)
        {
            batch.BatchCommands.Add(sql.ToCommand());
        }

        var reader = await Db.Execute(batch, _cancel);
        if (scope is not null)
        {
            _unsentScope = null;
            await reader.NextResultAsync();
        }

        return reader;
    }
}
