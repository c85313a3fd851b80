using Mana.Specs.World;

namespace Mana.Specs.Sessions;

/// <summary>The body of get-session is written once for each session in memory. It may not outlive what it tells of.</summary>
public sealed class Asking_for_a_session_from_memory(House house) : IClassFixture<House>
{
    private const string Path = "/api/auth/get-session";

    [Fact]
    public async Task It_is_the_same_to_the_letter_until_something_changes_and_then_it_is_new()
    {
        var alice = await (await house.Person("alice")).InABrowser();
        var first = (await alice.Get(Path)).Expect(200);
        Assert.Equal(first.Body, (await alice.Get(Path)).Expect(200).Body);

        (await alice.Post("/api/auth/update-user", new { name = "Alice the Second" })).Expect(200);

        var changed = (await alice.Get(Path)).Expect(200);
        Assert.Equal("Alice the Second", changed.Json.GetProperty("user").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Two_sessions_of_one_person_are_never_taken_for_one_another()
    {
        var alice = await house.Person("alice");
        var here = await alice.InABrowser();
        var there = await alice.InABrowser();

        var one = (await here.Get(Path)).Expect(200).Json.GetProperty("session");
        var other = (await there.Get(Path)).Expect(200).Json.GetProperty("session");

        Assert.NotEqual(one.GetProperty("id").GetString(), other.GetProperty("id").GetString());
        Assert.NotEqual(one.GetProperty("token").GetString(), other.GetProperty("token").GetString());
    }

    [Fact]
    public async Task A_script_of_another_trusted_origin_may_read_every_header_it_needs()
    {
        var alice = await (await house.Person("alice")).InABrowser();

        var reply = (await alice.Send(HttpMethod.Get, Path, null, ("Origin", "http://localhost:3000"))).Expect(200);

        Assert.Contains("X-Request-Id", reply.Header("Access-Control-Expose-Headers"), StringComparison.Ordinal);
        Assert.Contains("set-auth-jwt", reply.Header("Access-Control-Expose-Headers"), StringComparison.Ordinal);
    }
}
