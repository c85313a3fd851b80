using Mana.Specs.World;

namespace Mana.Specs.Faults;

/// <summary>What a sign-up has left in the database, read past every policy.</summary>
public static class SignUpRemains
{
    /// <summary>One of each: the person, their credential, password, credits, audit row and mail secret.</summary>
    public const string Whole = "user 1, credential 1, password 1, credits 150, bonus 150, transfer 150, REGISTER 1, link 1";

    public const string Nothing = "user 0, credential 0, password 0, credits 0, bonus 0, transfer 0, REGISTER 0, link 0";

    public static Task<string> Of(Database database, string email) =>
        database.Read<string>(
            """
            with person as (select id from auth.users where email = $1)
            select format(
                'user %s, credential %s, password %s, credits %s, bonus %s, transfer %s, REGISTER %s, link %s',
                (select count(*) from person),
                (select count(*) from auth.accounts where user_id in (select id from person) and provider_id = 'credential'),
                (select count(*) from auth.passwords where user_id in (select id from person)),
                (select coalesce(sum(free), 0) from credits.accounts where owner_id in (select id from person) and version = 1),
                (select coalesce(sum(amount), 0) from credits.transactions where owner_id in (select id from person) and type = 'bonus'),
                (select coalesce(sum(amount), 0) from credits.transfers where owner_id in (select id from person) and to_account = 'free'),
                (select count(*) from auth.security_events where user_id in (select id from person) and event_type = 'REGISTER'),
                (select count(*) from auth.verification_tokens where user_id in (select id from person) and used_at is null))
            """,
            email
        );

    /// <summary>Rows that belong to nobody: credits, history, audit. Zero, always.</summary>
    public static Task<long> Orphans(Database database) =>
        database.Read<long>(
            """
            select
                (select count(*) from credits.accounts where owner_id not in (select id from auth.users))
                + (select count(*) from credits.transactions where owner_id not in (select id from auth.users))
                + (select count(*) from credits.transfers where owner_id not in (select id from auth.users))
                + (select count(*) from auth.security_events where user_id is null)
            """
        );

    public static Task<long> Jobs(Database database, string email) =>
        database.Read<long>("select count(*) from jobs.jobs where payload ->> 'email' = $1 and parked_at is null", email);

    /// <summary>The Message-ID of every mail to somebody, oldest first.</summary>
    public static string[] MessageIds(SmtpSink mail, string email) =>
        [
            .. mail
                .Mails.Where(text => text.Contains($"To: {email}", StringComparison.OrdinalIgnoreCase))
                .Select(text => text.Split('\n').Single(line => line.StartsWith("Message-ID:", StringComparison.OrdinalIgnoreCase))),
        ];
}
