using System.Buffers;
using System.Reflection;
using System.Text.Json;
using Mana.Protocols.Cookies;
using Microsoft.AspNetCore.Http.Metadata;

namespace Mana.Platform.Http;

/// <summary>What a door says: a body and cookies, or a refusal that is worded in the dialect of the surface.</summary>
public sealed class Answer<T> : IResult, IEndpointMetadataProvider
{
    private readonly Outcome<T> _outcome;

    private Answer(Outcome<T> outcome) => _outcome = outcome;

    public int Status { get; init; } = StatusCodes.Status200OK;

    public IReadOnlyList<SetCookie> Cookies { get; init; } = [];

    private bool IsEmpty { get; init; }

    private byte[]? Json { get; init; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public static implicit operator Answer<T>(T body) => new(body);

    public static implicit operator Answer<T>(Refusal refusal) => new(refusal);

    public static implicit operator Answer<T>(Outcome<T> outcome) => new(outcome);

    /// <summary>An answer without a body: a redirect, or nothing to say.</summary>
    public static Answer<T> Empty(int status) => new(default(T)!) { Status = status, IsEmpty = true };

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));

    /// <summary>A body that was written before, by <see cref="WireJson"/>, and is the same for whoever asks.</summary>
    public static Answer<T> Finished(byte[] json) => new(default(T)!) { Json = json };

    /// <summary>The bytes of a body, for whoever keeps them.</summary>
    public static byte[] Write(T body) => JsonSerializer.SerializeToUtf8Bytes(body, WireJson.Options);

    /// <summary>The same answer with cookies, sent with a value and with a refusal alike.</summary>
    public Answer<T> With(params SetCookie[] cookies) =>
        new(_outcome)
        {
            Status = Status,
            IsEmpty = IsEmpty,
            Json = Json,
            Headers = Headers,
            Cookies = [.. Cookies, .. cookies],
        };

    public Answer<T> With(int status) =>
        new(_outcome)
        {
            Status = status,
            IsEmpty = IsEmpty,
            Json = Json,
            Headers = Headers,
            Cookies = Cookies,
        };

    public Answer<T> With(string header, string value) =>
        new(_outcome)
        {
            Status = Status,
            IsEmpty = IsEmpty,
            Json = Json,
            Headers = [.. Headers, (header, value)],
            Cookies = Cookies,
        };

    /// <summary>The same with a live session for the client: its cookies, and the bearer for those who keep none (wire section 1.8).</summary>
    public Answer<T> WithSession(SessionCookies cookies, string token, TimeSpan? lifetime, PresentedSession? before = null) =>
        WithSession(cookies, token, cookies.Issue(token, lifetime, before));

    /// <summary>The same for a session that was just made, in the place of what the browser presented.</summary>
    public Answer<T> WithSession(SessionCookies cookies, IssuedSession issued, PresentedSession before, Requester requester) =>
        WithSession(cookies, issued.Token, cookies.Issue(issued, before, requester));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        foreach (var cookie in Cookies)
        {
            httpContext.Response.Headers.Append("Set-Cookie", cookie.ToString());
        }

        foreach (var (name, value) in Headers)
        {
            httpContext.Response.Headers.Append(name, value);
        }

        return _outcome.Refusal is { } refusal ? Dialect.Write(httpContext, refusal) : Write(httpContext, _outcome.Value);
    }

    private Answer<T> WithSession(SessionCookies cookies, string token, SetCookie[] issued) =>
        With("set-auth-token", cookies.Bearer(token)).With("access-control-expose-headers", "set-auth-token").With(issued);

    private Task Write(HttpContext http, T body)
    {
        http.Response.StatusCode = Status;
        if (IsEmpty)
        {
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = 0;
            return Task.CompletedTask;
        }

        var json = Json ?? Write(body);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = json.Length;
        http.Response.BodyWriter.Write(json);

        return Task.CompletedTask; // sent together with the head when the request ends
    }
}
