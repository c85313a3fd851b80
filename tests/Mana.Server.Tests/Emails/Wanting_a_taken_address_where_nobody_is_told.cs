using Mana.Specs.World;

namespace Mana.Specs.Emails;

/// <summary>ENU-04 with <c>REGISTRATION_DISCLOSURE=hidden</c>: a taken address is answered like a free one, and its owner is told.</summary>
public sealed class Wanting_a_taken_address_where_nobody_is_told(HidingHouse house) : IClassFixture<HidingHouse>
{
    [Fact]
    public async Task Asking_for_a_taken_address_looks_like_asking_for_a_free_one()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));

        var taken = await alice.Post("/api/v1/auth/change-email", new { newEmail = bob.Email });
        var free = await alice.Post("/api/v1/auth/change-email", new { newEmail = house.Stranger().Email });

        Assert.Equal(free.Expect(200).Body, taken.Expect(200).Body);
        await house.Idle();
        var told = Assert.Single(house.Mail.TextsTo(bob.Email), text => text.Contains("belongs to one already", StringComparison.Ordinal));
        Assert.DoesNotContain("http", told, StringComparison.Ordinal);
    }
}

public sealed class HidingHouse : House
{
    protected override void Configure(Dictionary<string, string> environment) => environment["REGISTRATION_DISCLOSURE"] = "hidden";
}
