using Mana.Ledger;
using Mana.Me;
using Mana.Platform;
using Mana.Specs.Gifts;
using Mana.Specs.Ledger;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Mana.Specs.Me;

/// <summary>CRD-19, rulings 18a and 24: the books of somebody who was erased stay, balance, and say of whom no longer.</summary>
public sealed class Leaving_the_books(House house) : IClassFixture<House>
{
    [Fact]
    public async Task The_books_stay_and_balance_and_what_was_left_is_with_the_erased()
    {
        var alice = await house.Person("alice");
        await alice.Use(40, appId: "chat");
        var before = await house.Services.GetRequiredService<CheckBooks>().Run(CancellationToken.None);
        var left = await Received("system:deleted");
        var spent = await Received("app:chat");

        var erased = (await Erase(alice)).Value;

        var after = await house.Services.GetRequiredService<CheckBooks>().Run(CancellationToken.None);
        Assert.Empty(after.Faults);
        Assert.Equal(before.Accounts, after.Accounts);
        Assert.Equal(before.Transactions + 1, after.Transactions);
        Assert.Equal(before.Held - 110, after.Held);
        Assert.Equal(left + 110, await Received("system:deleted"));
        Assert.Equal(spent, await Received("app:chat"));
        Assert.Equal(2, erased.CreditMovements);
        Assert.Equal(0, await Count("select count(*) from credits.accounts where owner_id = $1", alice.Id));
        Assert.Equal(
            0,
            await Count(
                "select count(*) from credits.transactions where owner_id like 'deleted:%' and (description <> '' or metadata is not null)"
            )
        );
    }

    [Fact]
    public async Task CRD_19_what_is_set_aside_comes_back_and_every_lot_leaves_with_the_rest()
    {
        var (alice, service) = (await house.Person("alice"), house.Service());
        await service.Grant(alice, 60, $"a-{alice.Id}", free: true, priority: 3, expiresAt: house.Clock.GetUtcNow().AddDays(9));
        await service.Grant(alice, 40, $"b-{alice.Id}", expiresAt: house.Clock.GetUtcNow().AddDays(1));
        await alice.Use(20, appId: "chat");
        var charge = (await alice.Use(5, appId: "chat")).Expect(200).Json.GetProperty("transaction").GetProperty("id").GetString()!;
        var held = (await service.Reserve(alice, 70)).Expect(200).Text("reservationId");
        var committed = (await service.Reserve(alice, 8)).Expect(200).Text("reservationId");
        (await service.Commit(committed, 3)).Expect(200);
        var (before, spent) = (await Received("system:deleted"), await Received("app:chat"));

        Assert.False((await Erase(alice)).IsRefused);

        await house.BooksBalance();
        Assert.Equal(before + 150 + 60 + 40 - 20 - 5 - 3, await Received("system:deleted"));
        Assert.Equal(spent, await Received("app:chat"));
        Assert.Equal(
            0,
            await Count("select count(*) from credits.holds where owner_id like 'deleted:%' and (ended_seq is null or reason <> '')")
        );
        Assert.Equal(0, await Count("select coalesce(sum(remaining + held), 0)::bigint from credits.lots where owner_id like 'deleted:%'"));
        Assert.Equal("released", await house.Database.Read<string>("select ended_as from credits.holds where id = $1", Guid.Parse(held)));

        // Services that still know the reservation, the charge or the person find nobody.
        (await service.Commit(held)).Expect(404);
        (await service.Commit(committed, 3)).Expect(404);
        (await service.Release(held)).Expect(404);
        (await service.Refund(alice, charge, 5)).Expect(404);
        (await service.Grant(alice, 1, $"c-{alice.Id}")).Expect(404);
        (await service.Reserve(alice, 1)).Expect(404);
        await house.BooksBalance();
    }

    [Fact]
    public async Task CRD_19_a_hold_that_is_committed_while_its_person_is_erased_is_committed_or_released_and_never_both()
    {
        for (var round = 0; round < 5; round++)
        {
            var (alice, service) = (await house.Person("alice"), house.Service());
            var ids = new List<string>();
            for (var count = 0; count < 6; count++)
            {
                ids.Add((await service.Reserve(alice, 10)).Expect(200).Text("reservationId"));
            }

            var commits = ids.Select(id => Task.Run(() => service.Commit(id))).ToList();
            Assert.False((await Erase(alice)).IsRefused);
            var replies = await Task.WhenAll(commits);

            Assert.All(replies, reply => Assert.True(reply.Status is 200 or 400 or 404 or 409, $"{reply.Status}: {reply.Body}"));
            Assert.Equal(
                replies.Count(reply => reply.Status == 200),
                await Count(
                    "select count(*) from credits.holds where id = any ($1) and ended_as = 'committed'",
                    ids.Select(Guid.Parse).ToArray()
                )
            );
            Assert.Equal(
                replies.Count(reply => reply.Status != 200),
                await Count(
                    "select count(*) from credits.holds where id = any ($1) and ended_as = 'released'",
                    ids.Select(Guid.Parse).ToArray()
                )
            );
        }

        await house.BooksBalance();
    }

    [Fact]
    public async Task CRD_19_gifts_that_were_made_come_back_and_leave_too_and_those_for_the_person_are_for_nobody()
    {
        var (alice, bob, carol) = (await house.Payer(100), await house.Payer(100, "bob"), await house.Person("carol"));
        var open = (await alice.Give(30, targetEmail: carol.Email)).Expect(201).Text("code");
        var taken = (await alice.Give(20)).Expect(201).Text("code");
        (await carol.Take(taken)).Expect(200);
        var forAlice = (await bob.Give(40, targetEmail: alice.Email)).Expect(201).Text("code");
        var before = await Received("system:deleted");

        Assert.False((await Erase(alice)).IsRefused);

        Assert.Equal(before + 150 + 100 - 20, await Received("system:deleted"));
        (await carol.Take(open)).Expect(403);
        (await carol.Take(taken)).Expect(200);
        (await carol.Take(forAlice)).Expect(403);
        house.Clock.Move(TimeSpan.FromDays(2)); // when a living giver would be granted their daily credits first
        await carol.Login();
        (await carol.Take(taken)).Expect(200);
        Assert.Equal(0, await Count("select count(*) from credits.accounts where owner_kind = 'erased' and free + paid > 0"));
        Assert.Equal(
            0,
            await Count(
                "select count(*) from credits.gifts where creator_id like 'deleted:%' and (message is not null or target_email <> '')"
            )
        );
        Assert.Equal(0, await Count("select count(*) from credits.gifts where target_email = $1", alice.Email));
        await house.BooksBalance();
    }

    [Fact]
    public async Task CRD_19_more_than_one_posting_can_hold_leaves_in_several()
    {
        var alice = await house.Person("alice");
        await house.Database.Tamper(
            $"""
            with given as (
                select a.owner_id, a.version + n as seq, gen_random_uuid() as id, a.free + a.paid + (n - 1) * 1000000000000 as before
                from credits.accounts a cross join generate_series(1, 3) as n
                where a.owner_id = '{alice.Id}'
            ), transfers as (
                insert into credits.transfers (owner_id, seq, ordinal, from_account, to_account, amount)
                select owner_id, seq, 1, 'stripe', 'paid', 1000000000000 from given
            ), history as (
                insert into credits.transactions (
                    owner_id, seq, id, type, status, amount, balance_before, balance_after, app_id, description, created_at, completed_at,
                    hash, xid)
                select owner_id, seq, id, 'purchase', 'completed', 1000000000000, before, before + 1000000000000, 'system', 'a fortune',
                    now(), now(), sha256('linked in a moment'), (select credits.current_xid())
                from given
            )
            update credits.accounts
            set paid = paid + 3000000000000, earned = earned + 3000000000000, version = version + 3
            where owner_id = '{alice.Id}';
            {Tampering.Rechaining()}
            """
        );

        var left = await Received("system:deleted");

        Assert.False((await Erase(alice)).IsRefused);

        await house.BooksBalance();
        Assert.Equal(left + 3_000_000_000_150, await Received("system:deleted"));
    }

    [Fact]
    public async Task GDP_01_each_row_of_a_history_is_written_once_when_it_loses_its_owner()
    {
        var alice = await house.Person("alice");
        (await alice.Use(40, key: "k")).Expect(200);
        (await house.Service().Reserve(alice, 7)).Expect(200);
        await house.Database.Tamper(
            """
            create table public.rewritten (name text);
            create function public.count_row() returns trigger language plpgsql security definer as
                'begin insert into public.rewritten values (tg_table_name); return null; end';
            create trigger count_row after update on credits.transactions for each row execute function public.count_row();
            create trigger count_row after update of owner_id on credits.holds for each row execute function public.count_row()
            """
        );

        Assert.False((await Erase(alice)).IsRefused);

        Assert.Equal(5, await Count("select count(*) from public.rewritten where name = 'transactions'"));
        Assert.Equal(1, await Count("select count(*) from public.rewritten where name = 'holds'"));
        await house.Database.Tamper("drop function public.count_row() cascade; drop table public.rewritten");
        await house.BooksBalance();
    }

    [Fact]
    public async Task Only_the_service_may_detach_an_owner()
    {
        var alice = await house.Person("alice");
        await using var app = await house.Database.AsApp();
        await using var transaction = await app.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(
            $"select set_config('app.user_id', '{alice.Id}', true), set_config('app.role', 'user', true); select credits.detach_owner('{alice.Id}', '', 'x')",
            app
        );

        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    private Task<Outcome<ErasedPerson>> Erase(Person person) =>
        house.Services.GetRequiredService<ErasePerson>().Run(new UserId(person.Id), CancellationToken.None);

    private Task<long> Count(string sql, params object[] values) => house.Database.Read<long>(sql, values);

    private Task<long> Received(string account) =>
        Count("select coalesce(sum(amount), 0)::bigint from credits.transfers where to_account = $1", account);
}
