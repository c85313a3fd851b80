using System.Net.Http.Json;
using Mana.Specs.World;

namespace Mana.Specs.Passwords;

/// <summary>What a password reset is made of, for people of any house.</summary>
public static class Resets
{
    public const string Chosen = "a password of one's own";

    /// <summary>Asks for a link and follows it into the mailbox.</summary>
    public static async Task<Uri> AskForLink(this House house, string email, string? redirectTo = null)
    {
        var known = house.ResetLinks(email).ToHashSet();
        await house.Nobody().Post("/api/v1/auth/forgot-password", new { email, redirectTo });

        return await house.NextLink(email, known);
    }

    public static async Task<string> AskForSecret(this House house, string email) => SecretIn(await house.AskForLink(email));

    /// <summary>The links somebody has got for this so far, oldest first.</summary>
    public static IEnumerable<Uri> ResetLinks(this House house, string email) =>
        house.Mail.LinksTo(email).Where(link => link.AbsolutePath.Contains("/reset-password", StringComparison.Ordinal));

    /// <summary>The next one that arrives beside those.</summary>
    public static async Task<Uri> NextLink(this House house, string email, IReadOnlySet<Uri> known)
    {
        var end = DateTime.UtcNow.AddSeconds(10);
        while (DateTime.UtcNow < end)
        {
            if (house.ResetLinks(email).FirstOrDefault(link => !known.Contains(link)) is { } found)
            {
                return found;
            }

            await Task.Delay(20);
        }

        throw new TimeoutException($"no link to {email}");
    }

    /// <summary>The secret of a link, which stands in the query of a page and in the path of the wire.</summary>
    public static string SecretIn(Uri link) =>
        link.Query.StartsWith("?token=", StringComparison.Ordinal)
            ? Uri.UnescapeDataString(link.Query["?token=".Length..])
            : link.Segments[^1];

    public static Task<Reply> Reset(this House house, string token, string newPassword = Chosen) =>
        house.Nobody().Post("/api/v1/auth/reset-password", new { token, newPassword });

    public static Task<Reply> ResetOnWire(this House house, string token, string newPassword = Chosen) =>
        house.Nobody().Post("/api/auth/reset-password", new { token, newPassword });

    public static Task<Reply> SignIn(this House house, string email, string password) =>
        house.Nobody().Post("/api/v1/auth/login", new { email, password });

    public static Task<long> Events(this House house, string userId, string type) =>
        house.Database.Read<long>("select count(*) from auth.security_events where user_id = $1 and event_type = $2", userId, type);

    public static async Task<bool> IsSignedIn(this Person browser) =>
        (await browser.Get("/api/auth/get-session")).Expect(200).Body != "null";

    /// <summary>From an address of its own, past the limits per address.</summary>
    public static Task<Reply> PostFrom(this Person person, string address, string path, object body) =>
        person.Send(HttpMethod.Post, path, JsonContent.Create(body), ("X-Forwarded-For", address));
}
