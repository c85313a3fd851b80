using Mana.Credits;
using Mana.Gifts;
using Mana.Platform;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Gifts;

/// <summary>CRD-13, B-37 and B-90: one taker, the right one, whatever comes at the same time.</summary>
public sealed class Taking_a_gift(House house) : IClassFixture<House>
{
    [Fact]
    public async Task CRD_13_of_fifty_who_take_at_once_exactly_one_gets_it()
    {
        var alice = await house.Payer(100);
        var code = (await alice.Give(60)).Expect(201).Text("code");
        var crowd = await Crowd(50);
        var redeem = house.Services.GetRequiredService<RedeemGift>();

        var taken = await Task.WhenAll(crowd.Select(userId => redeem.Run(userId, code, CancellationToken.None)));

        Assert.Single(taken, outcome => !outcome.IsRefused);
        Assert.All(taken.Where(outcome => outcome.IsRefused), outcome => Assert.Equal("Gift already claimed", outcome.Refusal!.Message));
        Assert.Equal("150 40 100 60", await alice.Holdings());
        Assert.Equal(49, await Failures("failed_already_claimed"));
        await house.BooksBalance();
    }

    [Fact]
    public async Task CRD_13_twenty_tries_of_one_person_move_it_once_and_answer_alike()
    {
        var (alice, bob) = (await house.Payer(100), await house.Person("bob"));
        var code = (await alice.Give(60)).Expect(201).Text("code");

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => bob.Take(code)));

        Assert.All(replies, reply => reply.Expect(200));
        Assert.Single(replies.Select(reply => reply.Json.GetProperty("transaction").GetRawText()).Distinct());
        Assert.Equal(19, replies.Count(reply => reply.Header("Idempotency-Hit") == "true"));
        Assert.Equal("150 60 60 0", await bob.Holdings());
        await house.BooksBalance();
    }

    [Fact]
    public async Task CRD_13_of_taking_and_cancelling_at_once_exactly_one_wins()
    {
        var (alice, bob) = (await house.Payer(1_000), await house.Person("bob"));
        for (var (round, taken) = (1, 0); round <= 30; round++)
        {
            var gift = (await alice.Give(7)).Expect(201);

            var replies = await Task.WhenAll(bob.Take(gift.Text("code")), alice.Cancel(gift.Text("id")));

            Assert.Equal([200, 400], replies.Select(reply => reply.Status).Order());
            taken += replies[0].Status == 200 ? 7 : 0;
            Assert.Equal($"150 {1_000 - taken} 1000 {taken}", await alice.Holdings());
            Assert.Equal($"150 {taken} {taken} 0", await bob.Holdings());
        }

        await house.BooksBalance();
    }

    [Fact]
    public async Task CRD_13_what_expires_while_it_is_taken_comes_back_once_or_arrives_once()
    {
        var (alice, bob) = (await house.Payer(1_000), await house.Person("bob"));
        var expire = house.Services.GetRequiredService<ExpireCredits>();
        for (var (round, taken) = (1, 0); round <= 20; round++)
        {
            var code = (await alice.Give(7, expiresAt: house.Clock.GetUtcNow().AddSeconds(1))).Expect(201).Text("code");

            var taking = bob.Take(code);
            house.Clock.Move(TimeSpan.FromSeconds(1));
            await Task.WhenAll(expire.Run(CancellationToken.None), expire.Run(CancellationToken.None), taking);

            taken += (await taking).Status == 200 ? 7 : 0;
            Assert.Equal($"150 {1_000 - taken} 1000 {taken}", await alice.Holdings());
            Assert.Equal($"150 {taken} {taken} 0", await bob.Holdings());
        }

        await house.BooksBalance();
    }

    [Fact]
    public async Task CRD_13_ones_own_gift_cannot_be_taken()
    {
        var alice = await house.Payer(100);
        var code = (await alice.Give(60)).Expect(201).Text("code");

        (await alice.Take(code)).Expect(400, "OWN_GIFT");

        Assert.Equal("150 40 100 0", await alice.Holdings());
    }

    [Fact]
    public async Task CRD_13_a_gift_for_one_address_is_taken_by_who_has_proved_it()
    {
        var (alice, bob, carol) = (await house.Payer(100), await house.Person("bob"), await house.Person("carol"));
        var gift = (await alice.Give(60, bob.Email.ToUpperInvariant())).Expect(201);
        Assert.Equal("personalized", gift.Text("type"));

        (await carol.Take(gift.Text("code"))).Expect(403, "GIFT_FOR_SOMEBODY_ELSE");
        (await bob.Take(gift.Text("code"))).Expect(403, "EMAIL_NOT_VERIFIED");
        await house.Database.Tamper("update auth.users set email_verified = true where id in ($1, $2)", bob.Id, carol.Id);
        (await carol.Take(gift.Text("code"))).Expect(403, "GIFT_FOR_SOMEBODY_ELSE");
        (await bob.Take(gift.Text("code"))).Expect(200);

        var shown = (await house.Nobody().Get($"{GiftExchange.Gifts}/{gift.Text("code")}")).Expect(200);
        Assert.DoesNotContain(bob.Email, shown.Body, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task CRD_13_who_has_taken_it_is_told_the_same_under_another_address()
    {
        var (alice, bob) = (await house.Payer(100), await house.Person("bob"));
        await house.Database.Tamper("update auth.users set email_verified = true where id = $1", bob.Id);
        var code = (await alice.Give(60, bob.Email)).Expect(201).Text("code");
        var first = (await bob.Take(code)).Expect(200).Json.GetProperty("transaction").GetProperty("id").GetGuid();
        var failures = await Failures("failed_wrong_user");
        await house.Database.Tamper("update auth.users set email = 'moved-' || email, email_verified = false where id = $1", bob.Id);

        var again = await house.Services.GetRequiredService<RedeemGift>().Run(new UserId(bob.Id), code, CancellationToken.None);

        Assert.False(again.IsRefused);
        Assert.Equal(first, again.Value.Transaction.Id);
        Assert.Null(again.Value.Account);
        Assert.Equal(failures, await Failures("failed_wrong_user"));
    }

    [Theory]
    [InlineData("lower")]
    [InlineData("plain")]
    [InlineData("blanks")]
    public async Task CRD_13_case_groups_and_blanks_do_not_matter(string how)
    {
        var (alice, bob) = (await house.Payer(100), await house.Person("bob"));
        var code = (await alice.Give(60)).Expect(201).Text("code");
        Assert.Matches("^([A-HJ-NP-Z2-9]{4}-){4}[A-HJ-NP-Z2-9]{4}$", code);

        var written = how switch
        {
            "lower" => code.ToLowerInvariant(),
            "plain" => code.Replace("-", "", StringComparison.Ordinal),
            _ => $" {code.Replace('-', ' ')} ",
        };

        (await bob.Take(written)).Expect(200);
    }

    [Theory]
    [InlineData("ABCDEF")]
    [InlineData("AAAA-AAAA-AAAA-AAAA-AAAA")]
    [InlineData("AAAA-AAAA-AAAA-AAAA-AAA0")]
    [InlineData("ÄÖÜ")]
    public async Task ENU_05_what_is_no_code_and_what_is_nobodys_are_the_same_404(string code)
    {
        var bob = await house.Person("bob");

        var looked = (await house.Nobody().Get($"{GiftExchange.Gifts}/{Uri.EscapeDataString(code)}")).Expect(404, "NOT_FOUND");
        var taken = (await bob.Take(code)).Expect(404, "NOT_FOUND");

        Assert.Equal("Gift code not found", looked.Text("message"));
        Assert.Equal("Gift code not found", taken.Text("message"));
    }

    [Fact]
    public async Task A_code_is_in_no_table()
    {
        var (alice, bob) = (await house.Payer(100), await house.Person("bob"));
        var code = (await alice.Give(60)).Expect(201).Text("code");
        (await bob.Take(code)).Expect(200);

        foreach (var table in new[] { "credits.gifts", "credits.gift_redemptions", "credits.holds", "credits.transactions" })
        {
            foreach (var written in new[] { code, code.Replace("-", "", StringComparison.Ordinal) })
            {
                Assert.Equal(
                    0,
                    await house.Database.Read<long>(
                        $"select count(*) from {table} row where strpos(row::text, $1) > 0 or strpos(row::text, encode(convert_to($1, 'utf8'), 'hex')) > 0",
                        written
                    )
                );
            }
        }
    }

    /// <summary>People who exist, made without the cost of their passwords.</summary>
    private async Task<UserId[]> Crowd(int count)
    {
        var ids = Enumerable.Range(0, count).Select(_ => UserId.New()).ToArray();
        foreach (var id in ids)
        {
            await house.Database.Tamper(
                "insert into auth.users (id, name, email, email_verified, created_at, updated_at) values ($1, 'one of many', lower($1) || '@example.com', true, $2, $2)",
                id.Value,
                house.Clock.GetUtcNow().UtcDateTime
            );
        }

        return ids;
    }

    private Task<long> Failures(string status) =>
        house.Database.Read<long>("select count(*) from credits.gift_redemptions where status = $1", status);
}
