using System.Security.Cryptography;
using System.Text;
using Mana.Protocols.Cookies;
using Mana.Protocols.Sealing;
using Npgsql;
using NpgsqlTypes;

namespace Ceiling;

/// <summary>
/// Many live sessions in the product's tables, as many as a large service has: written in bulk, because signing that many in would take
/// hours, and hashed as the product hashes them, so that their cookies work.
/// </summary>
internal static class Crowd
{
    /// <summary>What the server of this database signs with.</summary>
    private const string Secret = "CEILING_AUTH_SECRET";

    private const int SessionsPerPerson = 5;
    private const int SampleMax = 100_000;
    private const int TextLength = 32;
    private const int SaltBytes = 16;
    private const int LifetimeSeconds = 604_800;
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private const string People = "copy auth.users (id, name, email, email_verified, created_at, updated_at) from stdin (format binary)";

    private const string Sessions =
        "copy auth.sessions (id, user_id, token_hash, expires_at, remember_me, lifetime_seconds, refresh_salt, refresh_expires_at, "
        + "ip_address, user_agent, last_activity_at, created_at, updated_at) from stdin (format binary)";

    /// <summary>Writes them, and the cookies of at most 100,000: the newest into one folder, ones from everywhere into the other.</summary>
    public static async Task<int> Make(string admin, string name, int count, string newest, string everywhere)
    {
        var secret = Environment.GetEnvironmentVariable(Secret) ?? throw new InvalidOperationException($"{Secret} is missing.");
        var people = Texts((count + SessionsPerPerson - 1) / SessionsPerPerson);
        var tokens = Texts(count);
        await using var database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(admin) { Database = name, CommandTimeout = 0 }
        );
        await using (var connection = await database.OpenConnectionAsync())
        {
            await CopyPeople(connection, people);
            await CopySessions(connection, people, tokens, secret);
        }

        await Databases.Run(database, "vacuum (analyze) auth.users, auth.sessions");
        var step = Math.Max(1, count / SampleMax);
        await Write(newest, tokens[^Math.Min(count, SampleMax)..], secret);
        await Write(everywhere, [.. Enumerable.Range(0, Math.Min(count, SampleMax)).Select(index => tokens[index * step])], secret);

        return 0;
    }

    private static async Task CopyPeople(NpgsqlConnection connection, string[] people)
    {
        await using var copy = await connection.BeginBinaryImportAsync(People);
        var now = DateTime.UtcNow;
        foreach (var id in people)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(id);
            await copy.WriteAsync("Load");
            await copy.WriteAsync($"{id.ToLowerInvariant()}@example.com");
            await copy.WriteAsync(true);
            await copy.WriteAsync(now, NpgsqlDbType.TimestampTz);
            await copy.WriteAsync(now, NpgsqlDbType.TimestampTz);
        }

        await copy.CompleteAsync();
    }

    private static async Task CopySessions(NpgsqlConnection connection, string[] people, string[] tokens, string secret)
    {
        var hash = KeyedHash.From(Encoding.UTF8.GetBytes(secret), "session-token");
        await using var copy = await connection.BeginBinaryImportAsync(Sessions);
        var now = DateTime.UtcNow;
        var end = now.AddSeconds(LifetimeSeconds);
        for (var index = 0; index < tokens.Length; index++)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(Text());
            await copy.WriteAsync(people[index / SessionsPerPerson]);
            await copy.WriteAsync(hash.Of(tokens[index]));
            await copy.WriteAsync(end, NpgsqlDbType.TimestampTz);
            await copy.WriteAsync(true);
            await copy.WriteAsync(LifetimeSeconds);
            await copy.WriteAsync(RandomNumberGenerator.GetBytes(SaltBytes));
            await copy.WriteAsync(end, NpgsqlDbType.TimestampTz);
            await copy.WriteAsync("127.0.0.1");
            await copy.WriteAsync("load/1.0");
            await copy.WriteAsync(now, NpgsqlDbType.TimestampTz);
            await copy.WriteAsync(now, NpgsqlDbType.TimestampTz);
            await copy.WriteAsync(now, NpgsqlDbType.TimestampTz);
        }

        await copy.CompleteAsync();
    }

    private static string Text() => RandomNumberGenerator.GetString(Letters, TextLength);

    private static string[] Texts(int count) => [.. Enumerable.Range(0, count).Select(_ => Text())];

    private static Task Write(string folder, string[] tokens, string secret)
    {
        Directory.CreateDirectory(folder);
        var key = Encoding.UTF8.GetBytes(secret);

        return File.WriteAllLinesAsync(
            Path.Combine(folder, "cookies.txt"),
            tokens.Select(token => "mana.session_token=" + Uri.EscapeDataString(SignedCookie.Sign(token, key)))
        );
    }
}
