namespace Mana.Specs.World;

/// <summary>A house that still serves services of the first generation.</summary>
public sealed class HouseOfOldServices : House
{
    protected override void Configure(Dictionary<string, string> environment) => environment["SERVICE_KEY_ON_PUBLIC_PATHS"] = "on";
}
