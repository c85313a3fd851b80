using System.Text;
using Mana.Protocols.Cookies;
using Mana.Sessions;
using Mana.Specs.World;

namespace Mana.Specs.Sessions;

/// <summary>SES-01 to SES-05 at an address with https and without a parent domain.</summary>
public sealed class Attacking_session_cookies(Attacking_session_cookies.Secure house) : IClassFixture<Attacking_session_cookies.Secure>
{
    private const string Name = "__Secure-mana.session_token";

    private const string Secret = "a-secret-of-the-specs-that-is-long-enough";

    [Fact]
    public async Task SES_01_a_chosen_cookie_is_never_taken_over_by_a_sign_in()
    {
        var chosen = $"{Name}={Uri.EscapeDataString(SignedCookie.Sign(new string('x', 32), Encoding.UTF8.GetBytes(Secret)))}";
        var alice = await Registered();

        var first = await SignIn(alice, chosen);
        var second = await SignIn(alice, first);

        Assert.Equal(3, new[] { chosen, first, second }.Distinct().Count());
        Assert.Equal("null", await Session(chosen));
        Assert.NotEqual("null", await Session(first));
    }

    [Fact]
    public async Task SES_02_the_cookie_has_the_prefix_and_every_attribute_and_no_domain()
    {
        var alice = await Registered();
        var reply = await alice.Post("/api/auth/sign-in/email", new { email = alice.Email, password = alice.Password });

        var cookie = Assert.Single(reply.Expect(200).SetCookies);

        Assert.StartsWith($"{Name}=", cookie, StringComparison.Ordinal);
        Assert.EndsWith("; Max-Age=604800; Path=/; HttpOnly; Secure; SameSite=Lax", cookie, StringComparison.Ordinal);
        Assert.True(cookie.Length < 4096);
    }

    [Fact]
    public async Task SES_03_a_tossed_second_value_is_no_session_and_a_plain_name_counts_for_nothing()
    {
        var alice = await Registered();
        var (one, other) = (await SignIn(alice, null), await SignIn(alice, null));
        var garbage = $"{Name}=tossed.value";

        Assert.Equal("null", await Session($"{one}; {other}"));
        Assert.Equal("null", await Session($"{other}; {one}"));
        Assert.Empty((await house.Nobody().Send(HttpMethod.Get, "/api/auth/get-session", null, ("Cookie", $"{one}; {other}"))).SetCookies); // to clear one's own would leave the tossed one alone
        Assert.NotEqual("null", await Session($"{one}; {one}"));
        Assert.NotEqual("null", await Session($"{one}; {garbage}"));
        Assert.Equal("null", await Session($"{garbage}; {one}"));
        Assert.NotEqual("null", await Session($"{one}; {other.Replace("__Secure-", "", StringComparison.Ordinal)}"));
        Assert.Equal("null", await Session(one.Replace("__Secure-", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task SES_04_a_cookie_that_is_off_by_one_letter_is_none()
    {
        var (alice, bob) = (await Registered(), await Registered());
        var (good, foreign) = (Value(await SignIn(alice, null)), Value(await SignIn(bob, null)));
        var dot = good.LastIndexOf('.');
        string[] wrong =
        [
            .. Enumerable.Range(0, good.Length).Select(at => good[..at] + (good[at] == 'A' ? 'B' : 'A') + good[(at + 1)..]),
            .. Enumerable.Range(1, good.Length - 1).Select(cut => good[..^cut]),
            good + "A",
            good + "=",
            good.ToUpperInvariant(),
            good.ToLowerInvariant(),
            good[..dot] + foreign[foreign.LastIndexOf('.')..],
        ];

        foreach (var attempt in wrong.Where(attempt => attempt != good))
        {
            Assert.Equal("null", await Session($"{Name}={Uri.EscapeDataString(attempt)}"));
        }

        Assert.NotEqual("null", await Session($"{Name}={Uri.EscapeDataString(good)}"));
    }

    [Fact]
    public void SES_05_ten_thousand_session_tokens_have_no_structure()
    {
        const int many = 10_000;
        const int letters = 62;
        var tokens = Enumerable.Range(0, many).Select(_ => SessionSecrets.NewToken()).ToArray();

        Assert.Equal(many, tokens.Distinct().Count());
        Assert.All(tokens, token => Assert.Matches("^[a-zA-Z0-9]{32}$", token));
        for (var at = 0; at < 32; at++)
        {
            // Chi-squared with 61 degrees of freedom: beyond 140 once in some ten million positions.
            var expected = many / (double)letters;
            var counts = tokens.GroupBy(token => token[at]).ToDictionary(group => group.Key, group => group.Count());
            Assert.Equal(letters, counts.Count);
            Assert.InRange(counts.Values.Sum(count => (count - expected) * (count - expected) / expected), 15, 140);
        }
    }

    private async Task<Person> Registered()
    {
        var person = house.Stranger("alice");
        await person.Register("Alice");

        return person;
    }

    private static async Task<string> SignIn(Person person, string? cookie)
    {
        var body = System.Net.Http.Json.JsonContent.Create(new { email = person.Email, password = person.Password });
        var reply = cookie is null
            ? await person.Send(HttpMethod.Post, "/api/auth/sign-in/email", body)
            : await person.Send(
                HttpMethod.Post,
                "/api/auth/sign-in/email",
                body,
                ("Cookie", cookie),
                ("Origin", "https://auth.mana.example")
            );

        return reply.Expect(200).CookieHeader();
    }

    private static string Value(string cookie) => Uri.UnescapeDataString(cookie[(Name.Length + 1)..]);

    private async Task<string> Session(string cookie) =>
        (await house.Nobody().Send(HttpMethod.Get, "/api/auth/get-session", null, ("Cookie", cookie))).Expect(200).Body;

    public sealed class Secure : House
    {
        protected override void Configure(Dictionary<string, string> environment)
        {
            environment["BASE_URL"] = "https://auth.mana.example";
            environment["BETTER_AUTH_SECRET"] = Secret;
        }
    }
}
