using Mana.Specs.World;

namespace Mana.Specs.Ledger;

/// <summary>
/// What is asked all day, with plans that know no value (force_generic_plan): PostgreSQL makes such plans after five executions, and a
/// statement it then answers by reading a table from end to end gets slower with every customer.
/// </summary>
public sealed class Finding_rows_by_index(House house) : IClassFixture<House>
{
    private const int Others = 20_000;
    private const int Spendings = 2_000;
    private const int Times = 20;

    // A page has fifty rows; a spending touches its account, its lots, its key.
    private const long RowsOfARequestMax = 60;

    private static readonly string[] Grown =
    [
        "credits.accounts",
        "credits.transactions",
        "credits.transfers",
        "auth.users",
        "auth.sessions",
    ];

    [Fact]
    public async Task No_hot_statement_reads_a_table_from_end_to_end()
    {
        var alice = await house.Person("alice");
        await Grow(alice);
        await house.Database.Tamper($"alter database {house.Database.Name} set plan_cache_mode = 'force_generic_plan'");
        await house.Restart(); // connections that end hand in what they counted, and new ones have the setting
        await house.Database.Read<string>("select pg_stat_reset()::text");

        var requests = 0;
        for (var time = 0; time < Times; time++)
        {
            requests += await Ask(alice, key: $"hot-{time}");
        }

        await house.Restart();

        // Connections hand in what they counted as they end; three spendings a time were looked up by their key.
        for (var wait = 0; await Scans("credits.transactions_idempotency_key_unique") < 3 * Times; wait++)
        {
            Assert.True(wait < 100, "nothing was counted");
            await Task.Delay(100);
        }

        await Task.Delay(500);
        foreach (var table in Grown)
        {
            Assert.True(0 == await Count("seq_tup_read", table), $"{table} was read from end to end");
            var fetched = await Count("idx_tup_fetch", table);
            Assert.True(fetched <= requests * RowsOfARequestMax, $"{requests} requests fetched {fetched} rows of {table}");
        }

        foreach (var index in new[] { "credits.accounts_pkey", "credits.transactions_pkey", "auth.sessions_pkey" })
        {
            Assert.True(await Scans(index) > 0, $"{index} was not used");
        }
    }

    private async Task<int> Ask(Person alice, string key)
    {
        var service = house.Service("chat");
        var middle = await house.Database.Read<string>(
            "select id::text from credits.transactions where owner_id = $1 and seq = $2",
            alice.Id,
            (long)Spendings / 2
        );
        var use = new
        {
            userId = alice.Id,
            amount = 1,
            description = "hot",
            idempotencyKey = key,
        };
        Reply[] replies =
        [
            await alice.Get("/api/v1/credits/balance"),
            await alice.Use(1, key: key + "-own"),
            await service.Post("use", use),
            await service.Post("use", use),
            await alice.Get("/api/v1/credits/transactions"),
            await alice.Get($"/api/v1/credits/transactions?before={middle}"),
            await alice.Get("/api/v1/auth/session"),
        ];
        foreach (var reply in replies)
        {
            reply.Expect(200);
        }

        return replies.Length;
    }

    private async Task Grow(Person alice)
    {
        var service = house.Service("chat");
        (await service.Grant(alice, Spendings, "to spend")).Expect(200);
        await Parallel.ForAsync(
            0,
            Spendings,
            new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (_, _) => (await alice.Use(1)).Expect(200)
        );
        await house.Database.Tamper(
            """
            insert into auth.users (id, name, email, email_verified, created_at, updated_at)
            select 'other-' || n, 'Other', 'other-' || n || '@example.com', true, now(), now() from generate_series(1, $1) n
            """,
            Others
        );
        await house.Database.Tamper(
            """
            insert into auth.sessions (
                id, user_id, token_hash, expires_at, remember_me, lifetime_seconds, refresh_salt, refresh_expires_at, ip_address, user_agent,
                last_activity_at, created_at, updated_at)
            select 'other-' || n, 'other-' || n, sha256(n::text::bytea), now() + interval '1 day', true, 86400, sha256(n::text::bytea),
                now() + interval '1 day', '127.0.0.1', 'spec', now(), now(), now()
            from generate_series(1, $1) n
            """,
            Others
        );
        await house.Database.Tamper(
            """
            insert into credits.accounts (
                owner_id, owner_kind, free, paid, held, earned, spent, version, daily_granted_at, due_at, created_at, updated_at,
                chain_id, chain_salt, chain_tail)
            select 'other-' || n, 'person', 0, 0, 0, 0, 0, 0, now(), now() + interval '1 day', now(), now(),
                gen_random_uuid(), uuid_send(gen_random_uuid()), decode(repeat('00', 32), 'hex')
            from generate_series(1, $1) n
            """,
            Others
        );
        await house.Database.Tamper("analyze");
    }

    private Task<long> Count(string what, string table) =>
        house.Database.Read<long>($"select coalesce({what}, 0) from pg_stat_user_tables where relid = $1::regclass", table);

    private Task<long> Scans(string index) =>
        house.Database.Read<long>("select idx_scan from pg_stat_user_indexes where indexrelid = $1::regclass", index);
}
