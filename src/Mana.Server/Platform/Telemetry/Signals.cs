using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Mana.Platform.Telemetry;

/// <summary>
/// The one meter and the one source of activities. Names follow the semantic conventions; what the contract calls them on
/// <c>/metrics</c> (5.7) is the same with underscores. No label ever names a person.
/// </summary>
public static class Signals
{
    public const string Name = "mana.auth";

    public static readonly Meter Meter = new(Name);

    public static readonly ActivitySource Activities = new(Name);

    /// <summary>
    /// By its standard name. The framework counts the same with two more labels and a second instrument, for which every request would pay.
    /// </summary>
    private static readonly Histogram<double> Answers = Meter.CreateHistogram<double>(
        "http.server.request.duration",
        "s",
        "Duration of HTTP server requests"
    );

    private static readonly Counter<long> Logins = Meter.CreateCounter<long>("auth.login.attempts", "{attempt}", "Sign-ins tried");

    private static readonly Counter<long> Lockouts = Meter.CreateCounter<long>("auth.lockouts", "{lock}", "Addresses closed for a while");

    private static readonly Counter<long> SignUps = Meter.CreateCounter<long>("auth.sign_ups", "{person}", "People who registered");

    private static readonly Counter<long> Verifications = Meter.CreateCounter<long>(
        "auth.verified_emails",
        "{mailbox}",
        "Mailboxes proved"
    );

    private static readonly Counter<long> Reuses = Meter.CreateCounter<long>(
        "auth.refresh.reuse",
        "{session}",
        "Sessions ended because an old refresh token came back"
    );

    private static readonly Counter<long> Limited = Meter.CreateCounter<long>(
        "auth.rate_limited",
        "{request}",
        "Requests refused by a limit"
    );

    private static readonly Counter<long> Refused = Meter.CreateCounter<long>("auth.refusals", "{request}", "Requests refused, by code");

    private static readonly Counter<long> Credits = Meter.CreateCounter<long>("credits.spent", "{credit}", "Credits spent");

    private static readonly Counter<long> Reconciled = Meter.CreateCounter<long>(
        "credits.books.reconciled",
        "{owner}",
        "Owners whose balance was compared with their history"
    );

    private static readonly Counter<long> Faulty = Meter.CreateCounter<long>(
        "credits.books.faults",
        "{owner}",
        "Owners whose balance contradicted their history"
    );

    private static readonly Counter<long> Jobs = Meter.CreateCounter<long>("jobs.runs", "{run}", "Runs of jobs: done, failed, parked");

    private static readonly UpDownCounter<long> Hashing = Meter.CreateUpDownCounter<long>(
        "auth.hashing.queue",
        "{hash}",
        "Password hashes waiting or running"
    );

    /// <param name="tags">Method, status and route, in the order of their names.</param>
    public static void Answered(double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Answers.Record(seconds, tags);

    /// <param name="result"><c>success</c>, or the code of the refusal in lower case.</param>
    public static void LoginTried(string result) => Logins.Add(1, new KeyValuePair<string, object?>("result", result));

    public static void LockedOut() => Lockouts.Add(1);

    public static void SignedUp() => SignUps.Add(1);

    public static void EmailVerified() => Verifications.Add(1);

    public static void RefreshReused() => Reuses.Add(1);

    public static void RateLimited(string policy) => Limited.Add(1, new KeyValuePair<string, object?>("policy", policy));

    public static void RefusedWith(string code) => Refused.Add(1, new KeyValuePair<string, object?>("code", code));

    public static void CreditsSpent(long amount) => Credits.Add(amount);

    public static void BooksReconciled(int owners) => Reconciled.Add(owners);

    public static void BooksFaulty() => Faulty.Add(1);

    /// <param name="result"><c>done</c>, <c>failed</c> or <c>parked</c>.</param>
    public static void JobRan(string kind, string result) =>
        Jobs.Add(1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("result", result));

    /// <param name="change">+1 when a hash joins the queue, −1 when it is done.</param>
    public static void HashingQueue(int change) => Hashing.Add(change);
}
