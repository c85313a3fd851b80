using System.Data;
using System.Security.Cryptography;
using Npgsql;

namespace Mana.Platform.Database;

/// <summary>The database. Reads say whose rows they may see; writes happen in <see cref="Transact{T}"/>.</summary>
/// <param name="source">Where connections come from.</param>
/// <param name="longLimit">Longer than a request may take, for work that says so.</param>
public sealed class Db(NpgsqlDataSource source, LongLimit? longLimit = null)
{
    private const int TriesMax = 3;

    private const int JitterMillisecondsMax = 50;

    /// <summary>
    /// Nobody waits longer, so that a request with a password to hash is still answered within six seconds. A command gives up a second
    /// later; on a dead network the driver then spends four more seconds on connections that are to carry its request to cancel.
    /// </summary>
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(5);

    private readonly TimeSpan _answerLimit = longLimit?.Whole ?? RequestLimit;

    /// <summary>The same database for work that takes longer than a request may; on the same connections.</summary>
    public Db Within(LongLimit limit) => new(source, limit);

    public Task<T?> Find<T>(Scope scope, Sql sql, CancellationToken cancel)
        where T : class, IRow<T> => InTime(ReadOne<T>(scope, sql, cancel));

    public Task<List<T>> All<T>(Scope scope, Sql sql, CancellationToken cancel)
        where T : IRow<T> => InTime(ReadAll<T>(scope, sql, cancel));

    /// <summary>
    /// Runs the work in one READ COMMITTED transaction. An answer commits; a refusal or an exception rolls back. Deadlocks and
    /// serialization failures run the work again, at most three times, and so does, once, a connection dropped before COMMIT was sent:
    /// what was never told to commit is rolled back. Therefore the work touches nothing outside the database.
    /// </summary>
    /// <exception cref="OutcomeUnknownException">
    /// The connection broke, or time ran out, while committing: the effect may or may not have happened.
    /// </exception>
    /// <exception cref="TimeoutException">Time ran out before: nothing has happened, and nothing will.</exception>
    public async Task<Outcome<T>> Transact<T>(Scope scope, Func<Tx, Task<Outcome<T>>> work, CancellationToken cancel)
    {
        var gate = new CommitGate();
        var attempts = Repeat(scope, work, gate, cancel);
        try
        {
            return await InTime(attempts);
        }
        catch (TimeoutException late)
        {
            if (attempts.IsCompleted)
            {
                return await attempts; // it ended at this very moment, or the time-out is its own
            }

            throw gate.TryClose() ? late : new OutcomeUnknownException(late);
        }
    }

    /// <summary>Reads with any number of statements that see one and the same instant. Nothing is run again.</summary>
    public Task<T> Look<T>(Scope scope, Func<Tx, Task<T>> read, CancellationToken cancel) => InTime(LookOnce(scope, read, cancel));

    /// <summary>One statement that changes rows, in a transaction of its own.</summary>
    /// <returns>How many rows it touched.</returns>
    public async Task<int> Run(Scope scope, Sql sql, CancellationToken cancel) =>
        (await Transact<int>(scope, async tx => await tx.Run(sql), cancel)).Value;

    /// <summary>Whose rows the transaction may see; and how long its statements may take, where that is longer than in a request.</summary>
    internal static NpgsqlBatchCommand Begin(Scope scope, LongLimit? longLimit)
    {
        NpgsqlParameter[] said =
        [
            new NpgsqlParameter<string> { TypedValue = scope.UserId },
            new NpgsqlParameter<string> { TypedValue = scope.Role },
        ];

        return longLimit is null
            ? new NpgsqlBatchCommand("select set_config('app.user_id', $1, true), set_config('app.role', $2, true)")
            {
                Parameters = { said[0], said[1] },
            }
            : new NpgsqlBatchCommand(
                "select set_config('app.user_id', $1, true), set_config('app.role', $2, true), set_config('statement_timeout', $3, true)"
            )
            {
                Parameters =
                {
                    said[0],
                    said[1],
                    new NpgsqlParameter<string> { TypedValue = longLimit.StatementMilliseconds },
                },
            };
    }

    internal static NpgsqlBatch Batch(NpgsqlConnection connection, LongLimit? longLimit)
    {
        var batch = new NpgsqlBatch(connection);
        if (longLimit is not null)
        {
            batch.Timeout = longLimit.CommandSeconds;
        }

        return batch;
    }

    /// <summary>
    /// A caller who hangs up is noticed between statements, never within one: to cancel one the driver opens another connection, so that
    /// many hanging up at once would be a storm, and on a broken connection it may throw at whoever cancels. Limits bound the wait anyway.
    /// When one connection breaks, the driver closes those beside it in the pool, and may close one that it has just handed out. Nothing
    /// was sent on that one, so it counts as dropped.
    /// </summary>
    internal static async Task<NpgsqlDataReader> Execute(NpgsqlBatch batch, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        try
        {
            return await batch.ExecuteReaderAsync(CancellationToken.None);
        }
        catch (ObjectDisposedException closed)
        {
            throw new NpgsqlException("The connection was closed in the pool.", new IOException(closed.Message, closed));
        }
    }

    private async Task<T> InTime<T>(Task<T> work)
    {
        try
        {
            return await work.WaitAsync(_answerLimit, CancellationToken.None);
        }
        catch (TimeoutException) when (!work.IsCompleted)
        {
            SpareThreads.Provide(new NpgsqlConnectionStringBuilder(source.ConnectionString).MaxPoolSize);
            throw;
        }
    }

    private async Task<T?> ReadOne<T>(Scope scope, Sql sql, CancellationToken cancel)
        where T : class, IRow<T>
    {
        for (var mayRepeat = true; ; mayRepeat = false)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancel);
                await using var batch = Batch(connection, longLimit);
                batch.BatchCommands.Add(Begin(scope, longLimit));
                batch.BatchCommands.Add(sql.ToCommand());
                await using var reader = await Execute(batch, cancel);
                await reader.NextResultAsync(CancellationToken.None);

                return await reader.ReadAsync(CancellationToken.None) ? T.Read(reader) : null;
            }
            catch (Exception broken) when (mayRepeat && WasDropped(broken))
            {
                // Once, on a fresh connection: the driver has emptied its pool.
            }
        }
    }

    private async Task<List<T>> ReadAll<T>(Scope scope, Sql sql, CancellationToken cancel)
        where T : IRow<T>
    {
        for (var mayRepeat = true; ; mayRepeat = false)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancel);
                await using var batch = Batch(connection, longLimit);
                batch.BatchCommands.Add(Begin(scope, longLimit));
                batch.BatchCommands.Add(sql.ToCommand());
                await using var reader = await Execute(batch, cancel);
                await reader.NextResultAsync(CancellationToken.None);
                var rows = new List<T>();
                while (await reader.ReadAsync(CancellationToken.None))
                {
                    rows.Add(T.Read(reader));
                }

                return rows;
            }
            catch (Exception broken) when (mayRepeat && WasDropped(broken))
            {
                // As in ReadOne.
            }
        }
    }

    private async Task<T> LookOnce<T>(Scope scope, Func<Tx, Task<T>> read, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, CancellationToken.None);
        var seen = await read(new Tx(connection, scope, longLimit, cancel));
        await transaction.CommitAsync(CancellationToken.None);

        return seen;
    }

    private async Task<Outcome<T>> Repeat<T>(Scope scope, Func<Tx, Task<Outcome<T>>> work, CommitGate gate, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Once(scope, work, gate, cancel);
            }
            catch (PostgresException clash)
                when (clash.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure && attempt < TriesMax
                )
            {
                await Task.Delay(RandomNumberGenerator.GetInt32(JitterMillisecondsMax) * attempt, cancel);
            }
            catch (Exception broken) when (attempt == 1 && WasDropped(broken))
            {
                // Once, on a fresh connection. A break while committing is another exception and never comes here (ruling 17).
            }
        }
    }

    private async Task<Outcome<T>> Once<T>(Scope scope, Func<Tx, Task<Outcome<T>>> work, CommitGate gate, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        var tx = new Tx(connection, scope, longLimit, cancel);
        var outcome = await work(tx);
        if (outcome.IsRefused)
        {
            await transaction.RollbackAsync(CancellationToken.None);
            return outcome;
        }

        if (!gate.TryPass())
        {
            throw new TimeoutException("The caller was told that nothing has happened; the transaction rolls back.");
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

        tx.Committed();
        return outcome;
    }

    /// <summary>
    /// A connection that lay in the pool while its server restarted, or lost its peer under way: it fails at once, and the next one may
    /// be good. Refused and unanswered connects do not count, nor do time-outs: repeating those would only double the wait.
    /// </summary>
    private static bool WasDropped(Exception broken) =>
        broken
            is PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown }
                or NpgsqlException { InnerException: IOException };

    // A server that says no to COMMIT has rolled back; one that is shutting down, or says nothing, may have done either.
    private static bool IsUnknown(Exception broken) =>
        broken switch
        {
            PostgresException refused => refused.SqlState.StartsWith("57P", StringComparison.Ordinal),
            NpgsqlException or IOException or TimeoutException or InvalidOperationException => true,
            _ => false,
        };

    /// <summary>Decides between a transaction that commits and a caller who has stopped waiting: exactly one of them gets its way.</summary>
    private sealed class CommitGate
    {
        private const int Open = 0;

        private const int Passed = 1;

        private const int Closed = 2;

        private int _state;

        /// <returns>False when nobody waits any more, so that nothing may be committed.</returns>
        public bool TryPass() => Interlocked.CompareExchange(ref _state, Passed, Open) != Closed;

        /// <returns>True when no COMMIT was sent, and none will be.</returns>
        public bool TryClose() => Interlocked.CompareExchange(ref _state, Closed, Open) == Open;
    }
}

/// <summary>The answer to COMMIT never arrived. Clients repeat with the same idempotency key; the service never repeats by itself.</summary>
public sealed class OutcomeUnknownException(Exception inner) : Exception("The connection broke while committing.", inner);
