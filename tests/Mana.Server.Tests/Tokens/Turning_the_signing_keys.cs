using System.Security.Cryptography;
using System.Text.Json;
using Mana.Platform.Database;
using Mana.Protocols.Sealing;
using Mana.Specs.World;
using Mana.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Tokens;

/// <summary>Ruling 31, JWT-16: whoever turns a key, everybody goes on with the right one.</summary>
public sealed class Turning_the_signing_keys(House house) : IClassFixture<House>
{
    private SigningKeys Keys => house.Services.GetRequiredService<SigningKeys>();

    [Fact]
    public async Task JWT_16_what_the_old_key_signed_is_good_until_it_expires()
    {
        var alice = await house.Person("alice");
        var token = alice.AccessToken;
        await Announced();
        await house.Database.Tamper("update auth.jwks set created_at = created_at - interval '25 hours' where active_at is null");
        await Keys.Load(CancellationToken.None);
        await Keys.Turn(CancellationToken.None);

        Assert.NotEqual(Kid(token), Keys.Active.Kid);
        await IsAccepted(token);
        house.Clock.Move(TimeSpan.FromMinutes(14));
        await IsAccepted(token);
    }

    [Fact]
    public async Task Ten_instances_that_turn_at_once_make_one_key_and_let_one_sign()
    {
        var instances = Enumerable.Range(0, 10).Select(_ => ActivatorUtilities.CreateInstance<SigningKeys>(house.Services)).ToArray();
        await Task.WhenAll(instances.Select(instance => instance.Load(CancellationToken.None)));
        var before = await house.Database.Read<string[]>("select array_agg(id) from auth.jwks");
        var announced = await house.Database.Read<long>("select count(*) from auth.jwks where active_at is null");
        house.Clock.Move(TimeSpan.FromDays(89) + TimeSpan.FromMinutes(1));

        await Task.WhenAll(instances.Select(instance => instance.Turn(CancellationToken.None)));
        house.Clock.Move(TimeSpan.FromDays(1));
        await Task.WhenAll(instances.Select(instance => instance.Turn(CancellationToken.None)));

        Assert.Equal(1 - announced, await house.Database.Read<long>("select count(*) from auth.jwks where id <> all ($1)", (object)before));
        Assert.Equal(
            1,
            await house.Database.Read<long>("select count(*) from auth.jwks where active_at is not null and retired_at is null")
        );
        Assert.Single(instances.Select(instance => instance.Active.Kid).Distinct());
    }

    [Fact]
    public async Task JWT_16_a_token_of_a_revoked_key_is_refused_within_a_second_and_the_announced_key_takes_over()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        await IsAccepted(alice.AccessToken);
        var leaked = Keys.Active.Kid;
        var announced = await Announced();

        var (exitCode, output) = await new Operator(house.Database).Keys("revoke", leaked);
        await Task.Delay(TimeSpan.FromSeconds(1));

        Assert.Equal((0, $"{leaked} is gone, and with it every token it signed. {announced} signs."), (exitCode, output));
        Assert.Equal("Unknown key", await Error(alice.AccessToken));
        (await alice.Get("/api/v1/credits/balance")).Expect(401);
        Assert.DoesNotContain(leaked, await Published());
        await bob.Login();
        Assert.Equal(announced, Kid(bob.AccessToken));
        await IsAccepted(bob.AccessToken);
        var refreshed = await house.Nobody().Post("/api/v1/auth/refresh", new { refreshToken = alice.RefreshToken });
        await IsAccepted(refreshed.Expect(200).Text("accessToken"));
    }

    [Fact]
    public async Task Without_an_announced_key_a_new_one_signs_at_once()
    {
        await house.Database.Tamper("delete from auth.jwks where active_at is null");
        await Keys.Load(CancellationToken.None);
        var leaked = Keys.Active.Kid;

        Assert.Equal(0, (await new Operator(house.Database).Keys("revoke", leaked)).ExitCode);
        await Task.Delay(TimeSpan.FromSeconds(1));

        Assert.NotEqual(leaked, Keys.Active.Kid);
        var alice = await house.Person("alice");
        Assert.Equal(Keys.Active.Kid, Kid(alice.AccessToken));
        await IsAccepted(alice.AccessToken);
    }

    [Fact]
    public async Task The_token_that_rides_on_a_session_changes_with_the_key()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var browser = house.Nobody();
        browser.Cookies = (await alice.Login()).CookieHeader();
        var first = (await browser.Get("/api/auth/get-session")).Header("set-auth-jwt")!;
        Assert.Equal(first, (await browser.Get("/api/auth/get-session")).Header("set-auth-jwt"));

        await new Operator(house.Database).Keys("revoke", Kid(first));
        await Task.Delay(TimeSpan.FromSeconds(1));

        var second = (await browser.Get("/api/auth/get-session")).Header("set-auth-jwt")!;
        Assert.NotEqual(Kid(first), Kid(second));
        await IsAccepted(second);
    }

    [Fact]
    public async Task An_instance_that_cannot_open_the_new_key_goes_on_with_the_old_and_one_that_starts_then_does_not()
    {
        await Keys.Load(CancellationToken.None);
        var settings = house.Services.GetRequiredService<TokenSettings>();
        var other = new Sealer(Kek.Parse("env-v2", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))), []);
        var rotate = new RotateKeys(house.Services.GetRequiredService<Db>(), other, settings, house.Clock);
        var old = Keys.Active.Kid;
        await house.Database.Tamper("delete from auth.jwks where active_at is null");
        var announced = (await rotate.Announce(CancellationToken.None)).Value.Kid;
        house.Clock.Move(settings.KeyAnnounce);
        await rotate.Run(CancellationToken.None);
        await Keys.Load(CancellationToken.None);

        try
        {
            Assert.Equal(old, Keys.Active.Kid);
            Assert.Contains(announced, await Published());
            var starting = ActivatorUtilities.CreateInstance<SigningKeys>(house.Services);
            await Assert.ThrowsAsync<Mana.Platform.WrongKekException>(() => starting.Load(CancellationToken.None));
        }
        finally
        {
            await new Operator(house.Database).Keys("revoke", announced);
        }
    }

    [Fact]
    public async Task An_operator_sees_every_key_and_what_becomes_of_it()
    {
        var announced = await Announced();
        var operators = new Operator(house.Database);

        var (exitCode, output) = await operators.Keys("status");

        Assert.Equal(0, exitCode);
        Assert.Matches($"(?m)^{Keys.Active.Kid}  active     [-0-9]+ [:0-9]+Z, signs until [-0-9]+ [:0-9]+Z\r?$", output);
        Assert.Matches($"(?m)^{announced}  announced  [-0-9]+ [:0-9]+Z, signs from [-0-9]+ [:0-9]+Z\r?$", output);
        Assert.Equal((1, "There is no key nothing."), await operators.Keys("revoke", "nothing"));
        Assert.Equal(2, (await operators.Keys()).ExitCode);
        var stranger = new Operator(house.Database).With("MANA_AUTH_KEK", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        Assert.Equal(1, (await stranger.Keys("rotate")).ExitCode);
    }

    private async Task<string> Announced()
    {
        Assert.Equal(0, (await new Operator(house.Database).Keys("rotate")).ExitCode);
        Assert.Equal(0, (await new Operator(house.Database).Keys("rotate")).ExitCode);
        await Keys.Load(CancellationToken.None);

        return await house.Database.Read<string>("select id from auth.jwks where active_at is null");
    }

    private async Task<string[]> Published()
    {
        var set = (await house.Nobody().Get("/api/v1/auth/jwks")).Expect(200).Json;

        return [.. set.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];
    }

    private async Task IsAccepted(string token) =>
        Assert.True((await Validate(token)).GetProperty("valid").GetBoolean(), (await Validate(token)).ToString());

    private async Task<string?> Error(string token) => (await Validate(token)).GetProperty("error").GetString();

    private async Task<JsonElement> Validate(string token) =>
        (await house.Nobody().Post("/api/v1/auth/validate", new { token })).Expect(200).Json;

    private static string Kid(string token) =>
        JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[0])).GetProperty("kid").GetString()!;
}
