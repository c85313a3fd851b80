using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Protocols.Jose;
using Mana.Tokens;

namespace Mana.Sessions;

/// <summary>
/// Who an access token or a session secret stands for. A signature is not enough: a token of a session that was revoked, of somebody who
/// is gone, or with a role that has changed is refused at once (D4, rulings 5 and 30).
/// </summary>
public sealed class CheckCaller(
    CheckAccessToken tokens,
    SigningKeys keys,
    FindSession sessions,
    LiveSessions live,
    Revocations revocations,
    Feed feed,
    SessionSettings settings,
    TimeProvider clock
) : ICallers
{
    public async ValueTask<Outcome<Caller>> ByAccessToken(string token, CancellationToken cancel)
    {
        var verdict = await Check(token);
        if (verdict.IsRefused)
        {
            return verdict.Refusal!;
        }

        return verdict.Value switch
        {
            { Claims: { } claims } => new Caller(new UserId(claims.Subject), new SessionId(claims.SessionId), claims.Email, claims.Role),
            { Fault: TokenFault.Expired } => Refusals.TokenExpired,
            _ => Refusals.InvalidToken,
        };
    }

    public async ValueTask<Outcome<SessionCaller>> BySession(string token, bool mayRenew, CancellationToken cancel)
    {
        var outcome = await sessions.Run(token, mayRenew, cancel);

        return outcome.Then(found => new SessionCaller(
            new Caller(found.User.Id, found.Session.Id, found.User.Email, found.User.Role)
            {
                IsFresh = found.Session.IsFresh(clock.Now(), settings.FreshAge),
            },
            found.IsRenewed,
            found.Session.CookieLifetime
        ));
    }

    /// <summary>What <c>/validate</c> answers: the claims of a good token, else the contract's reason (contract 1.1.6).</summary>
    public async ValueTask<Outcome<(string? Reason, AccessTokenClaims? Claims)>> Validate(string token, CancellationToken cancel)
    {
        var verdict = await Check(token);

        return verdict.Then<(string? Reason, AccessTokenClaims? Claims)>(found =>
            found.Claims is not null
                ? (null, found.Claims)
                : (
                    found.Fault switch
                    {
                        TokenFault.None => "Session revoked",
                        TokenFault.Expired => "Token expired",
                        TokenFault.InvalidSignature => "Invalid signature",
                        TokenFault.InvalidIssuer => "Invalid issuer",
                        TokenFault.InvalidAudience => "Invalid audience",
                        TokenFault.UnknownKey => "Unknown key",
                        _ => "Malformed token",
                    },
                    null
                )
        );
    }

    /// <summary>
    /// From memory while the feed is trusted: a session that is not among the ended ones lives, because an access token does not outlive
    /// what is remembered. Somebody who changed is looked up, because their role may be another one now.
    /// </summary>
    private ValueTask<Outcome<Verdict>> Check(string token)
    {
        var against = keys.Verification;
        var fault = tokens.Run(token, out var claims);
        if (fault != TokenFault.None)
        {
            return Say(new Verdict(fault, null));
        }

        if (!feed.IsTrusted)
        {
            return Ask(token, claims!, against);
        }

        if (revocations.HasEnded(claims!.SessionId))
        {
            return Say(new Verdict(TokenFault.None, null));
        }

        return revocations.HasChanged(claims.Subject, since: 0) ? Ask(token, claims, against) : Say(new Verdict(TokenFault.None, claims));
    }

    /// <summary>Compares what the token says with what is so now. The keys were read again too; if they are others, it is verified again.</summary>
    private async ValueTask<Outcome<Verdict>> Ask(string token, AccessTokenClaims claims, VerificationKeys against)
    {
        var asked = await live.ById(new SessionId(claims.SessionId));
        if (asked.IsRefused)
        {
            return asked.Refusal!;
        }

        var fault = keys.Verification == against ? TokenFault.None : tokens.Run(token, out _);
        var isTrue =
            asked.Value is { } now
            && now.UserId == claims.Subject
            && now.Role == claims.Role
            && now.Email == claims.Email
            && now.ExpiresAt > clock.Now();

        return new Verdict(fault, fault == TokenFault.None && isTrue ? claims : null);
    }

    private static ValueTask<Outcome<Verdict>> Say(Verdict verdict) => ValueTask.FromResult<Outcome<Verdict>>(verdict);

    /// <param name="Fault">What is wrong with the token itself.</param>
    /// <param name="Claims">Null when something is; without a fault it is the session that has ended, or the person who is another now.</param>
    private readonly record struct Verdict(TokenFault Fault, AccessTokenClaims? Claims);
}
