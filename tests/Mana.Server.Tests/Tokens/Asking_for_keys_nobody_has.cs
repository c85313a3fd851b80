using Mana.Specs.Faults;
using Mana.Specs.World;
using Mana.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Tokens;

/// <summary>JWT-16: made-up keys cost the database nothing.</summary>
public sealed class Asking_for_keys_nobody_has(ProxiedHouse house) : IClassFixture<ProxiedHouse>
{
    [Fact]
    public async Task JWT_16_five_thousand_of_them_make_us_look_once()
    {
        const int tokens = 5_000;
        var alice = await house.Person("alice");
        var rest = alice.AccessToken[alice.AccessToken.IndexOf('.', StringComparison.Ordinal)..];
        var looks = 0;
        house.Proxy.Watch = (message, _) =>
        {
            if (message is { IsRequest: true, Type: 'E' } && message.Sql.Contains("from auth.jwks", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref looks);
            }

            return Task.FromResult(Fate.Forward);
        };

        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        await Parallel.ForAsync(
            0,
            tokens,
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (at, _) =>
            {
                var header = Forger.Encode($$"""{"alg":"EdDSA","typ":"JWT","kid":"made-up-{{at}}"}""");
                var reply = await house.Nobody().Post("/api/v1/auth/validate", new { token = header + rest });
                Assert.Equal("Unknown key", reply.Expect(200).Text("error"));
            }
        );
        house.Proxy.Watch = null;

        Assert.InRange(looks, 0, 1 + (int)(System.Diagnostics.Stopwatch.GetElapsedTime(started) / TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task JWT_16_a_key_made_a_moment_ago_is_found_before_anybody_was_told()
    {
        var alice = await house.Person("alice");
        house.Proxy.Set(Line.Pass);
        var rotate = house.Services.GetRequiredService<RotateKeys>();
        await house.Database.Tamper("alter table auth.jwks disable trigger keys_turned");
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(10)); // whoever asked for a key before has used up the patience
            var leaked = house.Services.GetRequiredService<SigningKeys>().Active.Kid;
            await rotate.Revoke(leaked, CancellationToken.None);
            var neighbour = ActivatorUtilities.CreateInstance<SigningKeys>(house.Services);
            await neighbour.Load(CancellationToken.None);
            var payload = System.Text.Json.JsonElement.Parse(Forger.PayloadOf(alice.AccessToken));
            var token = neighbour.Active.Mint(
                new Mana.Protocols.Jose.AccessTokenClaims(
                    payload.GetProperty("sub").GetString()!,
                    payload.GetProperty("email").GetString()!,
                    payload.GetProperty("role").GetString()!,
                    payload.GetProperty("sid").GetString()!,
                    DateTimeOffset.FromUnixTimeSeconds(payload.GetProperty("iat").GetInt64()),
                    DateTimeOffset.FromUnixTimeSeconds(payload.GetProperty("exp").GetInt64()),
                    "manacore",
                    "manacore"
                )
            );

            var validation = (await house.Nobody().Post("/api/v1/auth/validate", new { token })).Expect(200);

            Assert.True(validation.Json.GetProperty("valid").GetBoolean(), validation.Body);
        }
        finally
        {
            await house.Database.Tamper("alter table auth.jwks enable trigger keys_turned");
        }
    }
}
