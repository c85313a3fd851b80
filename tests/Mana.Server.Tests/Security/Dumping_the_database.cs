using System.Buffers.Text;
using System.Text;
using Mana.Specs.Me;
using Mana.Specs.Passwords;
using Npgsql;

namespace Mana.Specs.Security;

/// <summary>Ruling 6, D3, SES-05: whoever reads the database, in a backup or by a hole in some query, finds nothing they could use.</summary>
public sealed class Dumping_the_database(ErasingByPageHouse house) : IClassFixture<ErasingByPageHouse>
{
    private const int SecretLengthMin = 32;

    [Fact]
    public async Task SES_05_no_secret_of_a_mail_and_no_token_of_a_session_is_in_it_raw_or_encoded()
    {
        var secrets = new Dictionary<string, string>();
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var login = await alice.Login();
        secrets["session token"] = login.Text("token");
        secrets["access token"] = alice.AccessToken;
        secrets["refresh token"] = alice.RefreshToken;
        secrets["successor"] = (await alice.Post("/api/v1/auth/refresh", new { refreshToken = alice.RefreshToken })).Text("refreshToken");
        var browser = await alice.InABrowser();
        var session = (await browser.Get("/api/auth/get-session")).Expect(200);
        secrets["cookie"] = browser.Cookies!.Split('=')[1];
        secrets["session token of the wire"] = session.Json.GetProperty("session").GetProperty("token").GetString()!;
        secrets["access token of the wire"] = session.Header("set-auth-jwt")!;
        var newEmail = $"new-{alice.Email}";
        await browser.Post("/api/auth/request-password-reset", new { email = alice.Email });
        (await browser.Post("/api/auth/change-email", new { newEmail })).Expect(200);
        (await browser.Post("/api/auth/delete-user", new { })).Expect(200);

        // While mails are on their way their secrets lie in the queue, sealed.
        var underWay = await Dump();
        await house.Idle();
        foreach (var link in house.Mail.LinksTo(alice.Email).Concat(house.Mail.LinksTo(newEmail)))
        {
            secrets[link.AbsolutePath] = Resets.SecretIn(link);
        }

        string[] mailed = ["/verify-email", "/reset-password", "/confirm-email", "/confirm-deletion"];
        Assert.All(mailed, path => Assert.Contains(path, secrets.Keys));
        Assert.All(secrets, secret => Assert.True(secret.Value.Length >= SecretLengthMin, secret.Key));
        NothingOf(secrets, underWay);
        var lying = await Dump();
        NothingOf(secrets, lying);

        // And when they were used.
        (await house.Reset(secrets["/reset-password"])).Expect(200);
        NothingOf(secrets, await Dump());

        // The dump is one: what is no secret is in it.
        Assert.Contains(alice.Email, lying, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_lies_there_in_any_form_would_be_found()
    {
        const string secret = "a-secret-of-some-length-0123456789AB";
        var bytes = Encoding.UTF8.GetBytes(secret);
        string[] forms =
        [
            secret,
            secret.ToUpperInvariant(),
            Hex(bytes),
            Convert.ToBase64String(bytes),
            Base64Url.EncodeToString(bytes),
            Convert.ToBase64String([1, .. bytes]),
            Base64Url.EncodeToString([1, 2, .. bytes, 3]),
        ];
        foreach (var form in forms)
        {
            await house.Database.Tamper(
                """
                insert into jobs.jobs (id, kind, payload, run_at, created_at, parked_at, last_error)
                values (gen_random_uuid(), 'planted', '{}', now(), now(), now(), $1)
                """,
                form
            );

            Assert.NotEmpty(Found(secret, await Dump()));

            await house.Database.Tamper("delete from jobs.jobs where kind = 'planted'");
        }
    }

    private static void NothingOf(Dictionary<string, string> secrets, string dump)
    {
        foreach (var (name, secret) in secrets)
        {
            Assert.True(Found(secret, dump) is "", $"the {name} is in the database as {Found(secret, dump)}");
        }
    }

    /// <returns>The form it was found in, or nothing.</returns>
    private static string Found(string secret, string dump) =>
        Forms(secret).FirstOrDefault(form => dump.Contains(form.Text, StringComparison.OrdinalIgnoreCase)).Name ?? "";

    private static IEnumerable<(string Name, string Text)> Forms(string secret)
    {
        yield return ("text", secret);
        foreach (var (name, bytes) in Bytes(secret))
        {
            yield return ($"hex of {name}", Hex(bytes));
            for (var offset = 0; offset < 3; offset++)
            {
                // Base64 of something longer that contains it: the letters at both ends belong to its neighbours too.
                var inside = Convert.ToBase64String([.. new byte[offset], .. bytes]).TrimEnd('=')[4..^4];
                yield return ($"base64 of {name}", inside);
                yield return ($"base64url of {name}", inside.Replace('+', '-').Replace('/', '_'));
            }
        }
    }

    private static IEnumerable<(string Name, byte[] Bytes)> Bytes(string secret)
    {
        yield return ("its letters", Encoding.UTF8.GetBytes(secret));
        if (Base64Url.IsValid(secret))
        {
            yield return ("its bits", Base64Url.DecodeFromChars(secret));
        }
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    /// <summary>Every row of every table as text, which shows bytes in hex.</summary>
    private async Task<string> Dump()
    {
        await using var connection = await house.Database.AsAdmin();
        var dump = new StringBuilder();
        foreach (var table in await Tables(connection))
        {
            await using var command = new NpgsqlCommand($"select t::text from {table} t", connection);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                dump.AppendLine(reader.GetString(0));
            }
        }

        return dump.ToString();
    }

    private static async Task<List<string>> Tables(NpgsqlConnection connection)
    {
        const string sql = """
            select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')
            """;
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var tables = new List<string>();
        while (await reader.ReadAsync())
        {
            tables.Add(reader.GetString(0));
        }

        return tables;
    }
}
