using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Security;

namespace Mana.Sessions;

/// <summary>Signs one session out. Ending what has ended already succeeds and leaves no second event.</summary>
public sealed class SignOut(Db db, SessionSecrets secrets, Revocations revocations, TimeProvider clock)
{
    private static readonly Scope SigningOut = Scope.Service("sign out");

    public Task<Outcome<Done>> Run(SessionId id, Requester requester, CancellationToken cancel) =>
        Run(
            now =>
                $"""
                    update auth.sessions set revoked_at = {now}, revoked_reason = {RevokedReason.SignedOut}, updated_at = {now}
                    where id = {id} and revoked_at is null
                    returning id, user_id
                    """,
            requester,
            cancel
        );

    /// <summary>The same by the session's secret; an unknown one changes nothing.</summary>
    public Task<Outcome<Done>> Run(string token, Requester requester, CancellationToken cancel) =>
        Run(
            now =>
                $"""
                    update auth.sessions set revoked_at = {now}, revoked_reason = {RevokedReason.SignedOut}, updated_at = {now}
                    where token_hash = any ({secrets.Hashes(token)}) and revoked_at is null
                    returning id, user_id
                    """,
            requester,
            cancel
        );

    /// <summary>The same for several secrets: everybody who is signed in in one browser.</summary>
    public async Task<Outcome<Done>> Run(IEnumerable<string> tokens, Requester requester, CancellationToken cancel)
    {
        foreach (var token in tokens.Distinct(StringComparer.Ordinal))
        {
            var ended = await Run(token, requester, cancel);
            Invariant.Holds(!ended.IsRefused);
        }

        return Done.Yes;
    }

    private async Task<Outcome<Done>> Run(Func<DateTimeOffset, Sql> end, Requester requester, CancellationToken cancel)
    {
        var now = clock.Now();

        return await db.Transact<Done>(
            SigningOut,
            async tx =>
            {
                if (await tx.Find<EndedSession>(end(now)) is { } ended)
                {
                    await tx.Run(SecurityEvent.Insert(SecurityEvent.Logout, ended.UserId, requester, now));
                    tx.AfterCommit(() => revocations.Ended(ended.Id));
                }

                return Done.Yes;
            },
            cancel
        );
    }
}
