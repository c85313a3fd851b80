using System.Globalization;
using System.Text.RegularExpressions;
using Mana.Specs.World;

namespace Mana.Specs.Platform;

public sealed partial class Watching_the_service(House house) : IClassFixture<House>
{
    [Fact]
    public async Task The_metrics_are_valid_text_for_Prometheus()
    {
        await house.Person("alice");

        var reply = await Metrics();

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", reply.Header("Content-Type"));
        var types = new Dictionary<string, string>();
        var seen = new HashSet<string>();
        foreach (var line in reply.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var words = line.Split(' ');
                Assert.True(types.TryAdd(words[2], words[3]), $"{words[2]} is described twice");
                Assert.Contains(words[3], new[] { "counter", "gauge", "histogram" });
            }
            else if (!line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                var sample = Sample().Match(line);
                Assert.True(sample.Success, line);
                Assert.True(seen.Add(sample.Groups["series"].Value), $"twice: {line}");
                var name = sample.Groups["name"].Value;
                Assert.True(types.ContainsKey(name) || types.GetValueOrDefault(Family().Replace(name, "")) == "histogram", line);
                double.Parse(
                    sample.Groups["value"].Value.Replace("+Inf", "Infinity", StringComparison.Ordinal),
                    CultureInfo.InvariantCulture
                );
            }
        }

        Assert.True(seen.Count > 100);
    }

    [Fact]
    public async Task What_people_do_is_counted()
    {
        var before = await Metrics();
        var alice = await house.Person("alice");
        (await alice.Post("/api/v1/auth/login", new { email = alice.Email, password = "not this one" })).Expect(401);
        (await alice.Use(7)).Expect(200);
        await house.Idle();
        var after = await Metrics();

        AssertGrew("auth_login_attempts_total{result=\"success\"}", 1);
        AssertGrew("auth_login_attempts_total{result=\"invalid_credentials\"}", 1);
        AssertGrew("auth_refusals_total{code=\"INVALID_CREDENTIALS\"}", 1);
        AssertGrew("auth_sign_ups_total", 1);
        AssertGrew("credits_spent_total", 7);
        AssertGrew("jobs_runs_total{kind=\"verification-mail\",result=\"done\"}", 1);
        AssertGrew("http_requests_total{method=\"POST\",status=\"200\",route=\"/api/v1/auth/login\"}", 1);
        AssertGrew("http_request_duration_seconds_bucket{method=\"POST\",status=\"200\",route=\"/api/v1/auth/login\",le=\"+Inf\"}", 1);

        // Counted up and down by every house of this process, of which this one may have seen only the second half.
        Assert.Contains("\nauth_hashing_queue ", after.Body, StringComparison.Ordinal);

        // Other specs count on the same meters at the same time, so at least.
        void AssertGrew(string series, double by) =>
            Assert.True(Value(after, series) >= Value(before, series) + by, $"{series}: {Value(before, series)} → {Value(after, series)}");
    }

    [Fact]
    public async Task An_unknown_path_is_no_label_of_its_own()
    {
        var secret = $"/nowhere/{Guid.NewGuid():N}";
        await house.Nobody().Get(secret);

        var reply = await Metrics();

        Assert.DoesNotContain(secret, reply.Body, StringComparison.Ordinal);
        Assert.Contains("route=\"unmatched\"", reply.Body, StringComparison.Ordinal);
    }

    private async Task<Reply> Metrics() => (await house.Nobody().Get("/metrics")).Expect(200);

    private static double Value(Reply metrics, string series)
    {
        var line = metrics.Body.Split('\n').FirstOrDefault(line => line.StartsWith(series + " ", StringComparison.Ordinal));

        return line is null ? 0 : double.Parse(line[(series.Length + 1)..], CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(
        """^(?<series>(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{([a-zA-Z_][a-zA-Z0-9_]*="(\\.|[^"\\])*",?)+\})?) (?<value>NaN|[+-]Inf|[0-9eE.+-]+)$""",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Sample();

    [GeneratedRegex("_(bucket|sum|count)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Family();
}
