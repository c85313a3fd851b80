using Mana.Specs.Faults;
using Mana.Specs.Passwords;
using Mana.Specs.World;

namespace Mana.Specs.SignIn;

/// <summary>
/// Hashing takes long. A password that is replaced meanwhile must not open a session, which would outlive the reset that ended all others
/// (REF-07); a hash that is only upgraded meanwhile must not keep anybody out.
/// </summary>
public sealed class Signing_in_while_the_password_changes(ProxiedHouse house) : IClassFixture<ProxiedHouse>
{
    [Theory]
    [InlineData("/api/v1/auth/login", "INVALID_CREDENTIALS")]
    [InlineData("/api/auth/sign-in/email", "INVALID_EMAIL_OR_PASSWORD")]
    public async Task A_password_that_is_replaced_while_it_is_verified_opens_nothing(string path, string code)
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        await house.Database.Tamper("update auth.users set email_verified = true where id = $1", alice.Id);
        var secret = await house.AskForSecret(alice.Email);
        var replaced = 0;
        house.Proxy.Watch = async (message, _) =>
        {
            if (message.IsRequest && message.FlightRuns("for share") && Interlocked.Exchange(ref replaced, 1) == 0)
            {
                (await house.Reset(secret)).Expect(200);
            }

            return Fate.Forward;
        };

        var refused = await house.Nobody().Post(path, new { email = alice.Email, password = alice.Password });

        house.Proxy.Watch = null;
        Assert.Equal(1, replaced);
        refused.Expect(401, code);
        Assert.Equal(0, await house.Database.Read<long>("select count(*) from auth.sessions where user_id = $1", alice.Id));
    }

    [Fact]
    public async Task Parallel_first_sign_ins_of_somebody_who_was_imported_all_succeed()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var old = Mana.Protocols.Passwords.StoredPassword.Create(alice.Password, new(8_192, 1));
        await house.Database.Tamper("update auth.passwords set hashed_password = $2 where user_id = $1", alice.Id, old);

        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => house.SignIn(alice.Email, alice.Password)));

        Assert.All(replies, reply => reply.Expect(200));
    }
}
