using System.Security.Cryptography;
using System.Text;
using Mana.Credits;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Security;
using Mana.Sessions;
using Mana.Users;

namespace Mana.Me;

/// <summary>What went, in rows.</summary>
/// <param name="CreditMovements">These stay as books, under a name nobody knows.</param>
public sealed record ErasedPerson(int Sessions, int LinkedAccounts, long CreditMovements);

/// <summary>
/// Erases a person at once (ruling 12b): their row and everything below <c>auth</c> and <c>jobs</c>. The books and the audit stay without
/// them (rulings 18a and 24). What is left of the person is one event with the hash of their id, so that a restored backup can be told whom to
/// erase again, and a farewell that waits sealed until it is sent.
/// </summary>
public sealed class ErasePerson(Db db, LeaveBooks books, FarewellMail farewell, Revocations revocations, TimeProvider clock)
{
    /// <summary>
    /// A history may have any length, and it goes in one transaction or not at all: nobody's right to be forgotten ends at what a request may
    /// take. While it goes nothing is sealed.
    /// </summary>
    private static readonly LongLimit Limit = new(Whole: TimeSpan.FromSeconds(60), Statement: TimeSpan.FromSeconds(55));

    private static readonly Scope Erasing = Scope.Service("erase a person");

    /// <summary>The address and the agent of whoever asked would be personal data of somebody who is gone.</summary>
    private static readonly Requester Nobody = new("", "", "");

    private readonly Db _db = db.Within(Limit);

    public Task<Outcome<ErasedPerson>> Run(UserId userId, CancellationToken cancel) =>
        _db.Transact<ErasedPerson>(Erasing, tx => Run(tx, userId, closedBefore: null), cancel);

    /// <summary>The same for somebody who closed their account before that instant, and did not open it again.</summary>
    public Task<Outcome<ErasedPerson>> RunIfClosed(UserId userId, DateTimeOffset before, CancellationToken cancel) =>
        _db.Transact<ErasedPerson>(Erasing, tx => Run(tx, userId, before), cancel);

    /// <summary>The same if something else allows it, in the same transaction, such as using up a link.</summary>
    /// <param name="forbids">Answers null when nothing speaks against it.</param>
    public Task<Outcome<ErasedPerson>> RunUnless(Func<Tx, Task<Refusal?>> forbids, UserId userId, CancellationToken cancel) =>
        _db.Transact<ErasedPerson>(
            Erasing,
            async tx => await forbids(tx) is { } refusal ? refusal : await Run(tx, userId, closedBefore: null),
            cancel
        );

    // In the order of locks (docs/architecture.md), and the person's row last of auth: whoever races this waits for a row that is gone then.
    private async Task<Outcome<ErasedPerson>> Run(Tx tx, UserId userId, DateTimeOffset? closedBefore)
    {
        var now = clock.Now();
        await tx.Run(
            $"delete from auth.verification_tokens where user_id = {userId}",
            $"delete from auth.passwords where user_id = {userId}"
        );
        var sessions = await tx.All<EndedSession>(
            $"""
            delete from auth.sessions where id in (select id from auth.sessions where user_id = {userId} order by id for update)
            returning id, user_id
            """
        );
        var accounts = await tx.Run($"delete from auth.accounts where user_id = {userId}");
        var user = await tx.Find<User>(
            $"""
            delete from auth.users
            where id = {userId} and ({closedBefore}::timestamptz is null or deleted_at < {closedBefore})
            returning id, name, email, email_verified, image, role::text, two_factor_enabled, created_at, updated_at, deleted_at
            """
        );
        if (user is null)
        {
            return Refusals.UserNotFound;
        }

        var movements = await books.Run(tx, user);
        var metadata = new { subject = Pseudonym(userId) };
        await tx.Run(
            Lockout.ForgetAll(user.Email),
            SecurityEvent.Insert(SecurityEvent.UserDataDeleted, userId: null, Nobody, now, metadata),
            farewell.Send(user, now)
        );
        tx.AfterCommit(() =>
        {
            sessions.ForEach(session => revocations.Ended(session.Id));
            revocations.Changed(userId);
        });

        return new ErasedPerson(sessions.Count, accounts, movements);
    }

    /// <summary>Ids are 190 random bits, so nobody finds one from its hash; whoever has the id can compute it, in SQL too.</summary>
    private static string Pseudonym(UserId userId) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(userId.Value)));
}
