namespace Mana.Specs.World;

/// <summary>A house whose limiters are on, behind a proxy that says who is asking.</summary>
public sealed class LimitedHouse : House
{
    public const int AppMax = 120;

    protected override void Configure(Dictionary<string, string> environment)
    {
        environment["RATE_LIMITS"] = "on";
        environment["RATE_LIMIT_APP_MAX"] = $"{AppMax}";
        environment["TRUSTED_PROXIES"] = "127.0.0.1,::1";
    }
}
