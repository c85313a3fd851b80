using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Platform.Telemetry;
using Mana.Users;

namespace Mana.Sessions;

/// <summary>A session with a fresh refresh token.</summary>
public sealed record RefreshedSession(Session Session, User User, string RefreshToken);

/// <summary>
/// Exchanges a refresh token for its successor (ruling 4). The current one rotates; the one before it answers with the same successor
/// while the window is open, nobody used the successor, and it is the same client; any other genuine one kills the session.
/// </summary>
public sealed class RotateRefreshToken(
    Db db,
    RefreshTokens tokens,
    RotateLine rotate,
    RevokeSession revoke,
    SessionSettings settings,
    TimeProvider clock
)
{
    private static readonly Scope Rotating = Scope.Service("rotate a refresh token");

    private static readonly Scope Killing = Scope.Service("end a session whose refresh token may not be used");

    public async Task<Outcome<RefreshedSession>> Run(string token, Requester requester, string? deviceId, CancellationToken cancel)
    {
        if (RefreshTokens.Split(token) is not { } presented)
        {
            return Refusals.InvalidRefreshToken;
        }

        var now = clock.Now();
        string? killed = null;
        UserId owner = default;
        var outcome = await db.Transact<RefreshedSession>(
            Rotating,
            async tx =>
            {
                // The lock makes two refreshes of one session take turns: the second sees what the first has done.
                var (families, lines) = await tx.All<RefreshFamily, RefreshLine>(
                    RefreshFamily.Locked(presented.SessionId),
                    RefreshLine.Of(presented.SessionId, presented.ClientId)
                );
                killed = null;
                if (
                    families is not [var family]
                    || !tokens.IsGenuine(presented, family.Salt)
                    || (presented.ClientId.Length == 0 ? family.Own : lines.SingleOrDefault()) is not { } line
                )
                {
                    return Refusals.InvalidRefreshToken;
                }

                owner = family.User.Id;
                if (family.RefusalAt(now, settings) is { } refusal)
                {
                    killed = family.User.DeletedAt is null ? null : RevokedReason.AccountDeleted;
                    return refusal;
                }

                if (presented.Count == line.Count)
                {
                    return await rotate.Run(tx, family, line, requester, deviceId, now);
                }

                if (line.MayRepeat(presented.Count, now, settings.ReuseWindow, requester.UserAgent, deviceId))
                {
                    return rotate.Current(family, line);
                }

                killed = RevokedReason.RefreshReuse;
                return Refusals.InvalidRefreshToken;
            },
            cancel
        );
        if (killed is { } reason)
        {
            // In a transaction of its own: the refused one has rolled back (D12).
            await Kill(owner, presented.SessionId, reason, requester, cancel);
        }

        return outcome;
    }

    /// <summary>Which session a genuine refresh token belongs to, whatever its count: enough to sign out with.</summary>
    public async Task<Outcome<SessionId>> SessionOf(string token, CancellationToken cancel)
    {
        if (RefreshTokens.Split(token) is not { } presented)
        {
            return Refusals.InvalidRefreshToken;
        }

        var salt = await db.Find<One<byte[]>>(Rotating, $"select refresh_salt from auth.sessions where id = {presented.SessionId}", cancel);

        return salt is not null && tokens.IsGenuine(presented, salt.Value) ? presented.SessionId : Refusals.InvalidRefreshToken;
    }

    private async Task Kill(UserId userId, SessionId id, string reason, Requester requester, CancellationToken cancel)
    {
        await db.Transact<bool>(Killing, async tx => await revoke.One(tx, userId, id, reason, requester), cancel);
        if (reason == RevokedReason.RefreshReuse)
        {
            Signals.RefreshReused();
        }
    }
}
