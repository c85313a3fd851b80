using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Tokens;

namespace Mana.Operations.Health;

public static class GetReady
{
    private static readonly Scope Asking = Scope.Service("ask whether the database answers");

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public sealed record DatabaseCheck(string Status, long Latency);

    public sealed record SimpleCheck(string Status);

    public sealed record Checks(DatabaseCheck Database, SimpleCheck Redis, SimpleCheck Schema, SimpleCheck SigningKey);

    public sealed record Response(string Status, DateTimeOffset Timestamp, long Uptime, Checks Checks);

    /// <summary>Readiness: the database answers for writing, its schema is one this binary knows, and tokens can be signed.</summary>
    public static async Task<Answer<Response>> Handle(
        Db db,
        Schema schema,
        SigningKeys keys,
        Uptime uptime,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        var started = clock.GetTimestamp();
        var (isWritable, isKnown) = await Ask(db, schema, cancel);
        var isReady = isWritable && isKnown && keys.AreLoaded && !uptime.IsStopping;
        var checks = new Checks(
            new DatabaseCheck(Word(isWritable), (long)clock.GetElapsedTime(started).TotalMilliseconds),
            new SimpleCheck("not_configured"),
            new SimpleCheck(Word(isKnown)),
            new SimpleCheck(Word(keys.AreLoaded))
        );
        Answer<Response> answer = new Response(Word(isReady), clock.Now(), uptime.Seconds(clock), checks);

        return isReady ? answer : answer.With(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<(bool IsWritable, bool IsKnown)> Ask(Db db, Schema schema, CancellationToken cancel)
    {
        try
        {
            var isReadOnly = await db.Find<One<bool>>(
                    Asking,
                    $"select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean",
                    cancel
                )
                .WaitAsync(Patience, cancel); // stops waiting; a cancelled command would first try to tell a server that may be gone
            return (isReadOnly is { Value: false }, await schema.IsServable(cancel));
        }
        catch (Exception unreachable) when (unreachable is Npgsql.NpgsqlException or OperationCanceledException or TimeoutException)
        {
            return (false, false);
        }
    }

    private static string Word(bool isRight) => isRight ? "ok" : "error";
}
