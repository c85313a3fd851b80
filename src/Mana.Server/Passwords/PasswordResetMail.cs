using Mana.Platform.Database;
using Mana.Platform.Jobs;
using Mana.Platform.Mail;
using Mana.Security;
using Mana.Users;

namespace Mana.Passwords;

/// <summary>The mail whose link sets a new password.</summary>
public sealed class PasswordResetMail(Verifications verifications, EmailSettings settings, HttpSettings http, IMailer mailer) : IJobRunner
{
    public string Kind => "password-reset-mail";

    /// <summary>The statements of a link; none when several were sent lately.</summary>
    /// <param name="redirectTo">A checked redirect target, or null.</param>
    public Task<Sql[]> Ask(Tx tx, User user, string? redirectTo, DateTimeOffset now) =>
        verifications.Issue(
            tx,
            new NewVerification(
                VerificationPurpose.PasswordReset,
                user.Id,
                user.Email,
                settings.ResetLifetime,
                Kind,
                new Payload(user.Email, user.GreetedName, redirectTo)
            ),
            now
        );

    public Task Run(Job job, CancellationToken cancel)
    {
        var (email, name, redirectTo) = job.PayloadAs<Payload>();
        var link = Address(verifications.SecretOf(job), redirectTo);

        return mailer.Send(PasswordLetters.Reset(job.Id.ToString("N"), email, name, link, settings.ResetLifetime), cancel);
    }

    /// <summary>
    /// Whoever named a target has a form of their own, which the route of the wire hands the secret to; ours serves the others (ruling 9).
    /// Built from the configured address alone (D6).
    /// </summary>
    private string Address(string secret, string? redirectTo)
    {
        var root = http.BaseUrl.ToString().TrimEnd('/');

        return redirectTo is null && settings.LinksArePages
            ? $"{root}/reset-password?token={Uri.EscapeDataString(secret)}"
            : $"{root}/api/auth/reset-password/{Uri.EscapeDataString(secret)}?callbackURL={Uri.EscapeDataString(redirectTo ?? "")}";
    }

    private sealed record Payload(string Email, string? Name, string? RedirectTo);
}
