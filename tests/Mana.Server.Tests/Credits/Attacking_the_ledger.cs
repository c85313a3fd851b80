using Mana.Specs.Gifts;
using Mana.Specs.World;

namespace Mana.Specs.Credits;

/// <summary>Clauses of CRD-02 to CRD-18 that no other spec says.</summary>
public sealed class Attacking_the_ledger(House house) : IClassFixture<House>
{
    private const long Most = 1_000_000_000_000_000;

    [Fact]
    public async Task CRD_02_nobody_gets_beyond_the_highest_balance_and_nothing_breaks()
    {
        var alice = await house.Person("alice");
        await using var books = await KeptBooks.Of(house.Database);
        await books.Tamper("update credits.accounts set paid = $2 - free, earned = $2 - free where owner_id = $1", alice.Id, Most - 5);

        (await house.Service().Grant(alice, 6, "one too many")).Expect(409, "BALANCE_TOO_HIGH");
        (await house.Service().Grant(alice, 1_000_000_000_000, "far too many")).Expect(409, "BALANCE_TOO_HIGH");
        (await house.Service().Grant(alice, 5, "the last")).Expect(200);
        (await alice.Use(10)).Expect(200);
    }

    [Fact]
    public async Task CRD_02_there_is_always_room_for_what_is_set_aside_to_come_back()
    {
        var alice = await house.Person("alice");
        (await house.Service().Reserve(alice, 100, ttlSeconds: 60)).Expect(200);
        await using var books = await KeptBooks.Of(house.Database);
        await books.Tamper("update credits.accounts set free = $2 - held where owner_id = $1", alice.Id, Most - 20);

        (await house.Service().Grant(alice, 21, "one too many", free: true)).Expect(409, "BALANCE_TOO_HIGH");
        (await house.Service().Grant(alice, 20, "the last", free: true)).Expect(200);
        house.Clock.Move(TimeSpan.FromSeconds(60));

        Assert.Equal(Most, await alice.Balance());
        (await alice.Use(10)).Expect(200);
    }

    [Fact]
    public async Task CRD_02_daily_credits_that_find_no_room_are_not_granted_and_break_nothing()
    {
        var alice = await house.Person("alice");
        await using var books = await KeptBooks.Of(house.Database);
        await books.Tamper(
            "update credits.accounts set free = $2, daily_granted_at = daily_granted_at - interval '2 days' where owner_id = $1",
            alice.Id,
            Most - 2
        );

        (await alice.Use(1)).Expect(200);

        Assert.Equal(Most - 3, await alice.Balance());
        (await alice.Use(10)).Expect(200);
        Assert.Equal(Most - 13 + 5, await alice.Balance());
    }

    [Fact]
    public async Task CRD_03_sixty_uses_of_ten_on_two_instances_succeed_exactly_fifteen_times()
    {
        await using var neighbour = await house.OpenNeighbour();
        var alice = await house.Person("alice");

        var replies = await Task.WhenAll(
            Enumerable
                .Range(0, 60)
                .Select(number => number % 2 == 0 ? alice.Use(10, key: $"k{number}") : Asked(neighbour, alice, $"k{number}"))
        );

        Assert.Equal(15, replies.Count(reply => reply.Status == 200));
        Assert.All(replies.Where(reply => reply.Status != 200), reply => reply.Expect(402, "INSUFFICIENT_CREDITS"));
        Assert.Equal(0, await alice.Balance());
        Assert.Equal(16, await house.Database.Read<long>("select version from credits.accounts where owner_id = $1", alice.Id));
        await house.BooksBalance();
    }

    [Fact]
    public async Task CRD_03_use_reserve_gift_and_refund_at_once_add_up()
    {
        var alice = await house.Payer(100);
        var charge = (await alice.Use(50)).Expect(200).Json.GetProperty("transaction").GetProperty("id").GetString()!;

        var replies = await Task.WhenAll(
            Enumerable
                .Range(0, 60)
                .Select(number =>
                    (number % 4) switch
                    {
                        0 => alice.Use(5),
                        1 => house.Service().Reserve(alice, 5),
                        2 => alice.Give(5),
                        _ => house.Service().Refund(alice, charge, 5),
                    }
                )
        );

        var succeeded = replies.Where(reply => reply.Status is 200 or 201).ToArray();
        var (refunds, taken) = (
            replies.Where((_, number) => number % 4 == 3).Count(reply => reply.Status == 200),
            replies.Where((_, number) => number % 4 != 3).Count(reply => reply.Status is 200 or 201)
        );
        Assert.Equal(10, refunds);
        Assert.Equal(200 + refunds * 5 - taken * 5, await alice.Balance());
        Assert.All(
            replies.Except(succeeded),
            reply => Assert.Contains(reply.Code, new[] { "INSUFFICIENT_CREDITS", "REFUND_EXCEEDS_CHARGE" })
        );
        await house.BooksBalance();
    }

    [Fact]
    public async Task CRD_04_a_key_is_known_after_a_restart_and_after_a_day()
    {
        var alice = await house.Person("alice");
        var first = (await alice.Use(10, key: "k")).Expect(200).Json.GetProperty("transaction").GetRawText();
        await house.Restart();
        house.Clock.Move(TimeSpan.FromHours(25));
        await alice.Login();

        var again = (await alice.Use(10, key: "k")).Expect(200);

        Assert.Equal(first, again.Json.GetProperty("transaction").GetRawText());
        Assert.Equal("true", again.Header("Idempotency-Hit"));
        Assert.Equal(145, await alice.Balance());
    }

    [Fact]
    public async Task CRD_05_another_verb_is_another_operation_and_words_and_metadata_are_not()
    {
        var alice = await house.Person("alice");
        (await Said(alice, "once", "{\"a\":1,\"b\":2}")).Expect(200);

        Assert.Equal("true", (await Said(alice, "once", "{\"b\":2,\"a\":1}")).Expect(200).Header("Idempotency-Hit"));
        Assert.Equal("true", (await Said(alice, "again", "{}")).Expect(200).Header("Idempotency-Hit"));
        (await house.Service("chat").Reserve(alice, 10, "k")).Expect(409, "IDEMPOTENCY_KEY_MISMATCH");
        Assert.Equal(140, await alice.Balance());

        static Task<Reply> Said(Person person, string description, string metadata) =>
            person.PostRaw(
                "/api/v1/credits/use",
                $"{{\"amount\":10,\"appId\":\"chat\",\"description\":\"{description}\",\"idempotencyKey\":\"k\",\"metadata\":{metadata}}}"
            );
    }

    [Fact]
    public async Task CRD_06_a_service_that_uses_one_key_for_two_people_does_two_things()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        (await alice.Use(10, key: "k")).Expect(200);

        var used = (await house.Service("chat").Post("use", Use(bob))).Expect(200);

        Assert.Null(used.Header("Idempotency-Hit"));
        Assert.DoesNotContain(alice.Id, used.Body, StringComparison.Ordinal);
        Assert.Equal(140, await bob.Balance());

        static object Use(Person person) =>
            new
            {
                userId = person.Id,
                amount = 10,
                description = "a spec",
                idempotencyKey = "k",
            };
    }

    [Theory]
    [InlineData(1, 200)]
    [InlineData(255, 200)]
    [InlineData(256, 400)]
    public async Task CRD_07_a_key_has_at_most_255_letters(int length, int status) =>
        (await (await house.Person("alice")).Use(1, key: new string('k', length))).Expect(status);

    [Theory]
    [InlineData("signup:x", 400)]
    [InlineData("purchase:x", 400)]
    [InlineData("daily:x", 400)]
    [InlineData("gift:x", 400)]
    [InlineData("grant:x", 400)]
    [InlineData("", 400)]
    [InlineData(" ", 200)]
    [InlineData("ключ-🔑", 200)]
    public async Task CRD_07_keys_of_the_service_are_nobody_elses_and_any_other_text_is_one(string key, int status)
    {
        var alice = await house.Person("alice");

        (await alice.Use(1, key: key)).Expect(status);

        Assert.Equal(status == 200, (await alice.Use(1, key: key)).Header("Idempotency-Hit") == "true");
    }

    [Fact]
    public async Task CRD_14_forty_readers_and_spenders_on_two_instances_at_the_boundary_and_a_clock_that_jumps()
    {
        await using var neighbour = await house.OpenNeighbour();
        var alice = await house.Person("alice");
        house.Clock.Move(TimeSpan.FromHours(24));
        await alice.Login();
        await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(number => number % 2 == 0 ? alice.Get("/api/v1/credits/balance") : Asked(neighbour, alice, $"k{number}", amount: 1))
        );
        Assert.Equal(135, await alice.Balance());

        house.Clock.Move(TimeSpan.FromSeconds(1));
        Assert.Equal(135, await alice.Balance());
        house.Clock.Move(TimeSpan.FromHours(-1));
        Assert.Equal(135, await alice.Balance());
        house.Clock.Move(TimeSpan.FromDays(10));
        await alice.Login();
        Assert.Equal(140, await alice.Balance());
        Assert.Equal(140, await alice.Balance());
    }

    [Theory]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("PUT")]
    public async Task CRD_18_no_route_changes_a_row_of_the_history(string method)
    {
        var alice = await house.Person("alice");
        var id = (await alice.Use(1)).Json.GetProperty("transaction").GetProperty("id").GetString();
        foreach (var path in new[] { "transactions", $"transactions/{id}", "balance", "use" })
        {
            var reply = await alice.Send(HttpMethod.Parse(method), $"/api/v1/credits/{path}", null);
            Assert.Contains(reply.Status, new[] { 404, 405 });
        }
    }

    private static async Task<Reply> Asked(Neighbour neighbour, Person person, string key, long amount = 10)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/credits/use")
        {
            Content = System.Net.Http.Json.JsonContent.Create(
                new
                {
                    amount,
                    appId = "chat",
                    description = "a spec",
                    idempotencyKey = key,
                }
            ),
        };
        request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", person.AccessToken);
        using var response = await neighbour.Http.SendAsync(request);

        return await Reply.Of(response);
    }
}
