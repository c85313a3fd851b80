using Mana.Specs.World;

namespace Mana.Specs.Gifts;

/// <summary>Contract 3.7: credits leave the giver at once, arrive once, and come back when nobody takes them.</summary>
public sealed class Giving_credits(House house) : IClassFixture<House>
{
    [Fact]
    public async Task They_leave_the_giver_at_once_and_arrive_with_whoever_has_the_code()
    {
        var (alice, bob) = (await house.Payer(100), await house.Person("bob"));

        var made = (await alice.Give(60)).Expect(201);
        Assert.Equal("150 40 100 0", await alice.Holdings());
        var taken = (await bob.Take(made.Text("code"))).Expect(200);

        Assert.Equal("150 40 100 60", await alice.Holdings());
        Assert.Equal("150 60 60 0", await bob.Holdings());
        Assert.Equal(60, taken.Json.GetProperty("creditsReceived").GetInt64());
        Assert.Equal("for you", taken.Text("message"));
        Assert.Equal("gift", taken.Json.GetProperty("transaction").GetProperty("type").GetString());
        Assert.Equal("simple", made.Text("type"));
        Assert.Equal("active", made.Text("status"));
        await house.BooksBalance();
    }

    [Fact]
    public async Task Free_credits_and_such_as_expire_cannot_be_given()
    {
        var alice = await house.Payer(30);
        (await house.Service().Grant(alice, 50, "soon", expiresAt: house.Clock.GetUtcNow().AddDays(1))).Expect(200);
        (await house.Service().Grant(alice, 10, "first", priority: 1)).Expect(200);

        var refused = (await alice.Give(41)).Expect(402, "INSUFFICIENT_CREDITS");

        Assert.Equal(40, refused.Json.GetProperty("details").GetProperty("available").GetInt64());
        Assert.Equal("Insufficient credits to create gift", refused.Text("message"));
        (await alice.Give(40)).Expect(201);
        await house.BooksBalance();
    }

    [Fact]
    public async Task What_nobody_takes_comes_back_at_its_own_instant_without_a_caller()
    {
        var alice = await house.Payer(100);
        var until = house.Clock.GetUtcNow().AddHours(2);
        var code = (await alice.Give(60, expiresAt: until)).Expect(201).Text("code");
        house.Clock.Move(TimeSpan.FromHours(5));
        await alice.Login();

        Assert.Equal("expired", (await house.Nobody().Get($"{GiftExchange.Gifts}/{code}")).Expect(200).Text("status"));
        Assert.Equal("150 100 100 0", await alice.Holdings());

        var row = (await alice.Get("/api/v1/credits/transactions?type=refund")).Rows().Single();
        Assert.Equal("Gift code expired", row.GetProperty("description").GetString());
        Assert.True((row.GetProperty("createdAt").GetDateTimeOffset() - until).Duration() < TimeSpan.FromMilliseconds(1));
        var late = (await (await house.Person("bob")).Take(code)).Expect(400, "GIFT_ENDED");
        Assert.Equal("Gift code expired", late.Text("message"));
        await house.BooksBalance();
    }

    [Fact]
    public async Task B_90_what_is_taken_back_counts_neither_as_earned_nor_as_spent()
    {
        var (alice, bob) = (await house.Payer(100), await house.Person("bob"));
        var gift = (await alice.Give(60)).Expect(201);

        var cancelled = (await alice.Cancel(gift.Text("id"))).Expect(200);
        (await alice.Cancel(gift.Text("id"))).Expect(200);

        Assert.Equal(60, cancelled.Json.GetProperty("refundedCredits").GetInt64());
        Assert.Equal("150 100 100 0", await alice.Holdings());
        Assert.Equal("Gift code is cancelled", (await bob.Take(gift.Text("code"))).Expect(400, "GIFT_ENDED").Text("message"));
        (await bob.Cancel(gift.Text("id"))).Expect(404, "NOT_FOUND");
        (await alice.Cancel("1")).Expect(404, "NOT_FOUND");
        await house.BooksBalance();
    }

    [Fact]
    public async Task One_key_makes_one_gift_and_shows_its_code_again()
    {
        var alice = await house.Payer(100);

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => alice.Give(10, idempotencyKey: "once")));

        Assert.Single(replies, reply => reply.Status == 201);
        Assert.Equal(19, replies.Count(reply => reply.Status == 200 && reply.Header("Idempotency-Hit") == "true"));
        Assert.Single(replies.Select(reply => reply.Text("code")).Distinct());
        Assert.Equal("150 90 100 0", await alice.Holdings());
        (await alice.Give(11, idempotencyKey: "once")).Expect(409, "IDEMPOTENCY_KEY_MISMATCH");
        (await alice.Give(10, "bob@example.com", idempotencyKey: "once")).Expect(409, "IDEMPOTENCY_KEY_MISMATCH");
        (await alice.Give(10, idempotencyKey: "gift:mine")).Expect(400, "VALIDATION");
    }

    [Fact]
    public async Task The_end_that_is_kept_is_the_end_that_was_answered_however_finely_it_was_said()
    {
        var alice = await house.Payer(100);
        var now = DateTimeOffset.FromUnixTimeSeconds(house.Clock.GetUtcNow().ToUnixTimeSeconds());

        var made = (await alice.Give(10, expiresAt: now.AddHours(2).AddTicks(1_234_567))).Expect(201);

        Assert.Equal(
            made.Json.GetProperty("expiresAt").GetDateTimeOffset().UtcDateTime,
            await house.Database.Read<DateTime>("select expires_at from credits.gifts where id = $1", made.Json.GetProperty("id").GetGuid())
        );
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("0.5")]
    [InlineData("1e2")]
    [InlineData("\"10\"")]
    [InlineData("null")]
    [InlineData("10001")]
    [InlineData("9223372036854775808")]
    public async Task CRD_01_and_02_what_is_no_amount_is_not_given(string credits)
    {
        var alice = await house.Payer(100);

        (await alice.PostRaw(GiftExchange.Gifts, $"{{\"credits\":{credits}}}")).Expect(400, "VALIDATION");

        Assert.Equal("150 100 100 0", await alice.Holdings());
    }

    [Fact]
    public async Task A_gift_ends_in_the_future_and_within_a_year()
    {
        var (alice, now) = (await house.Payer(10), house.Clock.GetUtcNow());

        (await alice.Give(1, expiresAt: now.AddMilliseconds(-1))).Expect(400, "VALIDATION");
        (await alice.Give(1, expiresAt: now.AddDays(367))).Expect(400, "VALIDATION");
        var made = (await alice.Give(1)).Expect(201);

        Assert.Equal(90, Math.Round((made.Json.GetProperty("expiresAt").GetDateTimeOffset() - now).TotalDays, 3));
    }

    [Fact]
    public async Task Nobody_keeps_more_than_fifty_gifts_open()
    {
        var alice = await house.Payer(100);
        for (var number = 0; number < 50; number++)
        {
            (await alice.Give(1)).Expect(201);
        }

        (await alice.Give(1)).Expect(409, "TOO_MANY_GIFTS");
        (await house.Service().Reserve(alice, 1)).Expect(200);
    }

    [Fact]
    public async Task B_34_the_lists_show_each_side_what_concerns_it()
    {
        var (alice, bob) = (await house.Payer(100), await house.Person("bob"));
        var codes = new List<string>();
        for (var credits = 1; credits <= 5; credits++)
        {
            house.Clock.Move(TimeSpan.FromMilliseconds(1));
            codes.Insert(0, (await alice.Give(credits, credits == 5 ? bob.Email : null)).Expect(201).Text("code"));
        }

        (await bob.Take(codes[1])).Expect(200);
        house.Clock.Move(TimeSpan.FromMilliseconds(1));
        (await bob.Take(codes[2])).Expect(200);

        var created = (await alice.Get($"{GiftExchange.Gifts}/me/created")).Rows();
        Assert.Equal(codes, created.Select(row => row.GetProperty("code").GetString()));
        Assert.Equal(["active", "depleted", "depleted", "active", "active"], created.Select(row => row.GetProperty("status").GetString()));
        Assert.Equal(bob.Email, created[0].GetProperty("targetEmail").GetString());
        var first = (await alice.Get($"{GiftExchange.Gifts}/me/created?limit=2")).Rows();
        var rest = (await alice.Get($"{GiftExchange.Gifts}/me/created?before={first[^1].GetProperty("id").GetString()}")).Rows();
        Assert.Equal([5, 4, 3, 2, 1], first.Concat(rest).Select(row => row.GetProperty("credits").GetInt64()));

        var received = (await bob.Get($"{GiftExchange.Gifts}/me/received")).Rows();
        Assert.Equal([3, 4], received.Select(row => row.GetProperty("credits").GetInt64()));
        var older = (await bob.Get($"{GiftExchange.Gifts}/me/received?before={received[0].GetProperty("giftId").GetString()}")).Rows();
        Assert.Equal(4, older.Single().GetProperty("credits").GetInt64());
        Assert.Empty((await alice.Get($"{GiftExchange.Gifts}/me/received")).Rows());
    }

    [Fact]
    public async Task No_service_commits_or_releases_a_gift_as_if_it_were_a_reservation()
    {
        var alice = await house.Payer(100);
        var id = (await alice.Give(10)).Expect(201).Text("id");

        (await house.Service().Commit(id)).Expect(404, "NOT_FOUND");
        (await house.Service().Release(id)).Expect(404, "NOT_FOUND");
    }
}
