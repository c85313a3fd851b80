using Mana.Passwords;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Users;

namespace Mana.Me;

/// <summary>How far a wish to be erased has come.</summary>
public enum Erasure
{
    Done,

    /// <summary>A link was mailed; it erases when it is followed.</summary>
    Mailed,
}

/// <summary>
/// Somebody wants to be erased (wire section 7.16): they show it by their password, by a link they were mailed, or by having signed in lately.
/// Where erasing goes by mail, the first and the last lead to the link.
/// </summary>
public sealed class RequestErasure(
    Db db,
    CheckOwnPassword password,
    FollowErasureLink follow,
    ErasureMail mail,
    ErasePerson erase,
    AccountSettings settings,
    TimeProvider clock
)
{
    private static readonly Scope Requesting = Scope.Service("mail a link that erases");

    /// <param name="typed">The password, when it was given.</param>
    /// <param name="secret">The secret of a link, when it was given.</param>
    /// <param name="callbackUrl">Where a mailed link leads in the end; checked, or null.</param>
    public async Task<Outcome<Erasure>> Run(
        Caller caller,
        string? typed,
        string? secret,
        string? callbackUrl,
        Requester requester,
        CancellationToken cancel
    )
    {
        OwnPassword? verified = null;
        if (typed is not null)
        {
            var right = await password.Run(caller.UserId, typed, "erase_account", requester, cancel);
            if (right.IsRefused)
            {
                return right.Refusal!;
            }

            verified = right.Value;
        }

        if (secret is not null)
        {
            var followed = await follow.Run(secret, caller.UserId, cancel);
            return followed.Then(_ => Erasure.Done);
        }

        if (settings.ErasesByMail)
        {
            return await db.Transact<Erasure>(Requesting, tx => Mail(tx, caller.UserId, verified, callbackUrl), cancel);
        }

        if (verified is null && !caller.IsFresh)
        {
            return Refusals.SessionTooOld;
        }

        var erased = await erase.RunUnless(tx => Changed(tx, caller.UserId, verified, PasswordRow.ConfirmToRemove), caller.UserId, cancel);

        return erased.Then(_ => Erasure.Done);
    }

    private async Task<Outcome<Erasure>> Mail(Tx tx, UserId userId, OwnPassword? verified, string? callbackUrl)
    {
        if (await tx.Find<User>(User.ById(userId)) is not { DeletedAt: null } user)
        {
            return Refusals.UserNotFound;
        }

        // The link before the password: the order of locks.
        await tx.Run(await mail.Ask(tx, user, callbackUrl, clock.Now()));
        if (await Changed(tx, userId, verified, PasswordRow.Confirm) is { } refusal)
        {
            return refusal;
        }

        await tx.Run(verified?.Settle ?? []);

        return Erasure.Mailed;
    }

    /// <summary>A refusal when the password was changed while the old one was being verified.</summary>
    private static async Task<Refusal?> Changed(Tx tx, UserId userId, OwnPassword? verified, Func<UserId, string, Sql> confirm) =>
        verified is not null && await tx.Find<One<string>>(confirm(userId, verified.Hash)) is null ? Refusals.InvalidCredentials : null;
}
