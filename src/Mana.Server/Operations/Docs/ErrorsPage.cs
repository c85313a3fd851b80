using System.Globalization;
using System.Reflection;
using Mana.Platform;

namespace Mana.Operations.Docs;

/// <summary>Every refusal of the catalogue, in its order.</summary>
internal static class ErrorsPage
{
    public static Page Write() =>
        Markdown
            .Titled("Refusals", "[Refusals.cs](../../src/Mana.Server/Refusals.cs)")
            .Say(
                """
                On `/api/v1` a refusal is `application/problem+json` with `code`, `message`, `status` and more; on `/api/auth` it is
                `{"message","code"}`. An empty cell in the columns of Better Auth means: the same as on `/api/v1`. A door may give a refusal
                another message where it knows more; the code stays.
                """
            )
            .Table(
                [
                    "Name",
                    "Status",
                    "Code",
                    "Message",
                    "Better Auth status",
                    "Better Auth code",
                    "Better Auth message",
                    "Retry after",
                    "Logged as",
                    "Counts towards lockout",
                ],
                All().Select(Row)
            )
            .ToPage("errors.md");

    private static IEnumerable<(string Name, Refusal Refusal)> All() =>
        typeof(Refusals)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .OrderBy(field => field.MetadataToken) // the order they are written in
            .Select(field => (field.Name, (Refusal)field.GetValue(null)!));

    private static string[] Row((string Name, Refusal Refusal) entry)
    {
        var (name, refusal) = entry;
        var own = refusal.BetterAuth;

        return
        [
            name,
            Number(refusal.Status),
            Markdown.Code(refusal.Code),
            refusal.Message,
            own?.Status is { } status && status != refusal.Status ? Number(status) : "",
            own is null ? ""
            : own.Code is null ? "none"
            : own.Code == refusal.Code ? ""
            : Markdown.Code(own.Code),
            own is null || own.Message == refusal.Message ? "" : own.Message,
            refusal.RetryAfter is { } wait ? $"{wait.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s" : "",
            $"{refusal.LogLevel}",
            refusal.CountsTowardsLockout ? "yes" : "",
        ];
    }

    private static string Number(int status) => status.ToString(CultureInfo.InvariantCulture);
}
