using Mana.Platform;
using Mana.Platform.Database;
using Mana.Security;

namespace Mana.SignUp;

/// <summary>How many people may still register today. Days are those of UTC, for counting as for telling when the next one begins (B-93).</summary>
public sealed record SignUpQuota(int Limit, long Today, DateTimeOffset ResetsAt)
{
    /// <summary>Whoever registers while a limit is set holds this advisory lock until they are counted, so that the limit is exact.</summary>
    private const long CountingLock = 987_654_326;

    public long Left => Math.Max(0, Limit - Today);

    public Refusal? Check(DateTimeOffset now) =>
        Left > 0
            ? null
            : Refusals.SignUpLimitReached with
            {
                RetryAfter = ResetsAt - now,
                Extra = [new("spotsRemaining", 0), new("resetsAt", ResetsAt)],
            };

    /// <summary>Counts in the caller's transaction; until its end nobody else does.</summary>
    public static async Task<SignUpQuota> Take(Tx tx, int limit, DateTimeOffset now)
    {
        var (_, today) = await tx.All<One<bool>, One<long>>($"select pg_advisory_xact_lock({CountingLock}) is null", Count(now));

        return new SignUpQuota(limit, today[0].Value, NextDay(now));
    }

    /// <summary>How many registered today. The events are counted, not the people: erasing an account frees no place (B-83).</summary>
    public static Sql Count(DateTimeOffset now) =>
        $"""
            select count(*)
            from auth.security_events
            where event_type = {SecurityEvent.Register} and created_at >= {Day(now)} and created_at < {NextDay(now)}
            """;

    public static DateTimeOffset NextDay(DateTimeOffset now) => Day(now).AddDays(1);

    private static DateTimeOffset Day(DateTimeOffset now) => new(now.UtcDateTime.Date, TimeSpan.Zero);
}
