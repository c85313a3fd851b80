using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Protocols.Jose;
using Mana.Tokens;
using Npgsql;

namespace Mana.Sessions;

/// <summary>
/// Who an access token or a session secret stands for. A signature is not enough: a token of a session that was revoked, of somebody who
/// is gone, or with a role that has changed is refused at once (D4, rulings 5 and 30).
/// </summary>
public sealed class CheckCaller(
    Db db,
    CheckAccessToken tokens,
    FindSession sessions,
    Revocations revocations,
    Feed feed,
    TimeProvider clock
) : ICallers
{
    private static readonly Scope Checking = Scope.Service("check that the session of a token lives");

    public async ValueTask<Outcome<Caller>> ByAccessToken(string token, CancellationToken cancel)
    {
        var fault = tokens.Run(token, out var claims);
        if (fault != TokenFault.None)
        {
            return fault == TokenFault.Expired ? Refusals.TokenExpired : Refusals.InvalidToken;
        }

        return await IsAlive(claims!, cancel)
            ? new Caller(new UserId(claims!.Subject), new SessionId(claims.SessionId), claims.Email, claims.Role)
            : Refusals.InvalidToken;
    }

    public async ValueTask<Outcome<Caller>> BySession(string token, CancellationToken cancel)
    {
        var outcome = await sessions.Run(token, mayRenew: false, cancel);

        return outcome.Then(found => new Caller(found.User.Id, found.Session.Id, found.User.Email, found.User.Role));
    }

    /// <summary>What <c>/validate</c> answers: null for a good token, else the contract's reason (contract 1.1.6).</summary>
    public async ValueTask<(string? Reason, AccessTokenClaims? Claims)> Validate(string token, CancellationToken cancel)
    {
        var reason = tokens.Run(token, out var claims) switch
        {
            TokenFault.None => await IsAlive(claims!, cancel) ? null : "Session revoked",
            TokenFault.Expired => "Token expired",
            TokenFault.InvalidSignature => "Invalid signature",
            TokenFault.InvalidIssuer => "Invalid issuer",
            TokenFault.InvalidAudience => "Invalid audience",
            TokenFault.UnknownKey => "Unknown key",
            _ => "Malformed token",
        };

        return (reason, reason is null ? claims : null);
    }

    /// <summary>
    /// From memory while the feed is trusted: a session that is not among the ended ones lives, because an access token does not outlive
    /// what is remembered. Somebody who changed is looked up, because their role may be another one now.
    /// </summary>
    private ValueTask<bool> IsAlive(AccessTokenClaims claims, CancellationToken cancel)
    {
        if (!feed.IsTrusted)
        {
            return Ask(claims, cancel);
        }

        if (revocations.HasEnded(claims.SessionId))
        {
            return ValueTask.FromResult(false);
        }

        return revocations.HasChanged(claims.Subject, since: 0) ? Ask(claims, cancel) : ValueTask.FromResult(true);
    }

    // Only the session's id is a condition with an index: otherwise the plan for all values may take the person's index, or the expiry's.
    private async ValueTask<bool> Ask(AccessTokenClaims claims, CancellationToken cancel) =>
        await db.Find<Alive>(
            Checking,
            $"""
            select u.role::text = {claims.Role} and u.email = {claims.Email} and s.user_id = {claims.Subject} and s.expires_at > {clock.Now()}
            from auth.sessions s
            join auth.users u on u.id = s.user_id
            where s.id = {claims.SessionId} and s.revoked_at is null and u.deleted_at is null and u.banned_at is null
            """,
            cancel
        )
            is { IsUnchanged: true };

    private sealed record Alive(bool IsUnchanged) : IRow<Alive>
    {
        public static Alive Read(NpgsqlDataReader row) => new(row.GetBoolean(0));
    }
}
