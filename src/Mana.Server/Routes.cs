using Mana.Platform.Http;

namespace Mana;

/// <summary>Every route of the service: what it is, who may call it, how often. A route that is not here does not exist.</summary>
public static class Routes
{
    public static void Map(WebApplication app, Settings settings)
    {
        Mana(app);
        Services(app);
        Wire(app);
        Pages(app);
        Health(app, settings);
        if (settings.IsDevelopment)
        {
            Development(app);
        }
    }

    // The Mana contract.
    private static void Mana(WebApplication app)
    {
        app.Post("/api/v1/auth/register", SignUp.V1.PostRegister.Handle, Access.Anyone, Limit.SignUp);
        app.Get("/api/v1/auth/signup-status", SignUp.V1.GetSignupStatus.Handle, Access.Anyone, Limit.General);
        app.Post("/api/v1/auth/login", SignIn.V1.PostLogin.Handle, Access.Anyone, Limit.SignIn);
        app.Post("/api/v1/auth/refresh", Sessions.V1.PostRefresh.Handle, Access.Anyone, Limit.General);
        app.Post("/api/v1/auth/logout", Sessions.V1.PostLogout.Handle, Access.Anyone, Limit.General);
        app.Post("/api/v1/auth/validate", Sessions.V1.PostValidate.Handle, Access.Anyone, Limit.Validation);
        app.Get("/api/v1/auth/session", Sessions.V1.GetSession.Handle, Access.BearerOrSession, Limit.General);
        app.Post("/api/v1/auth/session-to-token", Sessions.V1.PostSessionToToken.Handle, Access.Anyone, Limit.General);
        app.Get("/api/v1/auth/sessions", Sessions.V1.GetSessions.Handle, Access.Bearer, Limit.General);
        app.Delete("/api/v1/auth/sessions", Sessions.V1.DeleteSessions.Handle, Access.Bearer, Limit.General);
        app.Delete("/api/v1/auth/sessions/others", Sessions.V1.DeleteSessionsOthers.Handle, Access.Bearer, Limit.General);
        app.Delete("/api/v1/auth/sessions/{id}", Sessions.V1.DeleteSession.Handle, Access.Bearer, Limit.General);
        app.Get("/api/v1/auth/security-events", Security.V1.GetSecurityEvents.Handle, Access.Bearer, Limit.General);
        app.Get("/api/v1/auth/jwks", Tokens.V1.GetJwks.Handle, Access.Anyone, Limit.None);
        app.Get("/.well-known/jwks.json", Tokens.V1.GetJwks.Handle, Access.Anyone, Limit.None);
        app.Post("/api/v1/auth/forgot-password", Passwords.V1.PostForgotPassword.Handle, Access.Anyone, Limit.Mail);
        app.Get("/api/v1/auth/reset-password/{token}", Passwords.V1.GetResetPassword.Handle, Access.Anyone, Limit.General);
        app.Post("/api/v1/auth/reset-password", Passwords.V1.PostResetPassword.Handle, Access.Anyone, Limit.NewPassword);
        app.Post("/api/v1/auth/change-password", Passwords.V1.PostChangePassword.Handle, Access.Bearer, Limit.NewPassword);
        app.Get("/api/v1/auth/verify-email", Emails.V1.GetVerifyEmail.Handle, Access.Anyone, Limit.General);
        app.Post("/api/v1/auth/resend-verification", Emails.V1.PostResendVerification.Handle, Access.Anyone, Limit.Mail);
        app.Post("/api/v1/auth/change-email", Emails.V1.PostChangeEmail.Handle, Access.Bearer, Limit.Mail);
        app.Get("/api/v1/auth/profile", Me.V1.GetProfile.Handle, Access.Bearer, Limit.General);
        app.Post("/api/v1/auth/profile", Me.V1.PostProfile.Handle, Access.Bearer, Limit.General);
        app.Delete("/api/v1/auth/account", Me.V1.DeleteAccount.Handle, Access.Bearer, Limit.Deletion);
        app.Patch("/api/v1/me/profile", Me.V1.PatchProfile.Handle, Access.Bearer, Limit.General);
        app.Get("/api/v1/credits/balance", Credits.V1.GetBalance.Handle, Access.Bearer, Limit.General);
        app.Post("/api/v1/credits/use", Credits.V1.PostUse.Handle, Access.Bearer, Limit.General);
        app.Get("/api/v1/credits/transactions", Credits.V1.GetTransactions.Handle, Access.Bearer, Limit.General);
        app.Get("/api/v1/credits/packages", Credits.V1.GetPackages.Handle, Access.Bearer, Limit.General);
        app.Get("/api/v1/credits/purchases", Credits.V1.GetPurchases.Handle, Access.Bearer, Limit.General);
        app.Get("/api/v1/credits/purchase/{id}", Credits.V1.GetPurchase.Handle, Access.Bearer, Limit.General);
        app.Post("/api/v1/gifts", Gifts.V1.PostGifts.Handle, Access.Bearer, Limit.General);
        app.Get("/api/v1/gifts/me/created", Gifts.V1.GetMeCreated.Handle, Access.Bearer, Limit.General);
        app.Get("/api/v1/gifts/me/received", Gifts.V1.GetMeReceived.Handle, Access.Bearer, Limit.General);
        app.Get("/api/v1/gifts/{code}", Gifts.V1.GetGift.Handle, Access.Anyone, Limit.GiftCode);
        app.Post("/api/v1/gifts/{code}/redeem", Gifts.V1.PostRedeem.Handle, Access.Bearer, Limit.GiftCode);
        app.Delete("/api/v1/gifts/{id}", Gifts.V1.DeleteGift.Handle, Access.Bearer, Limit.General);
        app.Get("/api/v1/credits/transactions/{id}/receipt", Credits.V1.GetReceipt.Handle, Access.Bearer, Limit.General);
        app.Get("/api/v1/credits/seal-keys", Credits.V1.GetSealKeys.Handle, Access.Anyone, Limit.General);
        app.Get("/api/v1/credits/usage", Credits.V1.GetUsage.Handle, Access.Bearer, Limit.General);
    }

    // For the other services of the ecosystem.
    private static void Services(WebApplication app)
    {
        app.Get("/api/v1/internal/credits/balance/{userId}", Credits.Internal.GetBalance.Handle, Access.Service, Limit.General);
        app.Post("/api/v1/internal/credits/init", Credits.Internal.PostInit.Handle, Access.Service, Limit.General);
        app.Post("/api/v1/internal/credits/use", Credits.Internal.PostUse.Handle, Access.Service, Limit.General);
        app.Post("/api/v1/internal/credits/refund", Credits.Internal.PostRefund.Handle, Access.Service, Limit.General);
        app.Post("/api/v1/internal/credits/grant", Credits.Internal.PostGrant.Handle, Access.Service, Limit.General);
        app.Post("/api/v1/internal/credits/reserve", Credits.Internal.PostReserve.Handle, Access.Service, Limit.General);
        app.Post("/api/v1/internal/credits/commit", Credits.Internal.PostCommit.Handle, Access.Service, Limit.General);
        app.Post(
            "/api/v1/internal/credits/refund-reservation",
            Credits.Internal.PostRefundReservation.Handle,
            Access.Service,
            Limit.General
        );
    }

    // The Better Auth wire.
    private static void Wire(WebApplication app)
    {
        app.Get("/api/auth/error", Web.BetterAuth.GetError.Handle, Access.Anyone, Limit.Wire);
        app.Get("/api/auth/ok", Operations.BetterAuth.GetOk.Handle, Access.Anyone, Limit.Wire);
        app.Post("/api/auth/sign-up/email", SignUp.BetterAuth.PostSignUpEmail.Handle, Access.Anyone, Limit.Wire);
        app.Post("/api/auth/sign-in/email", SignIn.BetterAuth.PostSignInEmail.Handle, Access.Anyone, Limit.Wire);
        app.Post("/api/auth/sign-out", Sessions.BetterAuth.PostSignOut.Handle, Access.Anyone, Limit.Wire);
        app.Get("/api/auth/get-session", Sessions.BetterAuth.GetSession.Handle, Access.Anyone, Limit.Wire);
        app.Post("/api/auth/get-session", Sessions.BetterAuth.PostGetSession.Handle, Access.Anyone, Limit.Wire);
        app.Get("/api/auth/verify-email", Emails.BetterAuth.GetVerifyEmail.Handle, Access.Anyone, Limit.Wire);
        app.Post("/api/auth/send-verification-email", Emails.BetterAuth.PostSendVerificationEmail.Handle, Access.Anyone, Limit.Wire);
        app.Post("/api/auth/request-password-reset", Passwords.BetterAuth.PostRequestPasswordReset.Handle, Access.Anyone, Limit.Wire);
        app.Get("/api/auth/reset-password/{token}", Passwords.V1.GetResetPassword.Handle, Access.Anyone, Limit.Wire);
        app.Post("/api/auth/reset-password", Passwords.BetterAuth.PostResetPassword.Handle, Access.Anyone, Limit.Wire);
        app.Post("/api/auth/change-password", Passwords.BetterAuth.PostChangePassword.Handle, Access.Session, Limit.Wire);
        app.Post("/api/auth/verify-password", Passwords.BetterAuth.PostVerifyPassword.Handle, Access.Session, Limit.Wire);
        app.Post("/api/auth/change-email", Emails.BetterAuth.PostChangeEmail.Handle, Access.FreshSession, Limit.Wire);
        app.Post("/api/auth/delete-user", Me.BetterAuth.PostDeleteUser.Handle, Access.Session, Limit.Wire);
        app.Get("/api/auth/delete-user/callback", Me.BetterAuth.GetDeleteUserCallback.Handle, Access.Anyone, Limit.Wire);
        app.Post("/api/auth/update-user", Me.BetterAuth.PostUpdateUser.Handle, Access.Session, Limit.Wire);
        app.Get("/api/auth/list-accounts", Me.BetterAuth.GetListAccounts.Handle, Access.Session, Limit.Wire);
        app.Get("/api/auth/list-sessions", Sessions.BetterAuth.GetListSessions.Handle, Access.FreshSession, Limit.Wire);
        app.Post("/api/auth/revoke-session", Sessions.BetterAuth.PostRevokeSession.Handle, Access.Session, Limit.Wire);
        app.Post("/api/auth/revoke-sessions", Sessions.BetterAuth.PostRevokeSessions.Handle, Access.Session, Limit.Wire);
        app.Post("/api/auth/revoke-other-sessions", Sessions.BetterAuth.PostRevokeOtherSessions.Handle, Access.Session, Limit.Wire);
        app.Post("/api/auth/update-session", Sessions.BetterAuth.PostUpdateSession.Handle, Access.Session, Limit.Wire);
        app.Get(
            "/api/auth/multi-session/list-device-sessions",
            Sessions.BetterAuth.GetListDeviceSessions.Handle,
            Access.Anyone,
            Limit.Wire
        );
        app.Post("/api/auth/multi-session/set-active", Sessions.BetterAuth.PostSetActive.Handle, Access.Anyone, Limit.Wire);
        app.Post("/api/auth/multi-session/revoke", Sessions.BetterAuth.PostRevoke.Handle, Access.Session, Limit.Wire);
        app.Get("/api/auth/token", Sessions.BetterAuth.GetToken.Handle, Access.Session, Limit.Wire);
        app.Get("/api/auth/jwks", Tokens.V1.GetJwks.Handle, Access.Anyone, Limit.None);
    }

    // Pages, for people.
    private static void Pages(WebApplication app)
    {
        app.Get("/", Web.Pages.GetHome.Handle, Access.Anyone, Limit.General);
        app.Get("/assets/{name}", Web.Pages.GetAsset.Handle, Access.Anyone, Limit.None);
        app.Get("/forgot-password", Passwords.Pages.GetForgotPassword.Handle, Access.Anyone, Limit.General);
        app.Post("/forgot-password", Passwords.Pages.PostForgotPassword.Handle, Access.Anyone, Limit.Mail);
        app.Get("/reset-password", Passwords.Pages.GetResetPassword.Handle, Access.Anyone, Limit.General);
        app.Post("/reset-password", Passwords.Pages.PostResetPassword.Handle, Access.Anyone, Limit.NewPassword);
        app.Get("/sign-up", SignUp.Pages.GetSignUp.Handle, Access.Anyone, Limit.General);
        app.Post("/sign-up", SignUp.Pages.PostSignUp.Handle, Access.Anyone, Limit.SignUp);
        app.Get("/sign-in", SignIn.Pages.GetSignIn.Handle, Access.Anyone, Limit.General);
        app.Post("/sign-in", SignIn.Pages.PostSignIn.Handle, Access.Anyone, Limit.SignIn);
        app.Post("/sign-out", Sessions.Pages.PostSignOut.Handle, Access.Anyone, Limit.General);
        app.Get("/account", Me.Pages.GetAccount.Handle, Access.Anyone, Limit.General);
        app.Get("/verify-email", Emails.Pages.GetVerifyEmail.Handle, Access.Anyone, Limit.General);
        app.Post("/verify-email", Emails.Pages.PostVerifyEmail.Handle, Access.Anyone, Limit.SignIn);
        app.Post("/verify-email/new-link", Emails.Pages.PostNewLink.Handle, Access.Anyone, Limit.Mail);
        app.Get("/confirm-email", Emails.Pages.GetConfirmEmail.Handle, Access.Anyone, Limit.General);
        app.Post("/confirm-email", Emails.Pages.PostConfirmEmail.Handle, Access.Anyone, Limit.SignIn);
        app.Get("/confirm-deletion", Me.Pages.GetConfirmDeletion.Handle, Access.Anyone, Limit.General);
        app.Post("/confirm-deletion", Me.Pages.PostConfirmDeletion.Handle, Access.Anyone, Limit.Deletion);
    }

    // Health, for machines.
    private static void Health(WebApplication app, Settings settings)
    {
        app.Get("/health", Operations.Health.GetHealth.Handle, Access.Anyone, Limit.None);
        app.Get("/api/v1/health", Operations.Health.GetHealth.Handle, Access.Anyone, Limit.None);
        app.Get("/health/live", Operations.Health.GetLive.Handle, Access.Anyone, Limit.None);
        app.Get("/health/ready", Operations.Health.GetReady.Handle, Access.Anyone, Limit.None);
        if (settings.IsDevelopment || settings.Http.MetricsPort > 0)
        {
            app.Get("/metrics", Operations.Health.GetMetrics.Handle, Access.Anyone, Limit.None);
        }
    }

    // What a developer looks at.
    private static void Development(WebApplication app)
    {
        app.Get("/dev/mail", Operations.Development.GetDevMail.Handle, Access.Anyone, Limit.None);
        app.Get("/dev/mail.json", Operations.Development.GetMail.Handle, Access.Anyone, Limit.None);
    }
}
