namespace Mana.Specs.World;

/// <summary>A house whose mail links act at once, as those of the reference do (ruling 9).</summary>
public class DirectHouse : House
{
    protected override void Configure(Dictionary<string, string> environment) => environment["MAIL_LINKS"] = "direct";
}
