using System.Text;
using Mana.Platform;
using Mana.Platform.Http;
using Mana.Protocols.Cookies;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Mana.Web;

/// <summary>
/// A page as the answer of a door. It is rendered whole before its first byte leaves, so a page that fails half-way is a clean refusal.
/// </summary>
public sealed record Page : IPage
{
    private readonly Type? _component;

    private readonly object? _view;

    private Page(Type? component, object? view) => (_component, _view) = (component, view);

    public int Status { get; init; } = StatusCodes.Status200OK;

    public IReadOnlyList<SetCookie> Cookies { get; init; } = [];

    /// <summary>A checked target the form on this page may be redirected to in the end.</summary>
    public string? FormTarget { get; init; }

    /// <summary>The address holds the secret of a mail: what the page loads, and where it leads, must not be told that address (EML-14).</summary>
    public bool HasSecretAddress { get; init; }

    private string? Location { get; init; }

    private Refusal? Refusal { get; init; }

    public static Page Of<TPage, TView>(TView view)
        where TPage : WebPage<TView> => new(typeof(TPage), view);

    /// <param name="target">Checked by <see cref="TrustedOrigins.MayLeadTo"/>.</param>
    public static Page SeeOther(string target) => new(null, null) { Status = StatusCodes.Status303SeeOther, Location = target };

    /// <summary>A refusal this page has no place for.</summary>
    public static Page Refused(Refusal refusal) => new(null, null) { Refusal = refusal };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (Refusal is { } refusal)
        {
            await Dialect.Write(httpContext, refusal);
            return;
        }

        var response = httpContext.Response;
        response.StatusCode = Status;
        foreach (var cookie in Cookies)
        {
            response.Headers.Append("Set-Cookie", cookie.ToString());
        }

        if (Location is { } target)
        {
            response.Headers.Location = Redirects.Encode(target);
            response.ContentLength = 0;
            return;
        }

        var language = Languages.Of(httpContext.Request);
        var html = Encoding.UTF8.GetBytes(await Render(httpContext.RequestServices, language));
        response.Headers.ContentSecurityPolicy = ContentPolicy.ForFormTo(FormTarget);
        if (HasSecretAddress)
        {
            response.Headers["Referrer-Policy"] = "no-referrer";
        }

        response.Headers.ContentLanguage = language.Code();
        response.Headers.Append("Vary", "Accept-Language");
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = html.Length;
        await response.Body.WriteAsync(html, httpContext.RequestAborted);
    }

    private async Task<string> Render(IServiceProvider services, Language language)
    {
        var parameters = ParameterView.FromDictionary(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(WebPage<>.View)] = _view,
                [nameof(WebPage<>.Language)] = language,
            }
        );
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());

        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root = await renderer.RenderComponentAsync(_component!, parameters);
            return root.ToHtmlString();
        });
    }
}
