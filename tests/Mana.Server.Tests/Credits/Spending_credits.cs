using Mana.Specs.World;
using Npgsql;

namespace Mana.Specs.Credits;

public sealed class Spending_credits(House house) : IClassFixture<House>
{
    [Fact]
    public async Task Fifty_parallel_uses_of_ten_against_one_hundred_and_fifty_succeed_exactly_fifteen_times()
    {
        var alice = await house.Person("alice");

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => alice.Use(10)));

        Assert.Equal(15, replies.Count(reply => reply.Status == 200));
        Assert.All(replies.Where(reply => reply.Status != 200), reply => reply.Expect(402, "INSUFFICIENT_CREDITS"));
        Assert.Equal(0, await alice.Balance());
    }

    [Fact]
    public async Task CRD_04_thirty_parallel_twins_of_one_key_charge_once_and_answer_alike()
    {
        var alice = await house.Person("alice");

        var replies = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => alice.Use(10, key: "twin")));

        Assert.All(replies, reply => reply.Expect(200));
        Assert.Single(replies.Select(reply => reply.Json.GetProperty("transaction").GetRawText()).Distinct());
        Assert.Equal(29, replies.Count(reply => reply.Header("Idempotency-Hit") == "true"));
        Assert.Equal(140, await alice.Balance());
    }

    [Fact]
    public async Task CRD_04_twins_of_one_group_on_other_terms_are_409()
    {
        const string waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        var held = await Held("lock table credits.transfers in exclusive mode");
        var his = bob.Use(1);
        for (var wait = 0; await house.Database.Read<long>(waiting) == 0; wait++)
        {
            Assert.True(wait < 100, "his group does not wait");
            await Task.Delay(10);
        }

        var hers = Enumerable.Range(0, 6).Select(number => alice.Use(number % 2 == 0 ? 10 : 20, key: "twin")).ToList();
        await Task.Delay(200); // all of them share the next group
        await held.DisposeAsync();

        (await his).Expect(200);
        var replies = await Task.WhenAll(hers);
        Assert.Equal(3, replies.Count(reply => reply.Status == 200));
        Assert.All(replies.Where(reply => reply.Status != 200), reply => reply.Expect(409, "IDEMPOTENCY_KEY_MISMATCH"));
        Assert.Contains(await alice.Balance(), new long[] { 130, 140 });
    }

    [Fact]
    public async Task One_busy_account_delays_nobody_else_and_its_spendings_keep_their_order()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        await using var aliceIsBusy = await Busy(alice);
        var waiting = new List<Task<Reply>>();
        for (var number = 0; number < 6; number++)
        {
            waiting.Add(alice.Use(1, key: $"k{number}"));
            await Task.Delay(40); // each in a group of its own
        }

        var bobIsBusy = await Busy(bob);
        var his = bob.Use(1);
        await Task.Delay(40);
        await bobIsBusy.DisposeAsync();

        (await his).Expect(200);
        Assert.All(waiting, reply => Assert.False(reply.IsCompleted));
        await aliceIsBusy.DisposeAsync();
        Assert.All(await Task.WhenAll(waiting), reply => reply.Expect(200));
        Assert.Equal(
            "k0 k1 k2 k3 k4 k5",
            await house.Database.Read<string>(
                "select string_agg(idempotency_key, ' ' order by seq) from credits.transactions where owner_id = $1",
                alice.Id
            )
        );
    }

    /// <summary>Somebody else holds the row until the connection is closed.</summary>
    private Task<NpgsqlConnection> Busy(Person person) => Held($"select from credits.accounts where owner_id = '{person.Id}' for update");

    /// <summary>What the statement locks is held until the connection is closed.</summary>
    private async Task<NpgsqlConnection> Held(string sql)
    {
        var connection = await house.Database.AsAdmin();
        await using var command = new NpgsqlCommand($"begin; {sql}", connection);
        await command.ExecuteNonQueryAsync();

        return connection;
    }
}
