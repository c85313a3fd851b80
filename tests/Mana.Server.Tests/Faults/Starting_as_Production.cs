using System.Security.Cryptography;
using Mana.Specs.World;

namespace Mana.Specs.Faults;

/// <summary>The shipped binary under the rules of Production (ruling 25): it starts with everything right, or not at all.</summary>
[Trait("Category", "Faults")]
public sealed class Starting_as_Production : IAsyncLifetime
{
    private static readonly string[] Required =
    [
        "MANA_AUTH_KEK",
        "BETTER_AUTH_SECRET",
        "MANA_SERVICE_KEY",
        "DATABASE_URL",
        "BASE_URL",
        "CORS_ORIGINS",
    ];

    private readonly SmtpSink _mail = new();

    private Database _database = null!;

    [Fact]
    public async Task With_everything_right_it_serves_and_ends_with_0_when_told_to()
    {
        await using var server = ShippedServer.Start(Right());
        await server.Ready();
        (await server.Post("/api/v1/auth/register", new { email = "nora@example.com", password = Phrases.Right })).Expect(201);

        Assert.Equal(0, await server.Stop());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Production")]
    [InlineData("development")]
    public async Task With_nothing_set_it_names_everything_that_is_missing_at_once(string? environment)
    {
        var settings = new Dictionary<string, string>();
        if (environment is not null)
        {
            settings["ASPNETCORE_ENVIRONMENT"] = environment;
        }

        var output = await Refused(settings);

        Assert.All(Required, name => Assert.Contains($"{name} is missing.", output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task EML_14_the_most_talkative_log_holds_no_secret_that_stands_in_an_address()
    {
        const string secret = "aSecretThatNobodyMayReadInALog";
        var settings = Right();
        settings["LOG_LEVEL"] = "debug";
        await using var server = ShippedServer.Start(settings);
        await server.Ready();
        string[] paths =
        [
            $"/verify-email?token={secret}",
            $"/reset-password?token={secret}",
            $"/confirm-email?token={secret}",
            $"/confirm-deletion?token={secret}",
            $"/api/auth/verify-email?token={secret}",
            $"/api/auth/reset-password/{secret}?callbackURL=/",
            $"/api/auth/delete-user/callback?token={secret}",
            $"/api/v1/auth/verify-email?token={secret}",
            $"/nowhere/{secret}",
        ];
        foreach (var path in paths)
        {
            using var response = await server.Http.GetAsync(path);
            Assert.True((int)response.StatusCode is >= 300 and < 500, $"{path}: {response.StatusCode}");
        }

        await server.Stop();

        Assert.NotEmpty(server.Output);
        Assert.DoesNotContain(secret, server.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task With_the_defaults_of_development_it_names_each_of_them_and_prints_no_value()
    {
        var settings = Right();
        settings["MANA_AUTH_KEK"] = SecretSettings.DevelopmentKek;
        settings["BETTER_AUTH_SECRET"] = "development-secret-of-mana-core-auth";
        settings["MANA_SERVICE_KEY"] = "dev-service-key";
        settings["BASE_URL"] = "http://localhost:3001";
        settings["CORS_ORIGINS"] = "http://localhost:3000,http://localhost:8081";
        string[] defaults = ["MANA_AUTH_KEK", "BETTER_AUTH_SECRET", "MANA_SERVICE_KEY", "BASE_URL", "CORS_ORIGINS"];

        var output = await Refused(settings);

        Assert.All(defaults, name => Assert.Contains($"{name} is the default of development.", output, StringComparison.Ordinal));
        PrintsNone(settings.Values, output);
    }

    [Fact]
    public async Task With_unusable_values_it_names_each_of_them_and_prints_no_value()
    {
        var settings = Right();
        settings["MANA_AUTH_KEK"] = "forty-letters-that-are-no-key-of-32-bytes!";
        settings["MANA_AUTH_KEK_ID"] = "Capital-Letters";
        settings["MANA_AUTH_KEK_PREVIOUS"] = "an-earlier-key-without-its-name";
        settings["BETTER_AUTH_SECRET"] = "too-short-a-secret";
        settings["MANA_SERVICE_KEY"] = "too-short-a-key";
        settings["DATABASE_URL"] = "postgresql://mana_app:percent%zz@host/db";
        settings["LISTEN_ADDRESS"] = "neighbour";
        settings["RATE_LIMITS"] = "off";
        settings["DATABASE_POOLED"] = "on";
        string[] wrong =
        [
            "MANA_AUTH_KEK",
            "MANA_AUTH_KEK_ID",
            "MANA_AUTH_KEK_PREVIOUS",
            "BETTER_AUTH_SECRET",
            "MANA_SERVICE_KEY",
            "DATABASE_URL",
            "LISTEN_DATABASE_URL",
            "LISTEN_ADDRESS",
            "RATE_LIMITS",
        ];

        var output = await Refused(settings);

        Assert.All(wrong, name => Assert.Contains($"- {name} ", output, StringComparison.Ordinal));
        Assert.Contains("RATE_LIMITS may not be off in Production.", output, StringComparison.Ordinal);
        PrintsNone(settings.Values, output);
    }

    [Theory]
    [InlineData("before-2026:forty-letters-that-are-no-key-of-32-bytes!", "is not a list of id:base64")]
    [InlineData("env-v1:c3BlYy1rZXktb2YtdGhpcnR5LXR3by1ieXRlcy00NTY=", "names a key twice")]
    public async Task With_an_earlier_key_that_opens_nothing_it_says_so_and_prints_no_value(string earlier, string sentence)
    {
        var settings = Right();
        settings["MANA_AUTH_KEK_PREVIOUS"] = earlier;

        var output = await Refused(settings);

        Assert.Contains($"MANA_AUTH_KEK_PREVIOUS {sentence}", output, StringComparison.Ordinal);
        PrintsNone(earlier.Split(':'), output);
    }

    [Fact]
    public async Task With_another_key_encryption_key_under_the_same_name_it_does_not_start()
    {
        await using (var first = ShippedServer.Start(Right()))
        {
            await first.Ready();
        }

        var settings = Right();
        settings["MANA_AUTH_KEK"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

        var output = await Refused(settings);

        Assert.Contains("MANA_AUTH_KEK does not open", output, StringComparison.Ordinal);
        Assert.DoesNotContain(settings["MANA_AUTH_KEK"], output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_a_superuser_or_an_owner_it_does_not_start()
    {
        foreach (var url in new[] { _database.AdminUrl, _database.OwnerUrl })
        {
            var settings = Right();
            settings["DATABASE_URL"] = url;

            var output = await Refused(settings);

            Assert.Contains("use mana_app", output, StringComparison.Ordinal);
            Assert.DoesNotContain(new Uri(url).UserInfo.Split(':')[1], output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task With_a_password_the_database_refuses_it_does_not_start()
    {
        var settings = Right();
        settings["DATABASE_URL"] = new UriBuilder(_database.AppUrl) { Password = "not-this-one" }
            .Uri
            .AbsoluteUri;

        var output = await Refused(settings);

        Assert.Contains("28P01", output, StringComparison.Ordinal);
        Assert.DoesNotContain("not-this-one", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_schema_that_is_older_or_has_moved_on_it_does_not_start()
    {
        await _database.Tamper("delete from public.schema_migrations where version = (select max(version) from public.schema_migrations)");
        Assert.Contains("schema", await Refused(Right()), StringComparison.Ordinal);

        await _database.Tamper("delete from public.schema_migrations");
        Assert.Contains("schema", await Refused(Right()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_schema_that_was_only_expanded_it_serves_and_on_a_contracted_one_it_does_not()
    {
        const string newer = "insert into public.schema_migrations (version, name, checksum, duration_ms, contracts_to) values ";
        await _database.Tamper(newer + "(9998, 'expanding', 'x', 1, null)");
        await using (var server = ShippedServer.Start(Right()))
        {
            await server.Ready();
        }

        await _database.Tamper(newer + "(9999, 'contracting', 'x', 1, 9998)");
        Assert.Contains("schema", await Refused(Right()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_its_database_it_waits_without_a_port_and_serves_when_it_is_there()
    {
        await using var proxy = new ChaosProxy(_database.AppUrl);
        proxy.Set(Line.Refuse);
        var settings = Right();
        settings["DATABASE_URL"] = proxy.Route(_database.AppUrl);
        await using var server = ShippedServer.Start(settings);
        while (!server.Output.Contains("Waiting for the database", StringComparison.Ordinal))
        {
            Assert.False(server.HasExited, server.Output);
            await Task.Delay(20);
        }

        Assert.False(await server.Listens());
        proxy.Set(Line.Pass);

        await server.Ready();
    }

    [Fact]
    public async Task Before_the_name_of_its_database_is_known_it_waits_as_well()
    {
        var settings = Right();
        settings["DATABASE_URL"] = "postgresql://mana_app:secret@database.invalid/mana";
        await using var server = ShippedServer.Start(settings);
        while (!server.Output.Contains("Waiting for the database", StringComparison.Ordinal))
        {
            Assert.False(server.HasExited, server.Output);
            await Task.Delay(20);
        }

        Assert.False(await server.Listens());
    }

    public async ValueTask InitializeAsync() => _database = await Databases.Create();

    public async ValueTask DisposeAsync()
    {
        await _mail.DisposeAsync();
        await Databases.Drop(_database.Name);
    }

    /// <summary>Everything Production asks for, and no environment name: unset means Production.</summary>
    private Dictionary<string, string> Right()
    {
        var settings = ShippedServer.Development(_database.AppUrl, _mail);
        settings.Remove("ASPNETCORE_ENVIRONMENT");
        settings.Remove("RATE_LIMITS");
        settings["BASE_URL"] = "https://auth.example.com";
        settings["CORS_ORIGINS"] = "https://app.example.com";
        settings["MANA_AUTH_KEK"] = "c3BlYy1rZXktb2YtdGhpcnR5LXR3by1ieXRlcy0xMjM=";
        settings["BETTER_AUTH_SECRET"] = "a-secret-that-only-this-spec-knows";
        settings["MANA_SERVICE_KEY"] = "a-service-key-of-this-spec";

        return settings;
    }

    /// <summary>Words such as "off" may stand in a sentence by themselves; what is longer could only come from a setting.</summary>
    private static void PrintsNone(IEnumerable<string> values, string output) =>
        Assert.All(values.Where(value => value.Length > 8), value => Assert.DoesNotContain(value, output, StringComparison.Ordinal));

    /// <summary>Starts, sees it end with 1 without ever listening, and gives back what it wrote.</summary>
    private static async Task<string> Refused(IReadOnlyDictionary<string, string> settings)
    {
        await using var server = ShippedServer.Start(settings);
        var ended = server.Exit();
        while (!ended.IsCompleted)
        {
            Assert.False(await server.Listens(), $"A port was opened: {server.Output}");
            await Task.Delay(5);
        }

        Assert.True(await ended == 1, $"Ended with {await ended}: {server.Output}");
        Assert.Contains("The service does not start", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal); // a trace of calls explains nothing to an operator

        return server.Output;
    }
}
