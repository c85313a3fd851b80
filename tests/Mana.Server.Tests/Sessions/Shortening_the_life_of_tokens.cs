using Mana.Platform.Database;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Sessions;

/// <summary>D4: one instance gives its tokens a quarter of an hour, and the next of the deployment a minute.</summary>
public sealed class Shortening_the_life_of_tokens(Shortening_the_life_of_tokens.Changing house)
    : IClassFixture<Shortening_the_life_of_tokens.Changing>
{
    [Fact]
    public async Task What_was_revoked_stays_refused_for_as_long_as_the_older_tokens_live()
    {
        var (alice, bob, carol) = (await house.Person("alice"), await house.Person("bob"), await house.Person("carol"));
        (await alice.Post("/api/v1/auth/logout")).Expect(200);
        await house.Database.Tamper("update auth.users set role = 'admin' where id = $1", bob.Id);
        await house.Database.Tamper("update auth.revocations set at = at - interval '14 minutes'");
        (await carol.Post("/api/v1/auth/logout")).Expect(200);

        house.TokenLife = "1m";
        await using var next = await house.OpenNeighbour();
        await FeedHouse.Until(() => next.Services.GetRequiredService<Feed>().IsTrusted, "the feed is not trusted");

        foreach (var person in new[] { alice, bob, carol })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/credits/balance");
            request.Headers.Authorization = new("Bearer", person.AccessToken);
            using var response = await next.Http.SendAsync(request);
            Assert.Equal(401, (int)response.StatusCode);
        }
    }

    public sealed class Changing : House
    {
        public string TokenLife { get; set; } = "15m";

        protected override void Configure(Dictionary<string, string> environment) => environment["JWT_ACCESS_TOKEN_EXPIRY"] = TokenLife;
    }
}
