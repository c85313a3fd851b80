using Mana.Credits;
using Mana.Ledger;
using Mana.Me;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Credits;

/// <summary>Rulings 18 and 18a, I6: the pool of an organisation, at the level of its verbs.</summary>
public sealed class Sharing_a_pool(House house) : IClassFixture<House>
{
    private static readonly Scope Founding = Scope.Service("found an organisation in a spec");

    [Fact]
    public async Task What_is_funded_is_allocated_and_taken_back_and_the_pool_always_adds_up()
    {
        var (pool, bob) = (await Founded(100), await house.Person("bob"));

        var given = (await Give(pool, bob, 60)).Value;
        Assert.Equal(new OrganizationBalance(100, 60, 40, 100, 60), given.Pool);
        Assert.Equal((60, 0, 60), (given.MemberBalance, given.Allocation.BalanceBefore, given.Allocation.BalanceAfter));
        Assert.Equal("150 60 60 0", await Holdings(bob));

        var back = (await TakeBack(pool, bob, 25)).Value;
        Assert.Equal(new OrganizationBalance(100, 35, 65, 100, 60), back.Pool);
        Assert.Equal(back.Pool, await Pool(pool));

        Assert.Equal(60, (await Change(pool, "correction", 5, deduct: true)).Value.Available);
        Assert.Equal(new OrganizationBalance(95, 35, 60, 100, 60), await Pool(pool));
        await house.BooksBalance();
    }

    [Fact]
    public async Task Nothing_is_given_that_is_not_there_and_nothing_taken_that_was_not_given()
    {
        var (pool, bob) = (await Founded(100), await house.Person("bob"));
        (await house.Service().Grant(bob, 500, "own")).Expect(200);

        var tooMuch = (await Give(pool, bob, 101)).Refusal!;
        Assert.Equal((402, "Insufficient organization credits. Available: 100, Requested: 101"), (tooMuch.Status, tooMuch.Message));
        Assert.False((await Give(pool, bob, 50)).IsRefused);
        Assert.Equal("TAKES_BACK_TOO_MUCH", (await TakeBack(pool, bob, 51)).Refusal!.Code);
        Assert.Equal("INSUFFICIENT_CREDITS", (await Change(pool, "too-much", 51, deduct: true)).Refusal!.Code);
        (await bob.Use(680)).Expect(200);
        Assert.Equal("INSUFFICIENT_CREDITS", (await TakeBack(pool, bob, 50)).Refusal!.Code);
        Assert.False((await TakeBack(pool, bob, 20)).IsRefused);
        Assert.Equal("NOT_FOUND", (await Give(new OwnerId("nobody"), bob, 1)).Refusal!.Code);
        Assert.Equal(new OrganizationBalance(100, 30, 70, 100, 50), await Pool(pool));
        await house.BooksBalance();
    }

    [Fact]
    public async Task CRD_03_twenty_parallel_allocations_of_ten_against_a_pool_of_a_hundred_succeed_exactly_ten_times()
    {
        var pool = await Founded(100);
        var people = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => house.Person($"p{number}")));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Give(pool, people[number % 4], 10)));

        Assert.Equal(10, outcomes.Count(outcome => !outcome.IsRefused));
        Assert.All(outcomes.Where(outcome => outcome.IsRefused), outcome => Assert.Equal(402, outcome.Refusal!.Status));
        Assert.Equal(new OrganizationBalance(100, 100, 0, 100, 100), await Pool(pool));
        await house.BooksBalance();
    }

    [Fact]
    public async Task CRD_06_one_key_allocates_once_and_is_nobody_elses()
    {
        var (pool, other) = (await Founded(100), await Founded(100));
        var bob = await house.Person("bob");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Give(pool, bob, 10, "once")));

        Assert.Single(outcomes.Select(outcome => outcome.Value.Allocation.Id).Distinct());
        Assert.Single(outcomes, outcome => !outcome.Value.IsRepeated);
        Assert.Equal(IdempotencyMismatch, (await Give(pool, bob, 11, "once")).Refusal!.Code);
        Assert.Equal(IdempotencyMismatch, (await TakeBack(pool, bob, 10, "once")).Refusal!.Code);
        Assert.False((await Give(other, bob, 10, "once")).Value.IsRepeated);
        (await bob.Use(10, key: "once")).Expect(200);
        Assert.Equal(new OrganizationBalance(100, 10, 90, 100, 10), await Pool(pool));
    }

    [Fact]
    public async Task One_reference_funds_once()
    {
        var pool = await Founded(100);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Change(pool, "invoice-7", 50)));

        Assert.Single(outcomes, outcome => !outcome.Value.IsRepeated);
        Assert.Equal(IdempotencyMismatch, (await Change(pool, "invoice-7", 51)).Refusal!.Code);
        Assert.Equal(IdempotencyMismatch, (await Change(pool, "invoice-7", 50, deduct: true)).Refusal!.Code);
        Assert.Equal(150, (await Pool(pool)).Balance);
    }

    [Fact]
    public async Task CRD_16_allocations_and_returns_between_many_pools_and_people_never_deadlock_nor_lose_a_credit()
    {
        var pools = new List<OwnerId>();
        for (var number = 0; number < 3; number++)
        {
            pools.Add(await Founded(1_000));
        }

        var people = await Task.WhenAll(Enumerable.Range(0, 3).Select(number => house.Person($"p{number}")));
        var deadlocks = await house.Database.Read<long>("select deadlocks from pg_stat_database where datname = current_database()");

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 120)
                .Select(async number =>
                {
                    var (pool, person) = (pools[number % 3], people[number / 3 % 3]);
                    if (number % 4 == 3)
                    {
                        (await person.Use(1)).Expect(200);
                        return null;
                    }

                    return (number % 4 == 2 ? await TakeBack(pool, person, 1) : await Give(pool, person, 2)).Refusal;
                })
        );

        Assert.All(outcomes.OfType<Refusal>(), refusal => Assert.Equal("TAKES_BACK_TOO_MUCH", refusal.Code));
        Assert.Equal(
            deadlocks,
            await house.Database.Read<long>("select deadlocks from pg_stat_database where datname = current_database()")
        );
        foreach (var pool in pools)
        {
            var now = await Pool(pool);
            Assert.Equal((1_000, 1_000), (now.Balance, now.Available + now.Allocated));
        }

        await house.BooksBalance();
    }

    [Fact]
    public async Task CRD_16_allocations_to_a_member_who_is_erased_meanwhile_happen_or_find_nobody_and_the_pool_adds_up()
    {
        const string counted = "select deadlocks from pg_stat_database where datname = current_database()";
        var deadlocks = await house.Database.Read<long>(counted);
        for (var round = 0; round < 5; round++)
        {
            var (pool, bob, given) = (await Founded(100_000), await house.Person("bob"), 0);
            async Task<Refusal> UntilRefused(Func<Task<Outcome<Allocated>>> next, int amount)
            {
                for (var outcome = await next(); ; outcome = await next())
                {
                    if (outcome.IsRefused && outcome.Refusal!.Code != "TAKES_BACK_TOO_MUCH")
                    {
                        return outcome.Refusal;
                    }

                    Interlocked.Add(ref given, outcome.IsRefused ? 0 : amount);
                }
            }

            var members = new[]
            {
                UntilRefused(() => Give(pool, bob, 10), 10),
                UntilRefused(() => Give(pool, bob, 7), 7),
                UntilRefused(() => TakeBack(pool, bob, 3), -3),
            };
            await Task.Delay(30 * round);
            await house.Services.GetRequiredService<ErasePerson>().Run(new UserId(bob.Id), CancellationToken.None);

            Assert.All(await Task.WhenAll(members), refusal => Assert.Equal("NOT_FOUND", refusal.Code));
            var now = await Pool(pool);
            Assert.Equal((100_000, given, 100_000 - given), (now.Balance, now.Allocated, now.Available));
        }

        Assert.Equal(deadlocks, await house.Database.Read<long>(counted));
        await house.BooksBalance();
    }

    [Fact]
    public async Task A_pool_is_nobody_in_whose_name_a_service_could_act()
    {
        var pool = await Founded(100);

        await house.Service().FindsNobody(pool.Value);

        Assert.Equal(new OrganizationBalance(100, 0, 100, 100, 0), await Pool(pool));
    }

    [Fact]
    public async Task CRD_19_who_is_erased_leaves_the_pool_as_it_is_and_no_trace_in_it()
    {
        var (pool, alice, bob) = (await Founded(100), await house.Person("alice"), await house.Person("bob"));
        var decided = Wish(pool, bob, 10, null) with { By = new UserId(alice.Id), Reason = "because" };
        var allocate = house.Services.GetRequiredService<AllocateCredits>();
        Assert.False((await allocate.Give(decided, CancellationToken.None)).IsRefused);
        Assert.False(
            (await allocate.Give(Wish(pool, alice, 30, null) with { Reason = $"for {alice.Email}" }, CancellationToken.None)).IsRefused
        );
        (await house.Service().Reserve(alice, 5)).Expect(200);

        await house.Services.GetRequiredService<ErasePerson>().Run(new UserId(alice.Id), CancellationToken.None);

        Assert.Equal(new OrganizationBalance(100, 40, 60, 100, 40), await Pool(pool));
        foreach (var table in new[] { "credit_allocations", "accounts", "transfers", "holds" })
        {
            Assert.Equal(
                0,
                await house.Database.Read<long>($"select count(*) from credits.{table} row where strpos(row::text, $1) > 0", alice.Id)
            );
        }

        await house.BooksBalance();
    }

    private const string IdempotencyMismatch = "IDEMPOTENCY_KEY_MISMATCH";

    private async Task<OwnerId> Founded(long credits)
    {
        var pool = new OwnerId($"org-{Guid.NewGuid():N}");
        await house
            .Services.GetRequiredService<Db>()
            .Transact<Done>(
                Founding,
                async tx =>
                {
                    await tx.Run(OrganizationBalance.Open(pool, house.Clock.GetUtcNow()));
                    return Done.Yes;
                },
                CancellationToken.None
            );
        Assert.False((await Change(pool, "first", credits)).IsRefused);

        return pool;
    }

    private Task<Outcome<PoolChanged>> Change(OwnerId pool, string reference, long amount, bool deduct = false)
    {
        var verb = house.Services.GetRequiredService<OrganizationPool>();
        var change = new PoolChange(amount, reference, "a spec");

        return deduct ? verb.Deduct(pool, change, CancellationToken.None) : verb.Fund(pool, change, CancellationToken.None);
    }

    private Task<Outcome<Allocated>> Give(OwnerId pool, Person to, long amount, string? key = null) =>
        house.Services.GetRequiredService<AllocateCredits>().Give(Wish(pool, to, amount, key), CancellationToken.None);

    private Task<Outcome<Allocated>> TakeBack(OwnerId pool, Person from, long amount, string? key = null) =>
        house.Services.GetRequiredService<AllocateCredits>().TakeBack(Wish(pool, from, amount, key), CancellationToken.None);

    private static AllocationWish Wish(OwnerId pool, Person member, long amount, string? key) =>
        new(pool, new UserId(member.Id), amount, new UserId("owner"), null, key);

    private async Task<OrganizationBalance> Pool(OwnerId pool) =>
        (
            await house
                .Services.GetRequiredService<Db>()
                .Find<OrganizationBalance>(Founding, OrganizationBalance.Of(pool), CancellationToken.None)
        )!;

    private static async Task<string> Holdings(Person person)
    {
        var balance = (await person.Get("/api/v1/credits/balance")).Expect(200).Json;

        return string.Join(
            ' ',
            new[] { "freeCreditsRemaining", "balance", "totalEarned", "totalSpent" }.Select(name => balance.GetProperty(name))
        );
    }
}
