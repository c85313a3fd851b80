using System.Text.Json;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;

namespace Mana.Security;

/// <summary>The audit rows. The names are the contract's (section 3.10).</summary>
public static class SecurityEvent
{
    public const string Register = "REGISTER";

    public const string LoginSuccess = "LOGIN_SUCCESS";

    public const string LoginFailure = "LOGIN_FAILURE";

    public const string AccountLocked = "ACCOUNT_LOCKED";

    public const string Logout = "LOGOUT";

    public const string TokenRefreshed = "TOKEN_REFRESHED";

    public const string SsoTokenExchange = "SSO_TOKEN_EXCHANGE";

    public const string SessionRevoked = "SESSION_REVOKED";

    public const string EmailVerified = "EMAIL_VERIFIED";

    public const string EmailChangeRequested = "EMAIL_CHANGE_REQUESTED";

    public const string EmailVerificationResent = "EMAIL_VERIFICATION_RESENT";

    public const string PasswordReplaced = "PASSWORD_CHANGED";

    public const string PasswordResetRequested = "PASSWORD_RESET_REQUESTED";

    public const string PasswordResetCompleted = "PASSWORD_RESET_COMPLETED";

    public const string AccountDeleted = "ACCOUNT_DELETED";

    public const string AccountRestored = "ACCOUNT_RESTORED";

    public const string UserDataDeleted = "USER_DATA_DELETED";

    public const string ProfileUpdated = "PROFILE_UPDATED";

    public const string RoleChanged = "ROLE_CHANGED";

    public const string UserBanned = "USER_BANNED";

    public const string UserUnbanned = "USER_UNBANNED";

    /// <summary>
    /// The statement that writes one event. In the effect's transaction when the effect happened; in one of its own when it was refused,
    /// because a refusal rolls back (D12).
    /// </summary>
    public static Sql Insert(string type, UserId? userId, Requester requester, DateTimeOffset now, object? metadata = null)
    {
        var details = new Json(metadata is null ? null : JsonSerializer.Serialize(metadata, WireJson.Options));

        return $"""
            insert into auth.security_events (id, user_id, event_type, ip_address, user_agent, metadata, created_at)
            values ({Ids.Uuid(now)}, {userId?.Value}, {type}, {requester.Address}, {requester.UserAgent}, {details}, {now})
            """;
    }
}
