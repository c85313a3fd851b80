using System.Text.Json;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Security;
using Mana.Sessions;
using Mana.Users;
using Npgsql;

namespace Mana.Emails;

/// <summary>A wish for another address, looked at without using its link up.</summary>
/// <param name="User">As they are now, with the address they have.</param>
public sealed record PendingEmailChange(User User, string NewEmail);

/// <summary>
/// Follows the link in the mail to a new address: the person has it from then on. The link is bound to person, old and new address, and to the
/// session that asked.
/// </summary>
public sealed class ChangeEmail(Db db, Verifications verifications, EmailChangeNotice notice, Revocations revocations, TimeProvider clock)
{
    private static readonly Scope Looking = Scope.Service("look at a change of address");

    private static readonly Scope Changing = Scope.Service("change an address");

    /// <summary>A look that consumes nothing: what a mail scanner's GET may do (ruling 9).</summary>
    public async Task<Outcome<PendingEmailChange>> Look(string secret, CancellationToken cancel)
    {
        var found = await db.Find<Verification>(Looking, verifications.Find(VerificationPurpose.EmailChange, secret), cancel);

        return found is null || Terms(found).OldEmail != found.User.Email ? Refusals.LinkInvalid
            : found.Check(clock.Now()) is { } refusal ? refusal
            : new PendingEmailChange(found.User, found.Mailbox);
    }

    /// <param name="signedIn">Who is signed in where the link is followed; nobody need be, but nobody else may be (wire section 7.7).</param>
    /// <returns>The person with the new address.</returns>
    public async Task<Outcome<User>> Run(string secret, UserId? signedIn, Requester requester, CancellationToken cancel)
    {
        var pending = await Look(secret, cancel);
        if (pending.IsRefused)
        {
            return pending.Refusal!;
        }

        if (signedIn is { } visitor && visitor != pending.Value.User.Id)
        {
            return Refusals.LinkOfAnother;
        }

        try
        {
            return await db.Transact<User>(Changing, tx => Use(tx, secret, requester), cancel);
        }
        catch (PostgresException taken) when (taken.ConstraintName == "users_email_unique")
        {
            return Refusals.LinkInvalid; // somebody else has registered the address since
        }
    }

    private async Task<Outcome<User>> Use(Tx tx, string secret, Requester requester)
    {
        var now = clock.Now();
        if (await tx.Find<Verification>(verifications.Use(VerificationPurpose.EmailChange, secret, now)) is not { } used)
        {
            return Refusals.LinkInvalid; // another click was first
        }

        // Whatever else was sent to the old mailbox proves nothing any more.
        await tx.Run(Verifications.SupersedeAll(used.User.Id, now));
        var terms = Terms(used);
        var isAlive = await tx.Value<bool>(
            $"""
            select true from auth.sessions
            where id = {terms.SessionId} and revoked_at is null and expires_at > {now}
            for share
            """
        );
        if (!isAlive)
        {
            return Refusals.LinkInvalid; // whoever asked was thrown out, has signed out, or did not come back
        }

        var changed = await tx.Find<User>(
            $"""
            update auth.users set email = {used.Mailbox}, updated_at = {now}
            where id = {used.User.Id} and email = {terms.OldEmail} and deleted_at is null
            returning id, name, email, email_verified, image, role::text, two_factor_enabled, created_at, updated_at, deleted_at
            """
        );
        if (changed is null)
        {
            return Refusals.LinkInvalid;
        }

        await tx.Run(
            SecurityEvent.Insert(SecurityEvent.EmailVerified, changed.Id, requester, now, new { change = true }),
            notice.Changed(used.User, now)
        );
        tx.AfterCommit(() => revocations.Changed(changed.Id));

        return changed;
    }

    private static ChangeTerms Terms(Verification verification) =>
        JsonSerializer.Deserialize<ChangeTerms>(verification.Payload!, WireJson.Options)!;
}
