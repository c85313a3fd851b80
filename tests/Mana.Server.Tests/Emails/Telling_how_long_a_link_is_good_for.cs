using Mana.Specs.Passwords;
using Mana.Specs.World;

namespace Mana.Specs.Emails;

/// <summary>Lifetimes are settings, so every mail says its own.</summary>
public sealed class Telling_how_long_a_link_is_good_for(Telling_how_long_a_link_is_good_for.PatientHouse house)
    : IClassFixture<Telling_how_long_a_link_is_good_for.PatientHouse>
{
    [Fact]
    public async Task Each_mail_says_what_its_setting_says()
    {
        var alice = await house.Person("alice");
        var browser = await alice.InABrowser();
        var newEmail = $"new-{alice.Email}";
        (await alice.Post("/api/v1/auth/change-email", new { newEmail })).Expect(200);
        await house.AskForLink(alice.Email);
        (await browser.Post("/api/auth/delete-user", new { })).Expect(200);
        await house.Idle();

        Says(alice.Email, "confirm your e-mail address", "Der Link gilt 3 Tage.", "It is valid for 3 days.");
        Says(newEmail, "is to have this e-mail address", "Der Link gilt 90 Sekunden.", "It is valid for 90 seconds,");
        Says(alice.Email, "set a new password", "Der Link gilt 10 Minuten und", "It is valid for 10 minutes and");
        Says(alice.Email, "want to erase your Mana account", "Der Link gilt eine Stunde.", "It is valid for one hour,");
    }

    private void Says(string email, string about, string german, string english)
    {
        var text = Assert.Single(house.Mail.TextsTo(email), text => text.Contains(about, StringComparison.Ordinal));
        Assert.Contains(german, text, StringComparison.Ordinal);
        Assert.Contains(english, text, StringComparison.Ordinal);
    }

    public sealed class PatientHouse : House
    {
        protected override void Configure(Dictionary<string, string> environment)
        {
            environment["EMAIL_VERIFICATION_EXPIRY"] = "3d";
            environment["EMAIL_CHANGE_EXPIRY"] = "90s";
            environment["PASSWORD_RESET_EXPIRY"] = "10m";
            environment["DELETE_USER_LINK_EXPIRY"] = "60m";
            environment["DELETE_USER_BY_MAIL"] = "on";
        }
    }
}
