namespace Mana.Platform;

/// <summary>
/// An expected "no": what each surface tells its clients, and what it means inside. All of them stand in <see cref="Refusals"/>.
/// </summary>
/// <param name="Code">Upper snake case; the contract with clients of <c>/api/v1</c>.</param>
/// <param name="Status">HTTP status on <c>/api/v1</c>, and on <c>/api/auth</c> unless <see cref="BetterAuth"/> says otherwise.</param>
/// <param name="Message">One sentence a person may read.</param>
public sealed record Refusal(string Code, int Status, string Message)
{
    /// <summary>Code, message and status on <c>/api/auth</c> where Better Auth's differ; a null code is left out of the body.</summary>
    public BetterAuthRefusal? BetterAuth { get; init; }

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>The person failed a factor; infrastructure refusals never count (B-40).</summary>
    public bool CountsTowardsLockout { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Member <c>details</c> of the body: numbers and names a client can act on.</summary>
    public IReadOnlyDictionary<string, object>? Details { get; init; }

    /// <summary>What was wrong with the request, one entry per problem.</summary>
    public IReadOnlyList<string>? Errors { get; init; }

    /// <summary>Members beside the standard ones, at the top of the body.</summary>
    public IReadOnlyCollection<KeyValuePair<string, object>>? Extra { get; init; }

    public Refusal With(params (string Name, object Value)[] details) =>
        this with
        {
            Details = details.ToDictionary(detail => detail.Name, detail => detail.Value, StringComparer.Ordinal),
        };

    public bool Is(Refusal other) => Code == other.Code;
}

/// <summary>How Better Auth words a refusal; see <c>docs/reference/errors.md</c>.</summary>
public sealed record BetterAuthRefusal(string? Code, string Message, int? Status = null);
