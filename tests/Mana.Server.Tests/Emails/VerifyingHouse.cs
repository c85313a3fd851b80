using Mana.Specs.World;

namespace Mana.Specs.Emails;

/// <summary>A house as in Production: nobody gets in before the mailbox is proved.</summary>
public sealed class VerifyingHouse : House
{
    public const string FrontEnd = "http://localhost:3000";

    /// <summary>Somebody who signed up in this browser, and the link they were mailed.</summary>
    public async Task<(Person Person, Browser Browser, Uri Link)> SignUp(string name = "Alice", string? callbackUrl = null)
    {
        var (person, browser) = (Stranger(), new Browser(this));
        await browser.SignUp(person.Email, person.Password, name, callbackUrl);

        return (person, browser, await Mail.LinkTo(person.Email));
    }

    /// <summary>The link of a mail newer than that one.</summary>
    public async Task<Uri> LinkAfter(Uri earlier, string email)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            if (await Mail.LinkTo(email) is var link && link != earlier)
            {
                return link;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException("no newer mail");
    }

    public Task<long> OpenSessions(string email) =>
        Database.Read<long>(
            "select count(*) from auth.sessions s join auth.users u on u.id = s.user_id where u.email = $1 and s.revoked_at is null",
            email
        );

    public Task<bool> IsVerified(string email) => Database.Read<bool>("select email_verified from auth.users where email = $1", email);

    protected override void Configure(Dictionary<string, string> environment)
    {
        environment["REQUIRE_EMAIL_VERIFICATION"] = "true";
        environment["CORS_ORIGINS"] = FrontEnd;
        environment["FRONTEND_URL"] = "http://localhost:5173";
    }
}
