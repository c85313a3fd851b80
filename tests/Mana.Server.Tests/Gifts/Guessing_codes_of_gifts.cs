using Mana.Specs.World;

namespace Mana.Specs.Gifts;

/// <summary>CRD-13 and P7: 100 bits and a limit stand before somebody else's credits.</summary>
public sealed class Guessing_codes_of_gifts(LimitedHouse house) : IClassFixture<LimitedHouse>
{
    [Fact]
    public async Task CRD_13_of_a_thousand_guesses_of_one_address_twenty_a_minute_are_looked_at()
    {
        var address = Visitor.NewAddress();
        var looked = 0;
        for (var guess = 0; guess < 1_000; guess++)
        {
            var reply = await Visitor.Ask(house.Http, HttpMethod.Get, $"{GiftExchange.Gifts}/AAAA-AAAA-AAAA-{guess:0000}-AAAA", address);
            looked += reply.Status == 404 ? 1 : 0;
            Assert.Contains(reply.Status, new[] { 404, 429 });
        }

        Assert.Equal(20, looked);
    }
}
