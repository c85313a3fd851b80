using Mana.Specs.World;

namespace Mana.Specs.Journeys;

/// <summary>A house as in Production: nobody gets in before the mailbox is proved. Finished links lead to the account.</summary>
public sealed class JourneyHouse : House
{
    protected override void Configure(Dictionary<string, string> environment)
    {
        environment["REQUIRE_EMAIL_VERIFICATION"] = "true";
        environment["DELETE_USER_BY_MAIL"] = "on";
        environment["FRONTEND_URL"] = new Uri(Address, "/account").AbsoluteUri;
    }
}
