using Mana.Me;
using Mana.Platform;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Mana.Specs.Me;

/// <summary>Rulings 12b, 18a and 24: everything goes but the books and the audit, and those say of whom no longer.</summary>
public sealed class Erasing_a_person(DirectHouse house) : IClassFixture<DirectHouse>
{
    [Fact]
    public async Task GDP_01_nothing_in_any_table_leads_back_to_the_person()
    {
        var name = $"Zarathustra {Guid.NewGuid():N}";
        var alice = house.Stranger("alice");
        await alice.Register(name);
        await alice.Login();
        var browser = await alice.InABrowser();
        await alice.Use(7, $"key-of-{alice.Id}");
        await house.Nobody().Post("/api/v1/auth/login", new { email = alice.Email, password = Phrases.Wrong });
        await house.Database.Tamper(
            "insert into auth.login_attempts (id, email, method, ip_address, attempted_at) values (gen_random_uuid(), $1, 'password', '', now())",
            alice.Email
        );
        await browser.Post("/api/auth/change-email", new { newEmail = $"new-{alice.Email}" });
        await house.Idle();
        await house.Database.Tamper(
            """
            insert into jobs.jobs (id, kind, payload, user_id, run_at, parked_at, created_at)
            select gen_random_uuid(), 'verification-mail', jsonb_build_object('email', email), id, now(), now(), now() from auth.users where id = $1
            """,
            alice.Id
        );
        string[] traces = [alice.Id, alice.Email, name];
        Assert.All(traces, trace => Assert.NotEmpty(Holding(trace).Result));
        Assert.True((await Holding(alice.Id)).Count >= 9, string.Join(", ", await Holding(alice.Id)));

        (await browser.Post("/api/auth/delete-user", new { password = alice.Password })).Expect(200);

        // What instances have to hear within a second is kept for an hour (docs/reference/retention.md).
        Assert.Equal(["auth.revocations.subject"], await Holding(alice.Id));
        Assert.Empty(await Holding(alice.Email));
        Assert.Empty(await Holding(name));
    }

    [Fact]
    public async Task Every_table_that_names_a_person_has_a_rule_for_their_erasure()
    {
        var forgotten = await Texts(
            """
            with recursive erased as (
                select 'auth.users'::regclass::oid as id
                union
                select f.conrelid from pg_constraint f join erased e on e.id = f.confrelid
                where f.contype = 'f' and f.confdeltype in ('c', 'n')
            )
            select n.nspname || '.' || c.relname
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and col_description(c.oid, a.attnum) = 'mana:owner'
            where n.nspname in ('auth', 'jobs') and c.relkind in ('r', 'p') and c.oid not in (select id from erased)
            """
        );

        Assert.Empty(forgotten);
    }

    [Fact]
    public async Task No_table_is_read_whole_to_find_what_belongs_to_the_person()
    {
        var unindexed = await Texts(
            """
            with recursive erased as (
                select 'auth.users'::regclass::oid as id
                union
                select f.conrelid from pg_constraint f join erased e on e.id = f.confrelid where f.contype = 'f'
            ), searched as (
                select f.conrelid as id, f.conkey[1] as attnum from pg_constraint f join erased e on e.id = f.confrelid where f.contype = 'f'
                union
                select c.oid, a.attnum
                from pg_class c
                join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'credits'
                join pg_attribute a on a.attrelid = c.oid and col_description(c.oid, a.attnum) = 'mana:owner'
                where c.relkind in ('r', 'p')
            )
            select s.id::regclass::text || '.' || a.attname
            from searched s
            join pg_attribute a on a.attrelid = s.id and a.attnum = s.attnum
            where not exists (select 1 from pg_index i where i.indrelid = s.id and i.indkey[0] = s.attnum)
            """
        );

        Assert.Empty(unindexed);
    }

    [Fact]
    public async Task B_83_the_audit_stays_without_person_place_and_device()
    {
        var alice = await house.Person("alice");
        var registered = await Count("select count(*) from auth.security_events where event_type = 'REGISTER'");

        await Erase(alice);

        Assert.Equal(registered, await Count("select count(*) from auth.security_events where event_type = 'REGISTER'"));
        Assert.Equal(0, await Count("select count(*) from auth.security_events where user_id = $1", alice.Id));
        Assert.Equal(
            0,
            await Count(
                """
                select count(*) from auth.security_events
                where user_id is null and event_type in ('REGISTER', 'LOGIN_SUCCESS')
                    and (ip_address <> '' or user_agent <> '' or metadata is not null)
                """
            )
        );
        Assert.Equal(
            1,
            await Count(
                """
                select count(*) from auth.security_events
                where event_type = 'USER_DATA_DELETED' and metadata ->> 'subject' = encode(sha256($1::bytea), 'hex')
                    and user_id is null and ip_address = '' and user_agent = ''
                """,
                alice.Id
            )
        );
    }

    [Fact]
    public async Task The_address_is_told_once_and_forgotten_and_may_be_registered_anew()
    {
        var alice = await house.Person("alice");

        await Erase(alice);
        await house.Idle();

        Assert.Single(house.Mail.TextsTo(alice.Email), text => text.Contains("This cannot be undone", StringComparison.Ordinal));
        var again = new Person(house, alice.Email, alice.Password);
        (await again.Register("Another Alice")).Expect(201);
        await again.Login();
        Assert.NotEqual(alice.Id, again.Id);
        Assert.Equal(150, await again.Balance());
    }

    [Fact]
    public async Task GDP_04_no_row_comes_back_when_sign_in_refresh_and_spending_race_the_erasure()
    {
        for (var round = 0; round < 5; round++)
        {
            var alice = await house.Person("alice");
            var racers = Enumerable
                .Range(0, 6)
                .SelectMany(_ =>
                    new Func<Task<Reply>>[]
                    {
                        () => house.Nobody().Post("/api/v1/auth/login", new { email = alice.Email, password = alice.Password }),
                        () => house.Nobody().Post("/api/v1/auth/refresh", new { refreshToken = alice.RefreshToken }),
                        () => alice.Use(1),
                        () => alice.Get("/api/v1/credits/balance"),
                        () => alice.Post("/api/v1/auth/profile", new { name = "Al" }),
                    }
                )
                .Select(race => Task.Run(race))
                .ToList();
            var erased = await Erase(alice);
            var replies = await Task.WhenAll(racers);

            Assert.False(erased.IsRefused);
            Assert.All(replies, reply => Assert.True(reply.Status is 200 or 401 or 404, $"{reply.Status}: {reply.Body}"));
            Assert.Equal(["auth.revocations.subject"], await Holding(alice.Id));
        }

        await house.BooksBalance();
    }

    [Fact]
    public async Task GDP_04_a_sign_in_that_waits_for_the_erasure_is_refused_as_a_strangers_is()
    {
        var alice = await house.Person("alice");
        await using var admin = await house.Database.AsAdmin();
        await using var erasing = await admin.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand($"delete from auth.users where id = '{alice.Id}'", admin))
        {
            await command.ExecuteNonQueryAsync();
        }

        var login = house.Nobody().Post("/api/v1/auth/login", new { email = alice.Email, password = alice.Password });
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.False(login.IsCompleted);
        await erasing.CommitAsync();

        (await login).Expect(401, "INVALID_CREDENTIALS");
    }

    private Task<Outcome<ErasedPerson>> Erase(Person person) =>
        house.Services.GetRequiredService<ErasePerson>().Run(new UserId(person.Id), CancellationToken.None);

    private Task<long> Count(string sql, params object[] values) => house.Database.Read<long>(sql, values);

    /// <summary>Every column of every table that holds the text somewhere.</summary>
    private async Task<List<string>> Holding(string trace)
    {
        var holding = new List<string>();
        var columns = await Texts(
            """
            select n.nspname || '.' || c.relname || ' ' || a.attname
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where n.nspname in ('auth', 'credits', 'jobs', 'mana') and c.relkind in ('r', 'p')
            order by 1
            """
        );
        foreach (var (table, column) in columns.Select(text => text.Split(' ')).Select(parts => (parts[0], parts[1])))
        {
            if (await Count($"select count(*) from {table} where strpos(lower({column}::text), lower($1)) > 0", trace) > 0)
            {
                holding.Add($"{table}.{column}");
            }
        }

        return holding;
    }

    private async Task<List<string>> Texts(string sql)
    {
        await using var admin = await house.Database.AsAdmin();
        await using var command = new NpgsqlCommand(sql, admin);
        await using var rows = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await rows.ReadAsync())
        {
            texts.Add(rows.GetString(0));
        }

        return texts;
    }
}
