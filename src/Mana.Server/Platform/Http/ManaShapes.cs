namespace Mana.Platform.Http;

/// <summary>A person as <c>/api/v1</c> shows them (contract 1.1.1).</summary>
public sealed record ManaUser(
    string Id,
    string Email,
    string Name,
    string Role,
    bool EmailVerified,
    string? Image,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
);
