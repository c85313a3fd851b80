using Mana.Operations;

namespace Mana.Specs.Operations;

/// <summary>What keeps a command from its work is a sentence and an exit code, and never a trace of calls.</summary>
public sealed class Commands_that_cannot_do_their_work : IDisposable
{
    private const string Away = "postgresql://mana_app:secret@127.0.0.1:1/mana";

    private const string Unknown = "postgresql://mana_app:secret@database.invalid/mana";

    private const string Unreadable = "postgresql://mana_app:percent%zz@host/mana";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mana-commands-");

    [Theory]
    [InlineData(Away)]
    [InlineData(Unknown)]
    public async Task Serving_gives_up_on_a_database_that_never_answers(string url)
    {
        await using var output = new StringWriter();

        Assert.Equal(1, await ServeCommand.Run(Environment(url), output, new Hurrying()));

        Assert.Contains("does not start: the database of DATABASE_URL does not answer", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Away, "does not answer")]
    [InlineData(Unknown, "does not answer")]
    [InlineData(Unreadable, "DATABASE_URL is not a database address")]
    public async Task An_operator_is_told_what_is_wrong_with_the_database(string url, string sentence)
    {
        await using var output = new StringWriter();

        Assert.Equal(1, await UsersCommand.Run(["unban", "alice@example.com"], Environment(url), output, CancellationToken.None));

        Assert.Contains(sentence, output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Away, "", "", "does not answer")]
    [InlineData(Unknown, "", "", "does not answer")]
    [InlineData(Unreadable, "", "", "DATABASE_URL is not a database address")]
    [InlineData("", "", "", "DATABASE_URL is missing.")]
    [InlineData(Away, "no key", "", "MANA_AUTH_KEK is not the base64")]
    [InlineData(Away, "c3BlYy1rZXktb2YtdGhpcnR5LXR3by1ieXRlcy0xMjM=", "no-name", "MANA_AUTH_KEK_PREVIOUS is not a list")]
    public async Task An_auditor_is_told_too(string url, string kek, string earlier, string sentence)
    {
        var environment = Environment(url);
        environment["MANA_AUTH_KEK"] = kek;
        environment["MANA_AUTH_KEK_PREVIOUS"] = earlier;
        await using var output = new StringWriter();

        Assert.Equal(1, await CheckBooksCommand.Run([], environment, output, CancellationToken.None));

        Assert.Contains(sentence, output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        """{"keys":[{"kid":"a","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},{"kid":"a","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}"""
    )]
    [InlineData("""{"kid":null,"x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""")]
    [InlineData("""{"kid":"a","x":null}""")]
    [InlineData("""{"kid":"a"}""")]
    [InlineData("""[]""")]
    [InlineData("""{""")]
    public async Task A_file_that_holds_no_keys_is_not_understood(string keys)
    {
        var file = Path.Combine(_folder.FullName, "keys.json");
        await File.WriteAllTextAsync(file, keys);
        await using var output = new StringWriter();

        Assert.Equal(2, await CheckBooksCommand.Run(["--keys", file], Environment(Away), output, CancellationToken.None));
        Assert.Equal(2, await VerifyReceiptCommand.Run([file, "--keys", file], output, CancellationToken.None));
    }

    [Theory]
    [InlineData("http")]
    [InlineData("-1")]
    [InlineData("65536")]
    public async Task A_port_that_is_none_is_not_healthy(string port)
    {
        await using var output = new StringWriter();

        Assert.Equal(1, await HealthCommand.Run(new Dictionary<string, string> { ["PORT"] = port }, output));

        Assert.Contains("PORT is not the number of a port", output.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Dictionary<string, string> Environment(string url) =>
        new() { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["DATABASE_URL"] = url };

    /// <summary>Every look at it is minutes after the last.</summary>
    private sealed class Hurrying : TimeProvider
    {
        private long _looks;

        public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Increment(ref _looks) * 120 * TimestampFrequency;
    }
}
