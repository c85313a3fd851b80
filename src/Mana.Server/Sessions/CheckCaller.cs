using System.Text;
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
    public ValueTask<Outcome<Caller>> ByAccessToken(string token, CancellationToken cancel)
    {
        var checking = Validate(Encoding.UTF8.GetBytes(token));

        return checking.IsCompletedSuccessfully ? ValueTask.FromResult(Of(checking.GetAwaiter().GetResult())) : Later(checking);

        static async ValueTask<Outcome<Caller>> Later(ValueTask<Outcome<Verdict>> checking) => Of(await checking);

        static Outcome<Caller> Of(Outcome<Verdict> verdict) =>
            verdict.IsRefused
                ? verdict.Refusal!
                : verdict.Value switch
                {
                    { Token.Claims: var claims } => new Caller(
                        new UserId(claims.Subject),
                        new SessionId(claims.SessionId),
                        claims.Email,
                        claims.Role
                    ),
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
                SessionEndsAt = found.Session.ExpiresAt,
            },
            found.IsRenewed,
            found.Session.CookieLifetime
        ));
    }

    /// <summary>
    /// What is wrong with a token, and when nothing is, the token itself. From memory while the feed is trusted: a session that is not among
    /// the ended ones lives, because an access token outlives neither the session nor what is remembered. Somebody who changed is looked up, because their
    /// role may be another one now.
    /// </summary>
    /// <param name="token">As it was sent, in UTF-8.</param>
    public ValueTask<Outcome<Verdict>> Validate(ReadOnlyMemory<byte> token)
    {
        var fault = tokens.Run(token, out var verified);
        if (fault != TokenFault.None)
        {
            return fault == TokenFault.UnknownKey ? Search(token) : Say(new Verdict(fault, null));
        }

        if (!feed.IsTrusted)
        {
            return Ask(token, verified!);
        }

        if (revocations.HasEnded(verified!.Claims.SessionId))
        {
            return Say(new Verdict(TokenFault.None, null));
        }

        return revocations.HasChanged(verified.Claims.Subject, since: 0)
            ? Ask(token, verified)
            : Say(new Verdict(TokenFault.None, verified));
    }

    /// <summary>A key nobody here knows may have been made a moment ago; there is no second search soon after the first.</summary>
    private async ValueTask<Outcome<Verdict>> Search(ReadOnlyMemory<byte> token) =>
        await keys.Search() ? await Validate(token) : new Verdict(TokenFault.UnknownKey, null);

    /// <summary>Compares what the token says with what is so now. The keys were read again too; if they are others, it is verified again.</summary>
    private async ValueTask<Outcome<Verdict>> Ask(ReadOnlyMemory<byte> token, VerifiedToken verified)
    {
        var claims = verified.Claims;
        var asked = await live.ById(new SessionId(claims.SessionId));
        if (asked.IsRefused)
        {
            return asked.Refusal!;
        }

        var fault = keys.Verification == verified.Keys ? TokenFault.None : tokens.Run(token, out _);
        var isTrue =
            asked.Value is { } now
            && now.UserId == claims.Subject
            && now.Role == claims.Role
            && now.Email == claims.Email
            && now.ExpiresAt > clock.Now();

        return new Verdict(fault, fault == TokenFault.None && isTrue ? verified : null);
    }

    private static ValueTask<Outcome<Verdict>> Say(Verdict verdict) => ValueTask.FromResult<Outcome<Verdict>>(verdict);

    /// <param name="Fault">What is wrong with the token itself.</param>
    /// <param name="Token">Null when something is; without a fault it is the session that has ended, or the person who is another now.</param>
    public readonly record struct Verdict(TokenFault Fault, VerifiedToken? Token);
}
