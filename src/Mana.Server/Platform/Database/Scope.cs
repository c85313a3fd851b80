namespace Mana.Platform.Database;

/// <summary>
/// Whose rows a statement may see. Sent as <c>app.user_id</c> and <c>app.role</c> with the first statement of a transaction and gone
/// with it, so a pooled connection can carry nobody's rights over to the next request.
/// </summary>
public sealed record Scope
{
    private Scope(string userId, string role, string why) => (UserId, Role, Why) = (userId, role, why);

    public string UserId { get; }

    public string Role { get; }

    /// <summary>Why the service itself may look; shown on traces.</summary>
    public string Why { get; }

    /// <summary>One person: reads their own rows.</summary>
    public static Scope User(string userId)
    {
        Invariant.Holds(userId.Length > 0);

        return new Scope(userId, "user", "");
    }

    /// <summary>The service itself. Keep instances in static fields: the reason is constant and the hot path allocates nothing.</summary>
    public static Scope Service(string why)
    {
        Invariant.Holds(why.Length > 0);

        return new Scope("", "service", why);
    }
}
