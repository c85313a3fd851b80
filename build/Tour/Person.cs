using Mana.Build.Machine;

namespace Mana.Build.Tour;

/// <summary>Somebody nobody has seen before.</summary>
internal sealed record Person(string Name, string Email, string Password)
{
    public static Person Fresh(string name)
    {
        var tail = Guid.NewGuid().ToString("N")[..10];
        return new Person(name, $"{name.ToLowerInvariant()}-{tail}@example.com", $"tour-{Guid.NewGuid():N}");
    }

    /// <summary>Reads the verification mail and follows its link; needs the development mailbox.</summary>
    public async Task ProveMailbox(Visitor visitor, CancellationToken stop)
    {
        var link =
            await MailLink.Find(visitor, Email, stop)
            ?? throw new Failure(
                $"Signing in asks for a verified address, and no mail to {Email} is in the mailbox {visitor.Last?.Request}.",
                "run the service as ./mana dev does, with SMTP_HOST unset",
                "run it with REQUIRE_EMAIL_VERIFICATION=false"
            );
        var proved = await MailLink.Follow(visitor, link, Password);
        Guide.Expect(proved, "reads the mail and proves the mailbox", proved.Status is 200 or 302 or 303);
    }
}
