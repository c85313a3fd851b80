namespace Mana.Specs.World;

/// <summary>A house whose limiters are on, behind a proxy that says who is asking.</summary>
public sealed class LimitedHouse : House
{
    protected override void Configure(Dictionary<string, string> environment)
    {
        environment["RATE_LIMITS"] = "on";
        environment["TRUSTED_PROXIES"] = "127.0.0.1,::1";
    }
}
