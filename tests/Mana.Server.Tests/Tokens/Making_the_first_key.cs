using Mana.Platform.Database;
using Mana.Protocols.Sealing;
using Mana.Specs.World;
using Mana.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Tokens;

public sealed class Making_the_first_key(House house) : IClassFixture<House>
{
    [Fact]
    public async Task Twelve_instances_that_start_at_once_on_an_empty_table_agree_on_one_key()
    {
        await house.Database.Tamper("delete from auth.jwks");
        var db = house.Services.GetRequiredService<Db>();
        var sealer = house.Services.GetRequiredService<Sealer>();
        var instances = Enumerable.Range(0, 12).Select(_ => new SigningKeys(db, sealer, house.Clock)).ToArray();

        await Task.WhenAll(instances.Select(instance => instance.Load(CancellationToken.None)));

        Assert.Equal(1, await house.Database.Read<long>("select count(*) from auth.jwks"));
        Assert.Single(instances.Select(instance => instance.Active.Kid).Distinct());
    }

    [Fact]
    public async Task The_private_half_is_sealed_for_its_own_row()
    {
        var stored = await house.Database.Read<string>("select private_key from auth.jwks limit 1");

        Assert.StartsWith("v2.env-v1.", stored, StringComparison.Ordinal);
    }
}
