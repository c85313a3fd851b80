using System.Net.Http.Json;
using Mana.Specs.Emails;
using Mana.Specs.World;

namespace Mana.Specs.Passwords;

/// <summary>Ruling 10, D5, EML-10: a reset proves the mailbox, and what was on the account before is gone.</summary>
public sealed class Resetting_before_the_mailbox_was_proved(House house) : IClassFixture<House>
{
    [Fact]
    public async Task EML_10_whoever_signed_up_with_a_strangers_address_is_left_with_nothing()
    {
        var mallory = await house.Person("victim");
        var browser = await mallory.InABrowser();
        await house.Database.Tamper(
            """
            insert into auth.accounts (id, user_id, provider_id, account_id, created_at, updated_at)
            values ('planted-' || $1, $1, 'google', 'mallory-' || $1, now(), now())
            """,
            mallory.Id
        );
        var verification = await house.Mail.LinkTo(mallory.Email);

        (await house.Reset(await house.AskForSecret(mallory.Email))).Expect(200);

        (await mallory.Get("/api/v1/credits/balance")).Expect(401);
        Assert.False(await browser.IsSignedIn());
        (await house.SignIn(mallory.Email, mallory.Password)).Expect(401);
        Assert.Equal(
            "credential",
            await house.Database.Read<string>("select string_agg(provider_id, ' ') from auth.accounts where user_id = $1", mallory.Id)
        );
        Assert.True(await IsVerified(mallory));
        Assert.Equal(1, await house.Events(mallory.Id, "EMAIL_VERIFIED"));

        // The link of the sign-up is still in the mailbox; it lets nobody in any more.
        var late = new Browser(house);
        Assert.Equal("Your address is confirmed", (await late.Open(verification)).Expect(200).Heading);
        Assert.False(late.HasSession);
    }

    [Fact]
    public async Task A_verified_account_keeps_its_other_ways_in()
    {
        var alice = await house.Person("alice");
        await house.Database.Tamper("update auth.users set email_verified = true where id = $1", alice.Id);
        await house.Database.Tamper(
            """
            insert into auth.accounts (id, user_id, provider_id, account_id, created_at, updated_at)
            values ('linked-' || $1, $1, 'google', 'alice-' || $1, now(), now())
            """,
            alice.Id
        );

        (await house.Reset(await house.AskForSecret(alice.Email))).Expect(200);

        Assert.Equal(2, await house.Database.Read<long>("select count(*) from auth.accounts where user_id = $1", alice.Id));
        Assert.Equal(0, await house.Events(alice.Id, "EMAIL_VERIFIED"));
    }

    [Fact]
    public async Task Nobody_writes_to_a_stranger_in_the_place_of_a_name()
    {
        const string message = "you won 500 euros, collect them at https://evil.example";
        var mallory = house.Stranger();
        await mallory.Register(message);
        await mallory.Login();
        await house.AskForSecret(mallory.Email);
        var change = new { newEmail = $"new-{mallory.Email}" };
        (await mallory.Post("/api/v1/auth/change-email", change)).Expect(200);
        (
            await mallory.Post("/api/v1/auth/change-password", new { currentPassword = mallory.Password, newPassword = Resets.Chosen })
        ).Expect(200);
        (await mallory.Send(HttpMethod.Delete, "/api/v1/auth/account", JsonContent.Create(new { password = Resets.Chosen }))).Expect(200);
        await house.Idle();

        Assert.Equal(5, house.Mail.TextsTo(mallory.Email).Count());
        Assert.DoesNotContain(house.Mail.Mails, mail => mail.Contains("evil.example", StringComparison.Ordinal));
        Assert.All(house.Mail.TextsTo(mallory.Email), text => Assert.StartsWith("Hallo,", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_proved_the_mailbox_is_greeted_by_name()
    {
        var alice = await house.Person("Alice");
        await house.Database.Tamper("update auth.users set email_verified = true where id = $1", alice.Id);

        await house.AskForSecret(alice.Email);

        Assert.Single(house.Mail.TextsTo(alice.Email), text => text.StartsWith("Hallo Alice,", StringComparison.Ordinal));
    }

    public sealed class Where_nobody_gets_in_unproved(VerifyingHouse house) : IClassFixture<VerifyingHouse>
    {
        [Fact]
        public async Task After_a_reset_the_person_signs_in_without_a_verification_mail()
        {
            var (alice, _, _) = await house.SignUp();
            (await house.SignIn(alice.Email, alice.Password)).Expect(403, "EMAIL_NOT_VERIFIED");

            (await house.Reset(await house.AskForSecret(alice.Email))).Expect(200);

            (await house.SignIn(alice.Email, Resets.Chosen)).Expect(200);
        }
    }

    private Task<bool> IsVerified(Person person) =>
        house.Database.Read<bool>("select email_verified from auth.users where id = $1", person.Id);
}
