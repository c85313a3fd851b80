using Mana.Ledger;
using Mana.Ledger.Proofs;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Ledger;

/// <summary>The newest rows of all histories stand under one signature a moment after they were posted (ruling 18d).</summary>
public sealed class Sealing_the_books(SealedHouse house) : IClassFixture<SealedHouse>
{
    [Fact]
    public async Task What_was_posted_is_sealed_within_a_second()
    {
        var alice = await house.Person("alice");
        await KeptBooks.Sealed(house.Database);
        var posted = DateTime.UtcNow;
        (await alice.Use(10)).Expect(200);

        await KeptBooks.Sealed(house.Database);

        // The machine may be busy with other specs; alone this is below one second.
        Assert.True(DateTime.UtcNow - posted < TimeSpan.FromSeconds(5));
        await house.BooksBalance();
    }

    [Fact]
    public async Task Two_instances_that_seal_side_by_side_make_one_unbroken_line()
    {
        await using var neighbour = await house.OpenNeighbour();
        var people = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => house.Person($"p{number}")));
        for (var round = 0; round < 8; round++)
        {
            await Task.WhenAll(people.Select(person => person.Use(1)));
            await Task.WhenAll(
                house.Services.GetRequiredService<SealBooks>().Run(CancellationToken.None),
                neighbour.Services.GetRequiredService<SealBooks>().Run(CancellationToken.None)
            );
        }

        await KeptBooks.Sealed(house.Database);
        await house.BooksBalance();
        Assert.Equal(0L, await house.Database.Read<long>("select max(number) - count(*) from credits.seals"));
        Assert.Equal(
            await house.Database.Read<long>("select count(*) from credits.transactions"),
            await house.Database.Read<long>("select sum(rows)::bigint from credits.seals")
        );
    }

    [Fact]
    public async Task A_transaction_that_is_still_running_is_waited_for_and_nothing_is_sealed_beside_it()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        await KeptBooks.Sealed(house.Database);
        await using var slow = await house.Database.AsAdmin();
        await using var transaction = await slow.BeginTransactionAsync();
        await using (var command = new Npgsql.NpgsqlCommand("select pg_current_xact_id()", slow))
        {
            await command.ExecuteScalarAsync();
        }

        var before = await house.Database.Read<long>("select max(number) from credits.seals");
        (await alice.Use(1)).Expect(200);
        (await bob.Use(1)).Expect(200);
        await house.Services.GetRequiredService<SealBooks>().Run(CancellationToken.None);
        Assert.Equal(before, await house.Database.Read<long>("select max(number) from credits.seals"));

        await transaction.RollbackAsync();
        await KeptBooks.Sealed(house.Database);
        await house.BooksBalance();
    }

    [Fact]
    public async Task Every_head_stands_in_the_file_outside_the_database()
    {
        var alice = await house.Person("alice");
        (await alice.Use(1)).Expect(200);
        await KeptBooks.Sealed(house.Database);
        await Task.Delay(300);

        var kept = (await File.ReadAllLinesAsync(house.SealLog)).Select(KnownHead.Parse).ToArray();

        Assert.Equal(await house.Database.Read<long>("select count(*) from credits.seals"), kept.LongLength);
        var check = house.Services.GetRequiredService<CheckBooks>();
        Assert.Empty((await check.Run(new BookEvidence(null, kept!), CancellationToken.None)).Faults);
    }

    [Fact]
    public async Task An_end_that_was_cut_off_is_found_by_a_head_that_was_kept_elsewhere()
    {
        var alice = await house.Person("alice");
        await KeptBooks.Sealed(house.Database);
        (await alice.Use(10)).Expect(200);
        await using var books = await KeptBooks.Of(house.Database);
        var head = await house.Database.Read<string>(
            "select number || ':' || encode(head, 'hex') from credits.seals order by number desc limit 1"
        );
        var number = long.Parse(head.Split(':')[0], System.Globalization.CultureInfo.InvariantCulture);

        // Everything the last seal covers is taken back, as if it had never been.
        await books.Tamper(
            $"""
            delete from credits.transfers where owner_id = '{alice.Id}' and seq = 2;
            delete from credits.transactions where owner_id = '{alice.Id}' and seq = 2;
            update credits.accounts a set free = 150, spent = 0, version = 1,
                chain_tail = (select hash from credits.transactions t where t.owner_id = a.owner_id and t.seq = 1)
            where a.owner_id = '{alice.Id}';
            delete from credits.seals where number = {number}
            """
        );
        var check = house.Services.GetRequiredService<CheckBooks>();
        Assert.Empty((await check.Run(CancellationToken.None)).Faults);

        var fault = Assert.Single((await check.Run(new BookEvidence(null, [KnownHead.Parse(head)!]), CancellationToken.None)).Faults);

        Assert.Equal(("the end was cut off", "seals", number), (fault.Rule, fault.Owner, fault.Seq!.Value));
    }

    [Fact]
    public async Task A_key_that_somebody_put_there_signs_nothing_we_believe()
    {
        var alice = await house.Person("alice");
        (await alice.Use(1)).Expect(200);
        await using var books = await KeptBooks.Of(house.Database);
        await books.Tamper("update credits.seal_keys set private_key = 'v2.env-v1.AAAA'");

        var faults = (await house.Services.GetRequiredService<CheckBooks>().Run(CancellationToken.None)).Faults;

        Assert.Contains(faults, fault => fault is { Rule: "a seal is not what its key signed", Owner: "seals", Seq: 1 });
    }

    [Fact]
    public async Task Books_that_come_back_to_a_cluster_they_were_in_before_go_on_above_their_transaction_ids()
    {
        const string here = "system_identifier = (select system_identifier from pg_control_system())";
        var alice = await house.Person("alice");
        var seal = house.Services.GetRequiredService<SealBooks>();
        await seal.Register(CancellationToken.None);
        var before = await Offset();
        await seal.Register(CancellationToken.None);
        Assert.Equal(before, await Offset()); // an instance that starts beside others moves nothing
        // As if the books had been elsewhere, where ids were higher, and this cluster still knew them from before.
        await Shift(1_000_000_000);
        (await alice.Use(1)).Expect(200);
        await KeptBooks.Sealed(house.Database);
        await Shift(-1_000_000_000);

        await seal.Register(CancellationToken.None);
        (await alice.Use(1)).Expect(200);

        await KeptBooks.Sealed(house.Database);
        await house.BooksBalance();

        Task<long> Offset() => house.Database.Read<long>($"select xid_offset from credits.clusters where {here}");

        Task<int> Shift(long by) => house.Database.Tamper($"update credits.clusters set xid_offset = xid_offset + $1 where {here}", by);
    }

    [Fact]
    public async Task Books_that_were_restored_in_another_cluster_go_on_above_their_transaction_ids()
    {
        var alice = await house.Person("alice");
        (await alice.Use(1)).Expect(200);
        await KeptBooks.Sealed(house.Database);
        // As if the dump had come from another cluster.
        await house.Database.Tamper("update credits.clusters set system_identifier = 1");

        await house.Services.GetRequiredService<SealBooks>().Register(CancellationToken.None);
        Assert.True(
            await house.Database.Read<bool>(
                """
                select c.xid_offset >= (select max(xid) from credits.transactions)
                from credits.clusters c where c.system_identifier = (select system_identifier from pg_control_system())
                """
            )
        );
        (await alice.Use(1)).Expect(200);

        await KeptBooks.Sealed(house.Database);
        await house.BooksBalance();
    }
}

/// <summary>A house whose seals are also kept in a file.</summary>
public sealed class SealedHouse : House
{
    public string SealLog { get; } = Path.Combine(Path.GetTempPath(), $"mana-seals-{Guid.NewGuid():N}.log");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        File.Delete(SealLog);
    }

    protected override void Configure(Dictionary<string, string> environment) => environment["SEAL_LOG"] = SealLog;
}
