using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Npgsql;

namespace Mana.Sessions;

/// <summary>
/// Puts a new session in the place of all a person has, so that whoever is signed in here stays so under a secret nobody else has seen. It
/// grants nothing: a session that has ended has no successor, and the factors of the sign-in were asked for then.
/// </summary>
public sealed class SucceedSession(OpenSession sessions, RevokeSession revoke, TimeProvider clock)
{
    /// <summary>In the caller's transaction. The successor is as long and as much remembered as the session that asks, on the same device.</summary>
    public async Task<Outcome<OpenedSession>> Run(Tx tx, Caller caller, string reason, Requester requester)
    {
        var now = clock.Now();

        // All of them are locked in the order of their ids, as wherever several sessions end.
        var living = await tx.All<Predecessor>(
            $"""
            select id, expires_at, lifetime_seconds, remember_me, device_id, device_name
            from auth.sessions
            where user_id = {caller.UserId} and revoked_at is null
            order by id
            for update
            """
        );
        if (living.Find(session => session.Id == caller.SessionId && session.ExpiresAt > now) is not { } predecessor)
        {
            return Refusals.InvalidSession;
        }

        await revoke.All(tx, caller.UserId, reason, requester);

        return await sessions.Run(tx, caller.UserId, predecessor.Stay, requester, predecessor.Device, now);
    }

    private sealed record Predecessor(SessionId Id, DateTimeOffset ExpiresAt, Stay Stay, Device Device) : IRow<Predecessor>
    {
        public static Predecessor Read(NpgsqlDataReader row) =>
            new(
                new SessionId(row.GetString(0)),
                row.GetFieldValue<DateTimeOffset>(1),
                new Stay(TimeSpan.FromSeconds(row.GetInt32(2)), row.GetBoolean(3)),
                new Device(row.IsDBNull(4) ? null : row.GetString(4), row.IsDBNull(5) ? null : row.GetString(5))
            );
    }
}
