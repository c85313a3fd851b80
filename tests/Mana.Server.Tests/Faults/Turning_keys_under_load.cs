using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Mana.Specs.World;

namespace Mana.Specs.Faults;

/// <summary>Ruling 31: two instances turn their keys every few seconds while both sign and both verify.</summary>
[Trait("Category", "Faults")]
public sealed class Turning_keys_under_load(TurningInstances world) : IClassFixture<TurningInstances>
{
    private const int Workers = 6;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(Measure.IsFull ? 120 : 18);

    /// <summary>The recurring work makes a key one time and lets it sign the next: a turn takes ten seconds.</summary>
    private static readonly int KeysMin = Measure.IsFull ? 10 : 2;

    /// <summary>Verified again after the next key has taken over, and before the token expires.</summary>
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(7);

    [Fact]
    public async Task No_token_is_refused_by_either_instance_whichever_minted_it_before_or_after_a_turn()
    {
        var kids = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        var refused = new ConcurrentQueue<string>();
        var verified = 0;
        var person = await world.Somebody();
        var started = Stopwatch.GetTimestamp();

        await Task.WhenAll(Enumerable.Range(0, Workers).Select(Work));

        Assert.True(refused.IsEmpty, $"{refused.Count} of {verified}: {string.Join(", ", refused.Take(5))}");
        Measure.Tell($"{kids.Count} keys took turns; {verified} verifications, {refused.Count} refused");
        Assert.True(kids.Count >= KeysMin, $"only {kids.Count} keys took part");

        async Task Work(int worker)
        {
            var kept = new Queue<(string Token, long At)>();
            while (Stopwatch.GetElapsedTime(started) < Duration)
            {
                var minted = await TwoInstances.Send(
                    world.Servers[worker % 2],
                    HttpMethod.Get,
                    "/api/auth/token",
                    person.Here.SessionToken
                );
                var token = minted.Expect(200).Text("token");
                kids[Kid(token)] = true;
                await Verify(token, "fresh");
                kept.Enqueue((token, Stopwatch.GetTimestamp()));
                while (kept.TryPeek(out var old) && Stopwatch.GetElapsedTime(old.At) > Later)
                {
                    await Verify(kept.Dequeue().Token, "old");
                }

                await Task.Delay(10);
            }
        }

        async Task Verify(string token, string age)
        {
            foreach (var server in world.Servers)
            {
                var reply = (await server.Post("/api/v1/auth/validate", new { token })).Expect(200);
                Interlocked.Increment(ref verified);
                if (!reply.Json.GetProperty("valid").GetBoolean())
                {
                    refused.Enqueue($"{age}: {reply.Text("error")}");
                }
            }
        }
    }

    [Fact]
    public async Task JWT_16_a_token_of_a_key_that_was_taken_away_is_refused_by_both_within_a_second()
    {
        var person = await world.Somebody();
        var token = (await TwoInstances.Send(world.Servers[0], HttpMethod.Get, "/api/auth/token", person.Here.SessionToken)).Text("token");

        Assert.Equal(0, (await new Operator(world.Database).Keys("revoke", Kid(token))).ExitCode);
        await Task.Delay(TimeSpan.FromSeconds(1));

        foreach (var server in world.Servers)
        {
            Assert.Equal("Unknown key", (await server.Post("/api/v1/auth/validate", new { token })).Expect(200).Text("error"));
            var fresh = (await TwoInstances.Send(server, HttpMethod.Get, "/api/auth/token", person.Here.SessionToken)).Text("token");
            Assert.NotEqual(Kid(token), Kid(fresh));
            foreach (var verifier in world.Servers)
            {
                var verdict = (await verifier.Post("/api/v1/auth/validate", new { token = fresh })).Expect(200);
                Assert.True(verdict.Json.GetProperty("valid").GetBoolean(), verdict.Body);
            }
        }
    }

    private static string Kid(string token) =>
        JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[0])).GetProperty("kid").GetString()!;
}

/// <summary>A life of seconds: the recurring work looks every five of them.</summary>
public sealed class TurningInstances : TwoInstances
{
    protected override void Configure(Dictionary<string, string> settings)
    {
        settings["JWT_ACCESS_TOKEN_EXPIRY"] = "15s";
        settings["JWT_KEY_ANNOUNCE"] = "2s";
        settings["JWT_KEY_ROTATE"] = "4s";
        settings["JWT_KEY_RETIRE"] = "20s";
    }
}
