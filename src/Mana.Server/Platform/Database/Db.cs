using System.Security.Cryptography;
using Npgsql;

namespace Mana.Platform.Database;

/// <summary>The database. Reads say whose rows they may see; writes happen in <see cref="Transact{T}"/>.</summary>
public sealed class Db(NpgsqlDataSource source)
{
    private const int TriesMax = 3;

    private const int JitterMillisecondsMax = 50;

    public async Task<T?> Find<T>(Scope scope, Sql sql, CancellationToken cancel)
        where T : class, IRow<T>
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var batch = Batch(connection, scope, sql);
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        await reader.NextResultAsync(cancel);

        return await reader.ReadAsync(cancel) ? T.Read(reader) : null;
    }

    public async Task<List<T>> All<T>(Scope scope, Sql sql, CancellationToken cancel)
        where T : IRow<T>
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var batch = Batch(connection, scope, sql);
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        await reader.NextResultAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel))
        {
            rows.Add(T.Read(reader));
        }

        return rows;
    }

    /// <summary>
    /// Runs the work in one READ COMMITTED transaction. An answer commits; a refusal or an exception rolls back. Deadlocks and
    /// serialization failures run the work again, at most three times, so the work touches nothing outside the database.
    /// </summary>
    /// <exception cref="OutcomeUnknownException">The connection broke while committing: the effect may or may not have happened.</exception>
    public async Task<Outcome<T>> Transact<T>(Scope scope, Func<Tx, Task<Outcome<T>>> work, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Once(scope, work, cancel);
            }
            catch (PostgresException clash)
                when (clash.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure && attempt < TriesMax
                )
            {
                await Task.Delay(RandomNumberGenerator.GetInt32(JitterMillisecondsMax) * attempt, cancel);
            }
        }
    }

    internal static NpgsqlBatchCommand SetScope(Scope scope) =>
        new("select set_config('app.user_id', $1, true), set_config('app.role', $2, true)")
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = scope.UserId },
                new NpgsqlParameter<string> { TypedValue = scope.Role },
            },
        };

    private async Task<Outcome<T>> Once<T>(Scope scope, Func<Tx, Task<Outcome<T>>> work, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var outcome = await work(new Tx(connection, scope, cancel));
        if (outcome.IsRefused)
        {
            await transaction.RollbackAsync(CancellationToken.None);
            return outcome;
        }

        try
        {
            // A caller who hangs up now must not turn a finished work into an unknown one.
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception broken) when (IsUnknown(broken))
        {
            throw new OutcomeUnknownException(broken);
        }

        return outcome;
    }

    // A server that says no to COMMIT has rolled back; one that is shutting down, or says nothing, may have done either.
    private static bool IsUnknown(Exception broken) =>
        broken switch
        {
            PostgresException refused => refused.SqlState.StartsWith("57P", StringComparison.Ordinal),
            NpgsqlException or IOException or TimeoutException or InvalidOperationException => true,
            _ => false,
        };

    private static NpgsqlBatch Batch(NpgsqlConnection connection, Scope scope, Sql sql) =>
        new(connection) { BatchCommands = { SetScope(scope), sql.ToCommand() } };
}

/// <summary>The answer to COMMIT never arrived. Clients repeat with the same idempotency key; the service never repeats by itself.</summary>
public sealed class OutcomeUnknownException(Exception inner) : Exception("The connection broke while committing.", inner);
