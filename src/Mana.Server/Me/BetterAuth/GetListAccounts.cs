using Mana.Platform.Database;
using Mana.Platform.Http;
using Npgsql;

namespace Mana.Me.BetterAuth;

public static class GetListAccounts
{
    /// <summary>A way to prove who one is, as the wire shows it: no token, no hash, no date of expiry.</summary>
    public sealed record LinkedAccount(
        string AccountId,
        string ProviderId,
        string UserId,
        DateTimeOffset CreatedAt,
        DateTimeOffset UpdatedAt,
        string Id,
        string[] Scopes
    ) : IRow<LinkedAccount>
    {
        public static LinkedAccount Read(NpgsqlDataReader row) =>
            new(
                row.GetString(0),
                row.GetString(1),
                row.GetString(2),
                row.GetFieldValue<DateTimeOffset>(3),
                row.GetFieldValue<DateTimeOffset>(4),
                row.GetString(5),
                row.IsDBNull(6) ? [] : row.GetString(6).Split(',', StringSplitOptions.RemoveEmptyEntries)
            );
    }

    /// <summary>The caller's linked accounts, the oldest first (wire section 7.20).</summary>
    public static async Task<Answer<List<LinkedAccount>>> Handle(Caller caller, Db db, CancellationToken cancel) =>
        await db.All<LinkedAccount>(
            Scope.User(caller.UserId.Value),
            $"""
            select account_id, provider_id, user_id, created_at, updated_at, id, scope
            from auth.accounts
            where user_id = {caller.UserId}
            order by created_at, id
            """,
            cancel
        );
}
