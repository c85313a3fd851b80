using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Security;
using Mana.Sessions;
using Mana.Users;

namespace Mana.Passwords;

/// <summary>What becomes of the sessions of somebody who changes their password.</summary>
public enum SessionsAfter
{
    /// <summary>All go on.</summary>
    Kept,

    /// <summary>All but the one that asks end.</summary>
    OthersEnded,

    /// <summary>All end, and a new one takes the place of the one that asks.</summary>
    Replaced,
}

/// <summary>A password that was changed.</summary>
/// <param name="Successor">The session that took the place of all others; null unless that was asked for.</param>
public sealed record ChangedPassword(User User, OpenedSession? Successor);

/// <summary>Changes the password of somebody who knows the present one.</summary>
public sealed class ChangePassword(
    Db db,
    PasswordRules rules,
    CheckOwnPassword own,
    PasswordHashing hashing,
    RevokeSession revoke,
    SucceedSession succeed,
    PasswordChangedMail notice,
    TimeProvider clock
)
{
    private static readonly Scope Changing = Scope.Service("change a password");

    public async Task<Outcome<ChangedPassword>> Run(
        Caller caller,
        string current,
        string chosen,
        SessionsAfter after,
        Requester requester,
        CancellationToken cancel
    )
    {
        if (rules.Check(chosen, caller.Email) is { } weak)
        {
            return weak;
        }

        if (current.Length > PasswordSettings.LengthMax)
        {
            return Refusals.PasswordTooLong;
        }

        var verified = await own.Run(caller.UserId, current, "change_password", requester, cancel);
        if (verified.IsRefused)
        {
            return verified.Refusal!.Is(Refusals.InvalidCredentials) ? Refusals.CurrentPasswordWrong : verified.Refusal;
        }

        var hash = await hashing.Create(chosen, caller.Email, cancel);
        if (hash.IsRefused)
        {
            return hash.Refusal!;
        }

        return await db.Transact<ChangedPassword>(Changing, tx => Change(tx, caller, verified.Value, hash.Value, after, requester), cancel);
    }

    private async Task<Outcome<ChangedPassword>> Change(
        Tx tx,
        Caller caller,
        OwnPassword verified,
        string hash,
        SessionsAfter after,
        Requester requester
    )
    {
        var now = clock.Now();
        if (await tx.Run(PasswordRow.Exchange(caller.UserId, verified.Hash, hash, now)) != 1)
        {
            return Refusals.CurrentPasswordWrong; // it was changed while the old one was being verified
        }

        var user = await tx.Find<User>(User.ById(caller.UserId));
        Invariant.Holds(user is not null); // the row that was just changed refers to them
        await tx.Run([
            .. verified.Settle,
            SecurityEvent.Insert(SecurityEvent.PasswordReplaced, user.Id, requester, now),
            notice.Send(user, now),
        ]);
        switch (after)
        {
            case SessionsAfter.OthersEnded:
                await revoke.Others(tx, user.Id, caller.SessionId, RevokedReason.PasswordChanged, requester);
                return new ChangedPassword(user, null);
            case SessionsAfter.Replaced:
                var successor = await succeed.Run(tx, caller, RevokedReason.PasswordChanged, requester);
                return successor.Then(opened => new ChangedPassword(user, opened));
            default:
                return new ChangedPassword(user, null);
        }
    }
}
