using System.Text.Json.Serialization;

namespace Mana.Platform.Http;

/// <summary>
/// The user object of the wire, in its order (section 1.6), with the members of the admin plugin.
/// </summary>
public sealed record BetterAuthUser(
    string Name,
    string Email,
    bool EmailVerified,
    string? Image,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    bool TwoFactorEnabled,
    string Role,
    bool Banned,
    string? BanReason,
    DateTimeOffset? BanExpires,
    string Id
);

/// <summary>The session object of the wire, in its order. The token is the one presented (ruling 6).</summary>
/// <param name="ImpersonatedBy">Of the admin plugin; nobody impersonates here yet.</param>
public sealed record BetterAuthSession(
    DateTimeOffset ExpiresAt,
    string Token,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string IpAddress,
    string UserAgent,
    string UserId,
    string? ActiveOrganizationId,
    string? ImpersonatedBy,
    string Id
);

/// <summary><c>{"success":true}</c></summary>
public sealed record BetterAuthSuccess(bool Success = true);

/// <summary><c>{"status":true}</c></summary>
public sealed record BetterAuthStatus([property: JsonPropertyName("status")] bool IsDone = true);
