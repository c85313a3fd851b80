using System.Diagnostics;
using System.Globalization;
using Mana.Specs.World;

namespace Mana.Specs.Faults;

/// <summary>The one moment in which a service cannot know what has happened. It says so, and the same key finds out (ruling 17).</summary>
[Trait("Category", "Faults")]
public sealed class When_the_answer_to_COMMIT_is_lost(ProxiedHouse house) : IClassFixture<ProxiedHouse>
{
    private const string Spending = "insert into credits.transactions";

    /// <summary>Another one by <c>MANA_FAULT_SEED</c>; it repeats the dice, not the timing of threads.</summary>
    private static readonly int Seed = int.Parse(
        Environment.GetEnvironmentVariable("MANA_FAULT_SEED") ?? "20260",
        CultureInfo.InvariantCulture
    );

    [Fact]
    public async Task The_outcome_is_unknown_and_the_same_key_finds_what_was_charged()
    {
        var alice = await house.Person("alice");
        house.Proxy.Watch = new OneCut(Spending, message => message.IsCommitted, Fate.CutBefore).Inspect;

        IsUnknown(await alice.Use(10, key: "once"));

        house.Proxy.Watch = null;
        var repeated = (await alice.Use(10, key: "once")).Expect(200);
        Assert.Equal("true", repeated.Header("Idempotency-Hit"));
        Assert.Equal(140, await alice.Balance());
    }

    [Fact]
    public async Task A_COMMIT_that_never_arrived_is_unknown_too_and_the_same_key_charges_once()
    {
        var alice = await house.Person("alice");
        house.Proxy.Watch = new OneCut(Spending, message => message.IsCommit, Fate.CutBefore).Inspect;

        IsUnknown(await alice.Use(10, key: "once"));

        house.Proxy.Watch = null;
        Assert.Equal(150, await alice.Balance());
        var repeated = (await alice.Use(10, key: "once")).Expect(200);
        Assert.Null(repeated.Header("Idempotency-Hit"));
        Assert.Equal(140, await alice.Balance());
    }

    [Fact]
    public async Task An_answer_that_is_three_seconds_late_is_waited_for()
    {
        var alice = await house.Person("alice");
        var late = new OneCut(Spending, message => message.IsCommitted, What);
        house.Proxy.Watch = late.Inspect;

        (await alice.Use(10)).Expect(200);

        house.Proxy.Watch = null;
        Assert.Equal(1, late.Done);
        Assert.Equal(140, await alice.Balance());

        static async Task<Fate> What(CancellationToken cancel)
        {
            await Task.Delay(TimeSpan.FromSeconds(3), cancel);
            return Fate.Forward;
        }
    }

    [Fact]
    public async Task An_answer_that_never_comes_is_unknown_within_six_seconds_and_nobody_who_queued_behind_it_waits_longer()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        house.Proxy.Watch = new OneCut(Spending, message => message.IsCommitted, Never).Inspect;
        var started = Stopwatch.GetTimestamp();

        var stuck = alice.Use(10, key: "once");
        await Task.Delay(500);
        var behind = bob.Use(10, key: "behind");
        IsUnknown(await stuck);
        (await behind).Expect(503, "SERVICE_UNAVAILABLE");

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(6));
        house.Proxy.Watch = null;
        Assert.Equal("true", (await alice.Use(10, key: "once")).Expect(200).Header("Idempotency-Hit"));
        Assert.Equal(140, await alice.Balance());
        Assert.Equal(150, await bob.Balance());

        static async Task<Fate> Never(CancellationToken cancel)
        {
            await Task.Delay(Timeout.Infinite, cancel);
            return Fate.CutBefore;
        }
    }

    [Fact]
    public async Task Connections_cut_at_random_never_charge_twice_and_never_answer_anything_undocumented()
    {
        const int uses = 60;
        var alice = await house.Person("alice");
        var dice = new Random(Seed);
        var turn = new Lock();
        house.Proxy.Watch = (_, _) =>
        {
            lock (turn)
            {
                return Task.FromResult(
                    dice.Next(120) switch
                    {
                        0 => Fate.CutBefore,
                        1 => Fate.CutAfter,
                        _ => Fate.Forward,
                    }
                );
            }
        };

        var replies = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(async worker =>
                {
                    var mine = new List<Reply>();
                    for (var number = worker; number < uses; number += 4)
                    {
                        mine.Add(await alice.Use(1, key: $"use-{number}"));
                    }

                    return mine;
                })
        );

        house.Proxy.Watch = null;
        var statuses = replies.SelectMany(some => some).ToList();
        Assert.All(statuses, reply => Assert.True(reply.Status is 200 or 503, $"seed {Seed}: {reply.Status} {reply.Body}"));
        Assert.All(
            statuses.Where(reply => reply.Status == 503),
            reply => Assert.True(reply.Code is "SERVICE_UNAVAILABLE" or "OUTCOME_UNKNOWN", $"seed {Seed}: {reply.Body}")
        );
        Assert.Contains(statuses, reply => reply.Status == 503); // otherwise nothing was tried
        for (var number = 0; number < uses; number++)
        {
            (await alice.Use(1, key: $"use-{number}")).Expect(200);
        }

        Assert.Equal(150 - uses, await alice.Balance());
        Assert.Equal(
            uses,
            await house.Database.Read<long>("select count(*) from credits.transactions where owner_id = $1 and type = 'usage'", alice.Id)
        );
    }

    private static void IsUnknown(Reply reply)
    {
        reply.Expect(503, "OUTCOME_UNKNOWN");
        Assert.Equal("1", reply.Header("Retry-After"));
    }
}
