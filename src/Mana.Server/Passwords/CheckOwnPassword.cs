using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Npgsql;

namespace Mana.Passwords;

/// <summary>The password of somebody who has just typed it rightly.</summary>
/// <param name="Hash">The stored hash it fits, to be confirmed in the transaction of what it allows.</param>
/// <param name="Settle">As in <see cref="RightPassword"/>, for the same transaction.</param>
public sealed record OwnPassword(string Hash, Sql[] Settle);

/// <summary>Asks somebody who is signed in for their password again, before something that cannot be taken back.</summary>
public sealed class CheckOwnPassword(Db db, CheckPassword check)
{
    private static readonly Scope Asking = Scope.Service("ask somebody for their password again");

    /// <param name="purpose">As in <see cref="CheckPassword"/>.</param>
    public async Task<Outcome<OwnPassword>> Run(
        UserId userId,
        string password,
        string purpose,
        Requester requester,
        CancellationToken cancel
    )
    {
        var own = await db.Find<Own>(
            Asking,
            $"""
            select u.email, p.hashed_password
            from auth.users u
            left join auth.passwords p on p.user_id = u.id
            where u.id = {userId} and u.deleted_at is null
            """,
            cancel
        );
        if (own is null)
        {
            return Refusals.UserNotFound;
        }

        if (own.Hash is not { } hash)
        {
            return Refusals.NoPassword;
        }

        var right = await check.Run(new PasswordHolder(own.Email, userId, hash), password, purpose, requester, cancel);

        return right.Then(found => new OwnPassword(hash, found.Settle));
    }

    private sealed record Own(string Email, string? Hash) : IRow<Own>
    {
        public static Own Read(NpgsqlDataReader row) => new(row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1));
    }
}
