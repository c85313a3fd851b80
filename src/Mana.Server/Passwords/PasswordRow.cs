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

    public static Sql Replace(UserId userId, string hash, DateTimeOffset now) =>
        $"update auth.passwords set hashed_password = {hash}, updated_at = {now} where user_id = {userId}";

    /// <summary>Only the hash that was verified is upgraded: a password changed meanwhile stays changed.</summary>
    public static Sql Upgrade(UserId userId, string verified, string upgraded, DateTimeOffset now) =>
        $"""
            update auth.passwords set hashed_password = {upgraded}, updated_at = {now}
            where user_id = {userId} and hashed_password = {verified}
            """;
}
