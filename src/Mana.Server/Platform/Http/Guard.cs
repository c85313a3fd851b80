using System.Collections.Frozen;
using System.Net;
using System.Reflection;

namespace Mana.Platform.Http;

/// <summary>What a route line says beside path and handler; specs and the reference page read it from the endpoint.</summary>
/// <param name="RequestType">The record the JSON body is parsed into, if the door takes one.</param>
public sealed record RoutePolicy(string Method, string Path, MethodInfo Handler, Access Access, Limit Limit, Type? RequestType)
{
    /// <summary>What is counted for it.</summary>
    public required RouteLimit Counted { get; init; }

    /// <summary>The door answers with a page: refusals are sentences, and what is posted is a form.</summary>
    public bool IsPage { get; init; }
}

/// <summary>
/// Stands before every door, in the order of the wire (section 1.2): limit, body syntax, origin, validation, caller, door. On our own
/// surface the caller is asked for before the body, so that strangers learn nothing about it.
/// </summary>
public sealed class Guard(
    RateLimits limits,
    TrustedOrigins origins,
    ClientAddress addresses,
    SessionCookies cookies,
    ServiceKey service,
    ICallers callers
)
{
    private static readonly FrozenSet<string> Unsafe = new[] { "POST", "PUT", "PATCH", "DELETE" }.ToFrozenSet(StringComparer.Ordinal);

    public Task Run(HttpContext http, RoutePolicy policy, BodyParser? parser, RequestDelegate door)
    {
        var address = addresses.Of(http);
        var call = new Call(Requester(http, address), http.Request, cookies);
        http.Features.Set(call);
        var counting = limits.Take(http, policy.Counted, address);

        return counting.IsCompletedSuccessfully
            ? Counted(http, policy, parser, call, counting.GetAwaiter().GetResult(), door)
            : Later(http, policy, parser, call, counting, door);
    }

    private async Task Later(
        HttpContext http,
        RoutePolicy policy,
        BodyParser? parser,
        Call call,
        ValueTask<Refusal?> counting,
        RequestDelegate door
    ) => await Counted(http, policy, parser, call, await counting, door);

    private Task Counted(HttpContext http, RoutePolicy policy, BodyParser? parser, Call call, Refusal? tooMany, RequestDelegate door)
    {
        if (tooMany is not null)
        {
            return Dialect.Write(http, tooMany);
        }

        var checking =
            policy.IsPage ? CallerThenForm(http, policy, call)
            : Surfaces.Of(http.Request.Path) == Surface.BetterAuth ? BodyThenCaller(http, policy, parser, call)
            : CallerThenBody(http, policy, parser, call);

        return checking.IsCompletedSuccessfully ? Enter(http, checking.GetAwaiter().GetResult(), door) : Later(http, checking, door);
    }

    private static async Task Later(HttpContext http, ValueTask<Refusal?> checking, RequestDelegate door) =>
        await Enter(http, await checking, door);

    private static Task Enter(HttpContext http, Refusal? refusal, RequestDelegate door) =>
        refusal is null ? door(http) : Dialect.Write(http, refusal);

    private async ValueTask<Refusal?> BodyThenCaller(HttpContext http, RoutePolicy policy, BodyParser? parser, Call call)
    {
        if (!Unsafe.Contains(policy.Method))
        {
            return await FindCaller(http, policy, call);
        }

        var mayBeForm = parser is { MayBeForm: true };
        var body =
            mayBeForm && WireForm.IsSentBy(http.Request)
                ? await WireForm.Read(http)
                : await JsonBody.Read(http, mayBeForm ? WireForm.MediaType : null, mayBeUntyped: true);
        if (body.IsRefused)
        {
            return body.Refusal;
        }

        return origins.Check(http)
            ?? origins.CheckTargets(http.Request.Query, body.Value)
            ?? parser?.Parse(body.Value, call)
            ?? await FindCaller(http, policy, call);
    }

    private async ValueTask<Refusal?> CallerThenBody(HttpContext http, RoutePolicy policy, BodyParser? parser, Call call)
    {
        if (await FindCaller(http, policy, call) is { } stranger)
        {
            return stranger;
        }

        if (!Unsafe.Contains(policy.Method))
        {
            return null;
        }

        // Only a cookie is sent along by a browser on its own; a request that brings a token was made on purpose.
        // Where other proof will do, the cookie is taken away and the rest goes on: a native app keeps cookies without knowing.
        if (SessionCookies.BearerToken(http.Request) is null && call.Session.IsFromCookie && origins.Check(http) is { } foreign)
        {
            if (policy.Access != Access.Anyone)
            {
                return foreign;
            }

            call.Disown(foreign);
        }

        if (parser is null)
        {
            return null;
        }

        var bytes = await JsonBody.Bytes(http);
        if (bytes.IsRefused || parser.Glance(bytes.Value, call))
        {
            return bytes.Refusal;
        }

        var body = JsonBody.Parse(bytes.Value);

        return body.IsRefused ? body.Refusal : parser.Parse(body.Value, call);
    }

    private async ValueTask<Refusal?> CallerThenForm(HttpContext http, RoutePolicy policy, Call call)
    {
        if (Unsafe.Contains(policy.Method) && origins.CheckForm(http) is { } foreign)
        {
            return foreign;
        }

        if (await FindCaller(http, policy, call) is { } stranger)
        {
            return stranger;
        }

        if (!Unsafe.Contains(policy.Method))
        {
            return null;
        }

        var form = await Form.Read(http);
        call.Form = form.IsRefused ? null : form.Value;

        return form.Refusal;
    }

    private async ValueTask<Refusal?> FindCaller(HttpContext http, RoutePolicy policy, Call call)
    {
        Outcome<Caller> found;
        switch (policy.Access)
        {
            case Access.Anyone:
                return null;
            case Access.Service:
                return service.IsPresented(http.Request) ? null : Refusals.InvalidServiceKey;
            case Access.Session:
            case Access.FreshSession:
            case Access.BearerOrSession when SessionCookies.BearerToken(http.Request) is null:
                found = await BySession(http, call);
                break;
            default:
                found = SessionCookies.BearerToken(http.Request) is { } token
                    ? await callers.ByAccessToken(token, http.RequestAborted)
                    : Refusals.NoToken;
                break;
        }

        if (found.IsRefused)
        {
            return found.Refusal;
        }

        call.Caller = found.Value;
        if (policy.Access == Access.FreshSession && !found.Value.IsFresh)
        {
            return Refusals.SessionNotFresh;
        }

        return Surfaces.Of(http.Request.Path) == Surface.Mana ? limits.TakeUser(http, found.Value.UserId) : null;
    }

    private async ValueTask<Outcome<Caller>> BySession(HttpContext http, Call call)
    {
        if (call.Session.Token is not { } token)
        {
            return Refusals.InvalidSession;
        }

        var found = await callers.BySession(token, call.Session.MayRenew(http.Request), http.RequestAborted);
        if (found.IsRefused)
        {
            ClearDeadSession(http, call, found.Refusal!);
        }
        else if (found.Value.IsRenewed)
        {
            cookies.SendAgain(http, token, found.Value.CookieLifetime);
        }

        return found.Then(session => session.Caller);
    }

    // Only a session that was looked for and not found: another 401 says nothing about the cookie that came with it.
    private void ClearDeadSession(HttpContext http, Call call, Refusal refusal)
    {
        // On the wire a bearer stands in for the cookie and is cleared like one (section 4.7); elsewhere it is a token of another kind.
        var isCookie = call.Session.IsFromCookie || Surfaces.Of(http.Request.Path) == Surface.BetterAuth;
        if (refusal.Is(Refusals.InvalidSession) && isCookie)
        {
            foreach (var cookie in cookies.Clear())
            {
                http.Response.Headers.Append("Set-Cookie", cookie.ToString());
            }
        }
    }

    private Requester Requester(HttpContext http, IPAddress? address)
    {
        const int agentLengthMax = 512;
        const int appIdLengthMax = 255;
        var agent = http.Request.Headers.UserAgent.ToString();
        var app = http.Request.Headers["X-App-Id"].ToString();

        return new Requester(address?.ToString() ?? "", Cut.To(agent, agentLengthMax), Cut.To(app, appIdLengthMax))
        {
            Browser = cookies.Browser(http.Request),
        };
    }
}
