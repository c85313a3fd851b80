using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Passwords;

/// <summary>Statements about the stored hash and its credential record.</summary>
public static class PasswordRow
{
    public const string Provider = "credential";

    public static Sql[] Insert(UserId userId, string hash, DateTimeOffset now) =>
        [
            $"""
                insert into auth.accounts (id, user_id, provider_id, account_id, created_at, updated_at)
                values ({Ids.Text()}, {userId}, {Provider}, {userId}, {now}, {now})
                """,
            $"""
                insert into auth.passwords (user_id, hashed_password, created_at, updated_at)
                values ({userId}, {hash}, {now}, {now})
                """,
        ];

    public static Sql Find(UserId userId) => $"select hashed_password from auth.passwords where user_id = {userId}";

    /// <summary>The password of somebody who has one, or has none yet.</summary>
    public static Sql[] Set(UserId userId, string hash, DateTimeOffset now) =>
        [
            $"""
                insert into auth.accounts (id, user_id, provider_id, account_id, created_at, updated_at)
                values ({Ids.Text()}, {userId}, {Provider}, {userId}, {now}, {now})
                on conflict (provider_id, account_id) do update set updated_at = excluded.updated_at
                """,
            $"""
                insert into auth.passwords (user_id, hashed_password, created_at, updated_at)
                values ({userId}, {hash}, {now}, {now})
                on conflict (user_id) do update set hashed_password = excluded.hashed_password, updated_at = excluded.updated_at
                """,
        ];

    /// <summary>
    /// Answers the hash if it is still the one that was verified, and keeps it so until the end of the transaction: hashing takes long, and
    /// a password replaced meanwhile must not open anything.
    /// </summary>
    public static Sql Confirm(UserId userId, string verified) =>
        $"select hashed_password from auth.passwords where user_id = {userId} and hashed_password = {verified} for share";

    /// <summary>
    /// The same for whoever goes on to remove it: two who share the lock would wait for each other, until one of them is told of a deadlock.
    /// </summary>
    public static Sql ConfirmToRemove(UserId userId, string verified) =>
        $"select hashed_password from auth.passwords where user_id = {userId} and hashed_password = {verified} for update";

    /// <summary>Only the hash that was verified is exchanged for another one: a password changed meanwhile stays changed.</summary>
    public static Sql Exchange(UserId userId, string verified, string hash, DateTimeOffset now) =>
        $"""
            update auth.passwords set hashed_password = {hash}, updated_at = {now}
            where user_id = {userId} and hashed_password = {verified}
            """;
}
