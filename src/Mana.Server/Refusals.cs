using Mana.Platform;

namespace Mana;

/// <summary>
/// Every "no" of the service: code, status and text on <c>/api/v1</c>, Better Auth's where they differ, and what it means inside.
/// <c>docs/reference/errors.md</c> is generated from here. Sources: contract sections 0.4 and 3.9, wire sections 1.5 and 16.
/// </summary>
public static class Refusals
{
    // Requests that are not understood.
    public static readonly Refusal Validation = new("VALIDATION", 400, "Invalid request")
    {
        BetterAuth = new("VALIDATION_ERROR", "Invalid request"),
    };

    public static readonly Refusal InvalidJson = new("VALIDATION", 400, "Invalid JSON in request body")
    {
        BetterAuth = new("BAD_REQUEST", "Invalid JSON in request body"),
    };

    public static readonly Refusal PayloadTooLarge = new("PAYLOAD_TOO_LARGE", 413, "The request body is larger than 100 kB");

    public static readonly Refusal UnsupportedMediaType = new("UNSUPPORTED_MEDIA_TYPE", 415, "Content-Type must be application/json");

    public static readonly Refusal UnsupportedEncoding = new("UNSUPPORTED_MEDIA_TYPE", 415, "Content-Encoding is not supported");

    // Who is calling.
    public static readonly Refusal Unauthorized = new("UNAUTHORIZED", 401, "Unauthorized");

    public static readonly Refusal NoToken = new("UNAUTHORIZED", 401, "No token provided")
    {
        BetterAuth = new("UNAUTHORIZED", "Unauthorized"),
    };

    public static readonly Refusal InvalidToken = new("UNAUTHORIZED", 401, "Invalid token")
    {
        BetterAuth = new("UNAUTHORIZED", "Unauthorized"),
    };

    public static readonly Refusal TokenExpired = new("UNAUTHORIZED", 401, "Token expired")
    {
        BetterAuth = new("UNAUTHORIZED", "Unauthorized"),
    };

    public static readonly Refusal InvalidSession = new("UNAUTHORIZED", 401, "Invalid or expired session")
    {
        BetterAuth = new("UNAUTHORIZED", "Unauthorized"),
    };

    /// <summary>Of the multi-session plugin: this browser holds no such session, or it has ended.</summary>
    public static readonly Refusal InvalidSessionToken = new("INVALID_SESSION_TOKEN", 401, "Invalid session token");

    public static readonly Refusal SessionNotFresh = new("SESSION_NOT_FRESH", 403, "Session is not fresh");

    public static readonly Refusal SessionNotFound = new("NOT_FOUND", 404, "Session not found");

    public static readonly Refusal InvalidRefreshToken = new("UNAUTHORIZED", 401, "Invalid refresh token");

    public static readonly Refusal RefreshUserNotFound = new("UNAUTHORIZED", 401, "User not found");

    public static readonly Refusal NoValidSession = new("UNAUTHORIZED", 401, "No valid session");

    public static readonly Refusal RefreshTokenExpired = new("TOKEN_EXPIRED", 401, "Refresh token expired");

    public static readonly Refusal InvalidOrigin = new("FORBIDDEN", 403, "Invalid origin")
    {
        BetterAuth = new("INVALID_ORIGIN", "Invalid origin"),
    };

    public static readonly Refusal MissingOrigin = new("FORBIDDEN", 403, "Missing or null Origin")
    {
        BetterAuth = new("MISSING_OR_NULL_ORIGIN", "Missing or null Origin"),
    };

    public static readonly Refusal CrossSiteNavigation = new("FORBIDDEN", 403, "Cross-site navigation login blocked")
    {
        BetterAuth = new(
            "CROSS_SITE_NAVIGATION_LOGIN_BLOCKED",
            "Cross-site navigation login blocked. This request appears to be a CSRF attack."
        ),
    };

    public static readonly Refusal InvalidCallbackUrl = new("VALIDATION", 400, "Invalid callbackURL")
    {
        BetterAuth = new("INVALID_CALLBACK_URL", "Invalid callbackURL", 403),
    };

    public static readonly Refusal InvalidServiceKey = new("UNAUTHORIZED", 401, "Invalid or missing service key");

    // Signing up and in.
    public static readonly Refusal InvalidCredentials = new("INVALID_CREDENTIALS", 401, "Invalid credentials")
    {
        BetterAuth = new("INVALID_EMAIL_OR_PASSWORD", "Invalid email or password"),
        CountsTowardsLockout = true,
    };

    public static readonly Refusal AccountLocked = new("ACCOUNT_LOCKED", 429, "Account temporarily locked") { LogLevel = LogLevel.Warning };

    public static readonly Refusal EmailNotVerified = new("EMAIL_NOT_VERIFIED", 403, "Email not verified");

    public static readonly Refusal BannedUser = new(
        "BANNED_USER",
        403,
        "You have been banned from this application. Please contact support if you believe this is an error."
    );

    public static readonly Refusal InvalidEmail = new("VALIDATION", 400, "Invalid email")
    {
        BetterAuth = new("INVALID_EMAIL", "Invalid email"),
    };

    public static readonly Refusal EmailAlreadyRegistered = new("EMAIL_ALREADY_REGISTERED", 409, "User with this email already exists")
    {
        BetterAuth = new("USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL", "User already exists. Use another email.", 422),
    };

    public static readonly Refusal SignUpLimitReached = new("SIGNUP_LIMIT_REACHED", 429, "Signup limit reached");

    public static readonly Refusal PasswordTooShort = new("WEAK_PASSWORD", 400, "Password too short")
    {
        BetterAuth = new("PASSWORD_TOO_SHORT", "Password too short"),
    };

    public static readonly Refusal PasswordTooLong = new("WEAK_PASSWORD", 400, "Password too long")
    {
        BetterAuth = new("PASSWORD_TOO_LONG", "Password too long"),
    };

    public static readonly Refusal PasswordTooCommon = new(
        "WEAK_PASSWORD",
        400,
        "This password is too easy to guess: it is a common one, or made of your own address"
    )
    {
        BetterAuth = new("PASSWORD_COMPROMISED", "This password is too easy to guess: it is a common one, or made of your own address"),
    };

    // Links in mails.
    public static readonly Refusal LinkInvalid = new("TOKEN_INVALID", 400, "Invalid link")
    {
        BetterAuth = new("INVALID_TOKEN", "Invalid token", 401),
    };

    public static readonly Refusal LinkExpired = new("TOKEN_EXPIRED", 401, "Link expired")
    {
        BetterAuth = new("TOKEN_EXPIRED", "Token expired"),
    };

    public static readonly Refusal ResetLinkInvalid = LinkInvalid with { BetterAuth = new("INVALID_TOKEN", "Invalid token") };

    public static readonly Refusal ResetLinkExpired = LinkExpired with { BetterAuth = new("INVALID_TOKEN", "Invalid token", 400) };

    public static readonly Refusal ErasureLinkInvalid = LinkInvalid with { BetterAuth = new("INVALID_TOKEN", "Invalid token", 404) };

    /// <summary>The link belongs to one person, and another one is signed in.</summary>
    public static readonly Refusal LinkOfAnother = new("FORBIDDEN", 403, "This link belongs to another account")
    {
        BetterAuth = new("INVALID_USER", "Invalid user", 401),
    };

    public static readonly Refusal EmailMismatch = new("VALIDATION", 400, "Email mismatch")
    {
        BetterAuth = new("EMAIL_MISMATCH", "Email mismatch"),
    };

    public static readonly Refusal EmailAlreadyVerified = new("VALIDATION", 400, "Email is already verified")
    {
        BetterAuth = new("EMAIL_ALREADY_VERIFIED", "Email is already verified"),
    };

    // One's own account.
    public static readonly Refusal UserNotFound = new("NOT_FOUND", 404, "User not found")
    {
        BetterAuth = new("USER_NOT_FOUND", "User not found", 401),
    };

    public static readonly Refusal NoPassword = new("NOT_FOUND", 404, "No password credential found for this account")
    {
        BetterAuth = new("CREDENTIAL_ACCOUNT_NOT_FOUND", "Credential account not found", 400),
    };

    public static readonly Refusal CurrentPasswordWrong = new("INVALID_CREDENTIALS", 401, "Current password is incorrect")
    {
        BetterAuth = new("INVALID_PASSWORD", "Invalid password", 400),
        CountsTowardsLockout = true,
    };

    public static readonly Refusal PasswordWrong = CurrentPasswordWrong with { Message = "Password is incorrect" };

    public static readonly Refusal SessionTooOld = SessionNotFresh with
    {
        BetterAuth = new("SESSION_EXPIRED", "Session expired. Re-authenticate to perform this action.", 400),
    };

    public static readonly Refusal NobodySignedIn = new("UNAUTHORIZED", 401, "Unauthorized")
    {
        BetterAuth = new("FAILED_TO_GET_USER_INFO", "Failed to get user info", 404),
    };

    public static readonly Refusal NoFieldsToUpdate = new("VALIDATION", 400, "no fields to update")
    {
        BetterAuth = new(null, "No fields to update"),
    };

    public static readonly Refusal NameLength = new("VALIDATION", 400, "name must be 1–80 characters");

    public static readonly Refusal EmailIsTheSame = new("VALIDATION", 400, "Email is the same")
    {
        BetterAuth = new(null, "Email is the same"),
    };

    public static readonly Refusal EmailCannotBeUpdated = new("VALIDATION", 400, "email cannot be changed here")
    {
        BetterAuth = new("EMAIL_CAN_NOT_BE_UPDATED", "Email can not be updated"),
    };

    public static readonly Refusal FieldNotAllowed = new("VALIDATION", 400, "This field is not allowed to be set")
    {
        BetterAuth = new("FIELD_NOT_ALLOWED", "Field not allowed to be set"),
    };

    // Credits.
    public static readonly Refusal InsufficientCredits = new("INSUFFICIENT_CREDITS", 402, "Insufficient credits");

    public static readonly Refusal IdempotencyKeyMismatch = new(
        "IDEMPOTENCY_KEY_MISMATCH",
        409,
        "This idempotency key was used for another operation"
    );

    public static readonly Refusal IdempotencyKeyReserved = new("VALIDATION", 400, "This idempotency key begins with a reserved prefix");

    public static readonly Refusal TransactionNotFound = new("NOT_FOUND", 404, "Transaction not found");

    public static readonly Refusal NotRefundable = new("NOT_REFUNDABLE", 400, "Only what was spent can be refunded");

    public static readonly Refusal RefundExceedsCharge = new(
        "REFUND_EXCEEDS_CHARGE",
        400,
        "More than is left to refund of this transaction"
    );

    public static readonly Refusal ReservationNotFound = new("NOT_FOUND", 404, "Reservation not found");

    public static readonly Refusal ReservationEnded = new("RESERVATION_ENDED", 400, "The reservation has ended");

    public static readonly Refusal CommitExceedsReservation = new(
        "COMMIT_EXCEEDS_RESERVATION",
        400,
        "More than was reserved cannot be committed"
    );

    public static readonly Refusal TooManyReservations = new("TOO_MANY_RESERVATIONS", 409, "Too many reservations are open");

    public static readonly Refusal TooManyLots = new("TOO_MANY_LOTS", 409, "Too many grants that expire or go first are open");

    public static readonly Refusal InsufficientPool = new("INSUFFICIENT_CREDITS", 402, "Insufficient organization credits");

    public static readonly Refusal TakesBackTooMuch = new(
        "TAKES_BACK_TOO_MUCH",
        400,
        "More than the member was given cannot be taken back"
    );

    public static readonly Refusal OrganizationBalanceNotFound = new("NOT_FOUND", 404, "Organization balance not found");

    public static readonly Refusal PurchaseNotFound = new("NOT_FOUND", 404, "Purchase not found");

    public static readonly Refusal InstantNotYet = new("VALIDATION", 400, "at: must not lie in the future");

    public static readonly Refusal BalanceTooHigh = new("BALANCE_TOO_HIGH", 409, "Nobody can have or move that many credits");

    public static readonly Refusal ReceiptPending = new("RECEIPT_PENDING", 409, "The transaction is not sealed yet, ask again in a moment")
    {
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    public static readonly Refusal ReceiptTooLong = new(
        "RECEIPT_TOO_LONG",
        409,
        "So many transactions were posted at once that a receipt would be too long"
    );

    public static readonly Refusal ExpiryPassed = new("VALIDATION", 400, "expiresAt: must lie in the future");

    // Gifts.
    public static readonly Refusal GiftNotFound = new("NOT_FOUND", 404, "Gift code not found");

    public static readonly Refusal GiftEnded = new("GIFT_ENDED", 400, "The gift has ended");

    public static readonly Refusal OwnGift = new("OWN_GIFT", 400, "Your own gift cannot be redeemed");

    public static readonly Refusal GiftForSomebodyElse = new("GIFT_FOR_SOMEBODY_ELSE", 403, "This gift is for somebody else");

    public static readonly Refusal TooManyGifts = new("TOO_MANY_GIFTS", 409, "Too many gifts are open");

    public static readonly Refusal GiftLivesTooLong = new("VALIDATION", 400, "expiresAt: must lie within 366 days");

    // Everything else.
    public static readonly Refusal SessionRefreshIsNotDeferred = new("METHOD_NOT_ALLOWED", 405, "Method not allowed")
    {
        BetterAuth = new(
            "METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED",
            "POST method requires deferSessionRefresh to be enabled in session config"
        ),
    };

    public static readonly Refusal UnknownHost = new("UNKNOWN_HOST", 421, "This host name is not served here")
    {
        LogLevel = LogLevel.Warning,
    };

    public static readonly Refusal MethodNotAllowed = new("METHOD_NOT_ALLOWED", 405, "Method not allowed");

    public static readonly Refusal NotFound = new("NOT_FOUND", 404, "Not found");

    public static readonly Refusal RateLimited = new("RATE_LIMITED", 429, "Too many requests")
    {
        BetterAuth = new(null, "Too many requests. Please try again later."),
        LogLevel = LogLevel.Warning,
    };

    public static readonly Refusal Busy = new("SERVICE_UNAVAILABLE", 503, "The service is busy, try again in a moment")
    {
        RetryAfter = TimeSpan.FromSeconds(2),
        LogLevel = LogLevel.Warning,
    };

    public static readonly Refusal ServiceUnavailable = new("SERVICE_UNAVAILABLE", 503, "Service temporarily unavailable")
    {
        RetryAfter = TimeSpan.FromSeconds(2),
        LogLevel = LogLevel.Error,
    };

    public static readonly Refusal OutcomeUnknown = new(
        "OUTCOME_UNKNOWN",
        503,
        "The outcome is unknown; repeat the request with the same idempotency key"
    )
    {
        RetryAfter = TimeSpan.FromSeconds(1),
        LogLevel = LogLevel.Error,
    };

    public static readonly Refusal Internal = new("INTERNAL", 500, "Unexpected server error")
    {
        BetterAuth = new("INTERNAL_SERVER_ERROR", "Internal Server Error"),
        LogLevel = LogLevel.Error,
    };
}
