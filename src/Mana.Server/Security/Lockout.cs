using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Platform.Telemetry;
using Npgsql;

namespace Mana.Security;

/// <summary>A try that may be made now. It counts until it is known to have been right.</summary>
public sealed record Attempt(Guid Id, string Email, string Method);

/// <summary>
/// Five wrong tries within a quarter of an hour close an address for half an hour, counted from the last of them (contract 3.10). Tries of
/// all doors and both surfaces share the count, addresses nobody has are counted alike, and while an address is closed nothing is looked at.
/// </summary>
public sealed class Lockout(Db db, HttpSettings settings, TimeProvider clock)
{
    public const string Password = "password";

    public const int FailuresMax = 5;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    public static readonly TimeSpan LockTime = TimeSpan.FromMinutes(30);

    /// <summary>A try whose end nobody wrote down, because the process died or the database was away, is forgotten after this (B-40).</summary>
    public static readonly TimeSpan PendingMax = TimeSpan.FromMinutes(1);

    /// <summary>Keys of the advisory locks under which the tries of one address are counted; the second half is a hash of the address.</summary>
    private const int LockSpace = 987654324;

    private static readonly Scope Counting = Scope.Service("count tries of an address");

    /// <summary>So long a try waits for those of the same address that are being looked at; one of them being right frees its place.</summary>
    private static readonly TimeSpan[] Patience = [.. new[] { 25, 50, 100, 200, 400, 800 }.Select(wait => TimeSpan.FromMilliseconds(wait))];

    /// <summary>Asks before anything is looked at. A database that cannot be asked is an exception: nobody is let through uncounted.</summary>
    /// <returns>The try, to be given to <see cref="Fail"/> or <see cref="Forget"/>; null while limits are switched off.</returns>
    public async Task<Outcome<Attempt?>> Admit(string email, string method, Requester requester, CancellationToken cancel)
    {
        if (!settings.RateLimits)
        {
            return (Attempt?)null;
        }

        for (var waits = 0; ; waits++)
        {
            var now = clock.Now();
            var attempt = new Attempt(Ids.Uuid(now), email, method);
            var admission = await Ask(attempt, requester, now, cancel);
            if (admission.IsAdmitted)
            {
                return attempt;
            }

            if (admission.LockedUntil is { } until)
            {
                return Locked(until - now);
            }

            if (waits == Patience.Length)
            {
                return Refusals.RateLimited with { RetryAfter = Patience[^1] };
            }

            await Task.Delay(Patience[waits], cancel);
        }
    }

    /// <summary>Writes down that the factor was wrong; the try that uses up the budget closes the address and says so in the audit, once.</summary>
    public async Task Fail(Tx tx, Attempt attempt, UserId? userId, Requester requester)
    {
        var now = clock.Now();
        var (_, failed) = await tx.All<One<int>, Failure>(
            Alone(attempt),
            $"""
            update auth.login_attempts a
            set failed_at = {now},
                locked_until = case
                    when (
                        select count(*)
                        from auth.login_attempts f
                        where f.email = a.email and f.method = a.method and f.id <> a.id and f.failed_at > {now - Window}
                    ) = {FailuresMax - 1}
                    then {now + LockTime}::timestamptz
                end
            where a.id = {attempt.Id}
            returning a.locked_until
            """
        );
        if (failed is [{ LockedUntil: not null }])
        {
            await tx.Run(SecurityEvent.Insert(SecurityEvent.AccountLocked, userId, requester, now, new { method = attempt.Method }));
            Signals.LockedOut();
        }
    }

    /// <summary>The statement that ends the count for an address: its factor was right, or was replaced by a reset.</summary>
    public static Sql Forget(string email, string method) => $"delete from auth.login_attempts where email = {email} and method = {method}";

    /// <summary>The same for every factor: whoever had the address is erased.</summary>
    public static Sql ForgetAll(string email) => $"delete from auth.login_attempts where email = {email}";

    /// <summary>Takes a try back that nothing came of: the factor was not looked at.</summary>
    public Task Withdraw(Attempt attempt, CancellationToken cancel) =>
        db.Run(Counting, $"delete from auth.login_attempts where id = {attempt.Id}", cancel);

    private async Task<Admission> Ask(Attempt attempt, Requester requester, DateTimeOffset now, CancellationToken cancel)
    {
        var asked = await db.Transact<Admission>(
            Counting,
            async tx =>
            {
                var (_, admission) = await tx.All<One<int>, Admission>(
                    Alone(attempt),
                    $"""
                    with admitted as (
                        insert into auth.login_attempts (id, email, method, ip_address, attempted_at)
                        select {attempt.Id}, {attempt.Email}, {attempt.Method}, {requester.Address}, {now}
                        where not exists (
                            select 1
                            from auth.login_attempts
                            where email = {attempt.Email} and method = {attempt.Method} and locked_until > {now}
                        )
                        and (
                            select count(*)
                            from auth.login_attempts
                            where email = {attempt.Email} and method = {attempt.Method}
                                and (failed_at > {now - Window} or failed_at is null and attempted_at > {now - PendingMax})
                        ) < {FailuresMax}
                        returning id
                    )
                    select exists (select 1 from admitted), max(locked_until)
                    from auth.login_attempts
                    where email = {attempt.Email} and method = {attempt.Method} and locked_until > {now}
                    """
                );

                return admission[0];
            },
            cancel
        );

        return asked.Value;
    }

    private static Refusal Locked(TimeSpan remaining) =>
        Refusals.AccountLocked with
        {
            RetryAfter = remaining,
            Extra = [new("remainingSeconds", (int)Math.Ceiling(remaining.TotalSeconds))],
        };

    /// <summary>Until the transaction ends nobody else counts tries of this address, so that each counts what the one before has written.</summary>
    private static Sql Alone(Attempt attempt) =>
        $"select 1 from pg_advisory_xact_lock({LockSpace}, hashtext({attempt.Method} || ' ' || {attempt.Email}))";

    private sealed record Admission(bool IsAdmitted, DateTimeOffset? LockedUntil) : IRow<Admission>
    {
        public static Admission Read(NpgsqlDataReader row) =>
            new(row.GetBoolean(0), row.IsDBNull(1) ? null : row.GetFieldValue<DateTimeOffset>(1));
    }

    private sealed record Failure(DateTimeOffset? LockedUntil) : IRow<Failure>
    {
        public static Failure Read(NpgsqlDataReader row) => new(row.IsDBNull(0) ? null : row.GetFieldValue<DateTimeOffset>(0));
    }
}
