using Mana.Specs.Gifts;
using Mana.Specs.World;

namespace Mana.Specs.Credits;

/// <summary>CRD-15: what is charged and what it is charged for are one transaction; a fault between them leaves neither.</summary>
public sealed class Charging_and_doing(House house) : IClassFixture<House>
{
    [Fact]
    public async Task CRD_15_a_fault_between_the_charge_and_the_gift_leaves_neither_and_the_same_key_completes_it()
    {
        house.ExpectErrors();
        var alice = await house.Payer(100);
        await house.Database.Tamper("alter table credits.gifts add constraint gifts_fail check (amount < 0) not valid");
        (await alice.Give(60, idempotencyKey: "k")).Expect(500, "INTERNAL");
        await house.Database.Tamper("alter table credits.gifts drop constraint gifts_fail");
        Assert.Equal("150 100 100 0", await alice.Holdings());

        (await alice.Give(60, idempotencyKey: "k")).Expect(201);

        Assert.Equal("150 40 100 0", await alice.Holdings());
        await house.BooksBalance();
    }

    [Fact]
    public async Task CRD_15_a_fault_while_a_gift_is_taken_leaves_it_where_it_was()
    {
        house.ExpectErrors();
        var (alice, bob) = (await house.Payer(100), await house.Person("bob"));
        var code = (await alice.Give(60)).Expect(201).Text("code");
        await house.Database.Tamper(
            "alter table credits.gift_redemptions add constraint redemptions_fail check (credits_received < 0) not valid"
        );
        (await bob.Take(code)).Expect(500, "INTERNAL");
        await house.Database.Tamper("alter table credits.gift_redemptions drop constraint redemptions_fail");
        Assert.Equal("150 0 0 0", await bob.Holdings());

        (await bob.Take(code)).Expect(200);

        Assert.Equal("150 60 60 0", await bob.Holdings());
        await house.BooksBalance();
    }
}
