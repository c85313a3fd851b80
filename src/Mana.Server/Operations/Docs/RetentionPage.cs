using System.Globalization;
using Mana.Me;
using Mana.Platform.Jobs;
using Mana.Security;
using Mana.Sessions;

namespace Mana.Operations.Docs;

/// <summary>How long rows stay, and what removes them.</summary>
internal static class RetentionPage
{
    public static Page Write() =>
        Markdown
            .Titled("Retention", "[Schedule.cs](../../src/Mana.Server/Schedule.cs) and the verbs it names")
            .Table(
                ["Table", "A row stays", "Removed by"],
                [
                    ["`auth.sessions`", $"{Words(SweepSessions.Kept)} after the session would have ended", "recurring work"],
                    ["`auth.session_clients`", "as long as its session", "the session's removal; a newer web app"],
                    [
                        "`auth.users`",
                        $"{Words(EraseClosedAccounts.Kept)} after the account was closed; else until the person is erased",
                        "recurring work",
                    ],
                    ["`auth.verification_tokens`", $"{Words(SweepVerificationTokens.Kept)} after the link expired", "recurring work"],
                    ["`auth.revocations`", $"{Words(SweepRevocations.Kept)} after it was announced", "recurring work"],
                    ["`auth.login_attempts`", $"{Words(SweepAttempts.Kept)} after the try", "recurring work; a right password"],
                    ["`auth.rate_limits`", "until its window is over", "recurring work"],
                    ["`jobs.jobs`", "until the job is done; a parked one until somebody looks at it", "the worker; an operator"],
                    [
                        "`auth.security_events`",
                        "for good; when a person is erased, without their id, address, device and details",
                        "nothing",
                    ],
                    [
                        "`credits.accounts`, `credits.transactions`, `credits.transfers`",
                        "for good: they are the books; of a person who was erased, under a name nobody knows",
                        "nothing",
                    ],
                    ["`credits.seals`, `credits.seal_keys`", "for good: they prove the books", "nothing"],
                    ["`credits.usage_stats`", "for good; of a person who was erased, under a name nobody knows", "nothing"],
                ]
            )
            .Heading("Recurring work")
            .Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"In batches of {Recurring.BatchMax} rows, on every instance; rows another instance works on are skipped."
                )
            )
            .Table(["Name", "Every"], Schedule.All.Select(work => new[] { Markdown.Code(work.Name), Minutes(work.Every) }))
            .ToPage("retention.md");

    private static string Words(TimeSpan kept) =>
        kept.TotalDays >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{kept.TotalDays} d")
            : string.Create(CultureInfo.InvariantCulture, $"{kept.TotalHours} h");

    private static string Minutes(TimeSpan every) =>
        every.TotalMinutes >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{every.TotalMinutes} min")
            : string.Create(CultureInfo.InvariantCulture, $"{every.TotalSeconds} s");
}
