using System.Text;
using Mana.Protocols.Jose;
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
        var instances = Enumerable.Range(0, 12).Select(_ => Instance()).ToArray();

        await Task.WhenAll(instances.Select(instance => instance.Load(CancellationToken.None)));

        Assert.Equal(1, await house.Database.Read<long>("select count(*) from auth.jwks"));
        Assert.Single(instances.Select(instance => instance.Active.Kid).Distinct());
    }

    [Fact]
    public async Task JWT_17_two_that_start_cold_at_once_accept_each_others_tokens_twenty_times_out_of_twenty()
    {
        for (var round = 1; round <= 20; round++)
        {
            await house.Database.Tamper("delete from auth.jwks");
            var (one, other) = (Instance(), Instance());
            await Task.WhenAll(one.Load(CancellationToken.None), other.Load(CancellationToken.None));

            Assert.Equal(
                1,
                await house.Database.Read<long>("select count(*) from auth.jwks where active_at is not null and retired_at is null")
            );
            Accepts(one, other);
            Accepts(other, one);
        }
    }

    [Fact]
    public async Task The_private_half_is_sealed_for_its_own_row()
    {
        var stored = await house.Database.Read<string>("select private_key from auth.jwks limit 1");

        Assert.StartsWith("v2.env-v1.", stored, StringComparison.Ordinal);
    }

    private SigningKeys Instance() => ActivatorUtilities.CreateInstance<SigningKeys>(house.Services);

    private void Accepts(SigningKeys verifier, SigningKeys signer)
    {
        var now = house.Clock.GetUtcNow();
        var claims = new AccessTokenClaims("somebody", "a@b.cd", "user", "a session", now, now.AddMinutes(15), "manacore", "manacore");
        var token = Encoding.ASCII.GetBytes(signer.Active.Mint(claims));

        Assert.Equal(TokenFault.None, AccessTokens.Verify(token, verifier.Verification, "manacore", "manacore", now, out _));
    }
}
