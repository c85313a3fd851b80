using Mana.Me;
using Mana.Platform;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Credits;

public sealed class Calling_with_the_service_key(House house) : IClassFixture<House>
{
    [Theory]
    [InlineData("x")]
    [InlineData("dev-service-kez")]
    [InlineData("dev-service-key2")]
    public async Task Without_the_right_key_nothing_is_answered(string key)
    {
        var alice = await house.Person("alice");

        var refused = await new OtherService(house, "chat", key).Grant(alice, 10, "r");

        refused.Expect(401, "UNAUTHORIZED");
        Assert.Equal("Invalid or missing service key", refused.Text("message"));
        Assert.Equal(150, await alice.Balance());
    }

    [Fact]
    public async Task Another_service_spends_for_a_person_under_its_own_name()
    {
        var alice = await house.Person("alice");

        var used = (
            await house
                .Service("picture")
                .Post(
                    "use",
                    new
                    {
                        userId = alice.Id,
                        amount = 7,
                        description = "a picture",
                    }
                )
        ).Expect(200);

        Assert.Equal("picture", used.Json.GetProperty("transaction").GetProperty("appId").GetString());
        var balance = (await house.Service().Get($"/api/v1/internal/credits/balance/{alice.Id}")).Expect(200).Json;
        Assert.Equal(143, balance.GetProperty("freeCreditsRemaining").GetInt64());
        Assert.Equal(2, balance.GetProperty("transactionsCount").GetInt64());
    }

    [Fact]
    public async Task Nobody_is_opened_an_account_who_does_not_exist()
    {
        await house.Service().FindsNobody("nobody");

        Assert.Equal(0, await house.Database.Read<long>("select count(*) from credits.accounts where owner_id = 'nobody'"));
    }

    [Fact]
    public async Task Who_was_erased_is_found_neither_by_their_id_nor_by_the_name_their_books_go_on_under()
    {
        var alice = await house.Person("alice");
        await house.Services.GetRequiredService<ErasePerson>().Run(new UserId(alice.Id), CancellationToken.None);
        var pseudonym = await house.Database.Read<string>("select owner_id from credits.accounts where owner_kind = 'erased'");

        await house.Service().FindsNobody(alice.Id);
        await house.Service().FindsNobody(pseudonym);
        await house.BooksBalance();
    }

    [Fact]
    public async Task CRD_09_twenty_parallel_inits_open_one_account_with_one_bonus()
    {
        var alice = await house.Person("alice");
        await house.Database.Tamper("delete from credits.transfers where owner_id = $1", alice.Id);
        await house.Database.Tamper("delete from credits.transactions where owner_id = $1", alice.Id);
        await house.Database.Tamper("delete from credits.accounts where owner_id = $1", alice.Id);
        await house.Database.Tamper("delete from credits.seals"); // everything that is left is sealed anew

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => house.Service().Post("init", new { userId = alice.Id })));

        Assert.All(replies, reply => Assert.Equal(150, reply.Expect(200).Json.GetProperty("freeCreditsRemaining").GetInt64()));
        await house.BooksBalance();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("-0")]
    [InlineData("0.5")]
    [InlineData("1e2")]
    [InlineData("\"10\"")]
    [InlineData("null")]
    [InlineData("[10]")]
    [InlineData("true")]
    [InlineData("1000000000001")]
    [InlineData("9223372036854775808")]
    public async Task CRD_01_and_02_what_is_no_amount_moves_nothing(string amount)
    {
        var alice = await house.Person("alice");
        foreach (
            var (verb, rest) in new[]
            {
                ("use", "\"description\":\"x\""),
                ("refund", "\"description\":\"x\",\"transactionId\":\"00000000-0000-7000-8000-000000000000\""),
                ("grant", "\"reason\":\"x\",\"referenceId\":\"r\""),
                ("reserve", "\"reason\":\"x\""),
            }
        )
        {
            var body = new StringContent($"{{\"userId\":\"{alice.Id}\",\"amount\":{amount},{rest}}}", null, "application/json");
            var reply = await house
                .Nobody()
                .Send(HttpMethod.Post, $"/api/v1/internal/credits/{verb}", body, ("X-Service-Key", "dev-service-key"));
            reply.Expect(400, "VALIDATION");
        }

        Assert.Equal(150, await alice.Balance());
    }
}
