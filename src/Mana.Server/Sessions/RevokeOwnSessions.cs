using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;

namespace Mana.Sessions;

/// <summary>What a person does with the list of their own sessions: end one, the others, or all.</summary>
public sealed class RevokeOwnSessions(Db db, RevokeSession revoke, SessionSecrets secrets, SessionHandles handles)
{
    private static readonly Scope Revoking = Scope.Service("end sessions of one's own");

    /// <returns>A refusal when the session is not the caller's, unknown, or has ended already: nobody learns which.</returns>
    public Task<Outcome<Done>> One(Caller caller, SessionId id, Requester requester, CancellationToken cancel) =>
        db.Transact<Done>(
            Revoking,
            async tx => await revoke.One(tx, caller.UserId, id, RevokedReason.Revoked, requester) ? Done.Yes : Refusals.SessionNotFound,
            cancel
        );

    /// <summary>The same by what <c>list-sessions</c> showed: a handle, or the secret itself.</summary>
    public async Task<Outcome<SessionId>> Named(Caller caller, string token, Requester requester, CancellationToken cancel)
    {
        var id = handles.Find(token) ?? await Find(token, cancel);
        if (id is null)
        {
            return Refusals.SessionNotFound;
        }

        var ended = await One(caller, id.Value, requester, cancel);

        return ended.Then(_ => id.Value);
    }

    public Task<Outcome<int>> Others(Caller caller, Requester requester, CancellationToken cancel) =>
        db.Transact<int>(
            Revoking,
            async tx => await revoke.Others(tx, caller.UserId, caller.SessionId, RevokedReason.Revoked, requester),
            cancel
        );

    public Task<Outcome<int>> All(Caller caller, Requester requester, CancellationToken cancel) =>
        db.Transact<int>(Revoking, async tx => await revoke.All(tx, caller.UserId, RevokedReason.Revoked, requester), cancel);

    // Whose it is, is a condition of the statement that ends it.
    private async Task<SessionId?> Find(string token, CancellationToken cancel)
    {
        if (token.Length > SessionSecrets.TokenLengthMax)
        {
            return null;
        }

        var id = await db.Find<One<string>>(
            Revoking,
            $"select id from auth.sessions where token_hash = any ({secrets.Hashes(token)})",
            cancel
        );

        return id is null ? null : new SessionId(id.Value);
    }
}
