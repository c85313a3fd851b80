using Mana.Ledger;
using Mana.Me;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Ledger;

/// <summary>Every history row is linked to the one before it by a hash of everything that matters (ruling 18d).</summary>
public sealed class Chaining_the_history(House house) : IClassFixture<House>
{
    private static readonly string[] NoFaults = [];

    [Theory]
    [InlineData("update credits.transactions set description = 'a hotel' where owner_id = $1 and seq = 2", 2)]
    [InlineData("update credits.transactions set metadata = '{\"b\": 2}' where owner_id = $1 and seq = 2", 2)]
    [InlineData("update credits.transactions set app_id = 'casino' where owner_id = $1 and seq = 2", 2)]
    [InlineData("update credits.transactions set created_at = created_at - interval '1 ms' where owner_id = $1 and seq = 2", 2)]
    [InlineData("update credits.transactions set completed_at = null where owner_id = $1 and seq = 2", 2)]
    [InlineData("update credits.transactions set type = 'gift' where owner_id = $1 and seq = 1", 1)]
    [InlineData("update credits.transactions set reverses = 1 where owner_id = $1 and seq = 2", 2)]
    [InlineData("update credits.transactions set id = gen_random_uuid() where owner_id = $1 and seq = 2", 2)]
    [InlineData("update credits.transactions set idempotency_key = 'other' where owner_id = $1 and seq = 2", 2)]
    [InlineData("update credits.transactions set fingerprint = sha256('x') where owner_id = $1 and seq = 2", 2)]
    [InlineData("update credits.transactions set organization_id = 'acme' where owner_id = $1 and seq = 2", 2)]
    [InlineData("update credits.transactions set hash = sha256(hash) where owner_id = $1 and seq = 2", 2)]
    [InlineData("update credits.transactions set text_digest = sha256('x') where owner_id = $1 and seq = 2", 2)]
    [InlineData("update credits.transfers set to_account = 'app:casino' where owner_id = $1 and seq = 2", 2)]
    [InlineData("update credits.accounts set chain_tail = sha256('x') where owner_id = $1", 5)]
    [InlineData("update credits.accounts set chain_id = gen_random_uuid() where owner_id = $1", 1)]
    [InlineData("update credits.accounts set chain_salt = uuid_send(gen_random_uuid()) where owner_id = $1", 1)]
    [InlineData("update credits.accounts set chain_salt = null where owner_id = $1", 1)]
    [InlineData("update credits.lots set expires_at = expires_at + interval '1 year' where owner_id = $1", 3)]
    [InlineData("update credits.lots set priority = 1 where owner_id = $1", 3)]
    [InlineData("update credits.holds set reason = 'something else' where owner_id = $1 and ended_seq is not null", 4)]
    [InlineData("update credits.holds set app_id = 'casino' where owner_id = $1", 4)]
    [InlineData("update credits.holds set ended_as = 'released' where owner_id = $1", 5)]
    public async Task Whatever_is_changed_by_hand_the_first_row_that_differs_is_named(string tampering, long seq)
    {
        var alice = await WithHistory();
        Assert.Equal(NoFaults, await Faults());
        await using var books = await KeptBooks.Of(house.Database);
        Assert.Equal(1, await books.Tamper(tampering, alice.Id));

        var report = await house.Services.GetRequiredService<CheckBooks>().Run(CancellationToken.None);

        var chain = report.Faults.Where(fault => fault.Rule == "a row differs from its hash").ToArray();
        Assert.NotEmpty(chain);
        Assert.Equal((alice.Id, seq), (chain[0].Owner, chain[0].Seq!.Value));
    }

    [Fact]
    public async Task History_from_before_is_chained_by_the_migration_as_the_service_would_have()
    {
        await WithHistory();
        await using var books = await KeptBooks.Of(house.Database);
        await books.Tamper("update credits.transactions set hash = sha256('lost')");
        await books.Tamper("update credits.accounts set chain_tail = sha256('lost')");

        await books.Tamper(Tampering.Rechaining());

        Assert.Equal(NoFaults, await Faults());
    }

    [Fact]
    public async Task CRD_19_the_chain_of_somebody_who_was_erased_is_whole_and_no_guess_at_their_texts_can_be_tested()
    {
        var alice = await WithHistory();
        const string second =
            "select t.hash from credits.transactions t join credits.accounts a using (owner_id) where a.chain_id = $1 and t.seq = 2";
        var chain = await house.Database.Read<Guid>("select chain_id from credits.accounts where owner_id = $1", alice.Id);
        var hash = await house.Database.Read<byte[]>(second, chain);

        var erased = await house.Services.GetRequiredService<ErasePerson>().Run(new UserId(alice.Id), CancellationToken.None);

        Assert.False(erased.IsRefused);
        Assert.Equal(hash, await house.Database.Read<byte[]>(second, chain));
        Assert.Equal(NoFaults, await Faults());
        Assert.Equal(
            0L,
            await house.Database.Read<long>(
                """
                select count(*) from credits.accounts a
                join credits.transactions t using (owner_id)
                where a.chain_id = $1 and (a.chain_salt is not null or t.text_digest is null or t.description <> '')
                """,
                chain
            )
        );
    }

    [Fact]
    public async Task A_text_that_is_written_where_texts_were_erased_is_found()
    {
        var alice = await WithHistory();
        await using var books = await KeptBooks.Of(house.Database);
        await books.Tamper("select credits.forget_texts($1, $1)", alice.Id);
        await books.Tamper("update credits.transactions set description = 'a hotel' where owner_id = $1 and seq = 2", alice.Id);

        Assert.Contains(
            await Faults(),
            fault => fault.Contains($"owner {alice.Id}, position 2: its texts were erased", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task One_person_of_two_with_the_same_text_does_not_show_by_their_hashes()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        (await alice.Use(7)).Expect(200);
        (await bob.Use(7)).Expect(200);

        Assert.Equal(
            2L,
            await house.Database.Read<long>(
                "select count(distinct hash) from credits.transactions where owner_id in ($1, $2) and seq = 2",
                alice.Id,
                bob.Id
            )
        );
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"b":1,"aa":2,"a":[1,2.50,-0,-0.0,0e5,0.00],"ä":null,"":true}""")]
    [InlineData("""{"n":[1e2,1.5e3,1.50e1,15e-3,1e-3,-2.5E+2,100,0.1e1,123.456e-5,9007199254740993]}""")]
    [InlineData("""{"t":"a\u0001\u001f\u007f\b\f\n\r\t\"\\\/\u00e4\ud83d\ude00€"}""")]
    [InlineData("""{"deep":{"z":{"y":[[],{},[{"k":"v"}]]}}}""")]
    public async Task What_is_hashed_of_metadata_is_what_PostgreSQL_gives_back(string json)
    {
        var stored = await house.Database.Read<string>("select $1::jsonb::text", json);

        Assert.Equal(stored, JsonbText.Of(json));
    }

    [Theory]
    [InlineData("""{"n":1e999999}""")]
    [InlineData("""{"t":"\ud800"}""")]
    public async Task Metadata_that_cannot_be_kept_is_refused_before_it_is_hashed(string metadata)
    {
        var alice = await house.Person("alice");

        var reply = await alice.PostRaw(
            "/api/v1/credits/use",
            $$"""{"amount":1,"appId":"chat","description":"d","metadata":{{metadata}}}"""
        );

        reply.Expect(400, "VALIDATION");
    }

    /// <summary>Five positions: the bonus, a spending, a grant that expires, and a reservation that is committed in part.</summary>
    private async Task<Person> WithHistory()
    {
        var alice = await house.Person("alice");
        var spent = await alice.Post(
            "/api/v1/credits/use",
            new
            {
                amount = 10,
                appId = "chat",
                description = "a spec",
                idempotencyKey = "k",
                metadata = new { b = 1, aa = 1.50 },
            }
        );
        spent.Expect(200);
        var service = house.Service();
        (await service.Grant(alice, 40, Guid.NewGuid().ToString(), expiresAt: house.Clock.GetUtcNow().AddDays(30))).Expect(200);
        var id = (await service.Reserve(alice, 30)).Expect(200).Text("reservationId");
        (await service.Post("commit", new { reservationId = id, amount = 20 })).Expect(200);

        return alice;
    }

    private async Task<string[]> Faults()
    {
        var report = await house.Services.GetRequiredService<CheckBooks>().Run(CancellationToken.None);

        return [.. report.Faults.Select(fault => fault.ToString())];
    }
}
