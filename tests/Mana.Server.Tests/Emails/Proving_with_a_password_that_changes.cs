using Mana.Specs.Faults;
using Mana.Specs.World;

namespace Mana.Specs.Emails;

/// <summary>Hashing takes long: what was right when it began must still be right when the link is used.</summary>
public sealed class Proving_with_a_password_that_changes(ProxiedHouse house) : IClassFixture<ProxiedHouse>
{
    [Fact]
    public async Task A_typed_password_that_is_replaced_while_it_is_verified_proves_nothing()
    {
        var alice = house.Stranger();
        await alice.Register("Alice");
        var phone = new Browser(house);
        var form = (await phone.Open(await house.Mail.LinkTo(alice.Email))).Form("typed");
        var replaced = 0;
        house.Proxy.Watch = async (message, _) =>
        {
            if (message.IsRequest && message.FlightRuns("set used_at") && Interlocked.Exchange(ref replaced, 1) == 0)
            {
                await house.Database.Tamper("update auth.passwords set hashed_password = 'another' where user_id = $1", alice.Id);
            }

            return Fate.Forward;
        };

        var refused = await phone.Submit(form, ("password", alice.Password));

        house.Proxy.Watch = null;
        Assert.Equal(1, replaced);
        refused.Expect(401);
        Assert.False(phone.HasSession);
        Assert.False(await house.Database.Read<bool>("select email_verified from auth.users where id = $1", alice.Id));
        (await phone.Open(await house.Mail.LinkTo(alice.Email))).Expect(200);
    }
}
