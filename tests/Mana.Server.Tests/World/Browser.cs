using System.Net.Http.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Mana.Specs.World;

/// <summary>Somebody in front of a browser: it keeps cookies, sends its own origin with forms and speaks English unless told otherwise.</summary>
public sealed class Browser(House house)
{
    private readonly Dictionary<string, string> _cookies = new();

    public string Language { get; set; } = "en-GB,en;q=0.9";

    /// <summary>What it keeps, by name; a spec may toss something in.</summary>
    public IDictionary<string, string> Cookies => _cookies;

    /// <summary>Where it stands, for a house that believes its proxy; null leaves it to the connection.</summary>
    public string? Address { get; init; }

    public bool HasSession => _cookies.ContainsKey("mana.session_token");

    /// <summary>Signs up on the wire, and so carries the cookie of the sign-up's flow afterwards.</summary>
    public async Task<Reply> SignUp(string email, string password, string name = "Alice", string? callbackUrl = null)
    {
        var body = new
        {
            email,
            password,
            name,
            callbackURL = callbackUrl ?? "",
        };

        return (await Tell("/api/auth/sign-up/email", body)).Expect(200);
    }

    /// <summary>Opens a page by its path, fills in the form that posts to the same path and presses its button.</summary>
    public async Task<Screen> FillIn(string path, params (string Name, string Value)[] fields)
    {
        var page = Screen.Of(await Get(path));

        return await Submit(page.FormTo(path.Split('?')[0]), fields);
    }

    /// <summary>What a script on a page of ours, or of the given origin, sends.</summary>
    public Task<Reply> Tell(string path, object body, string? origin = null) =>
        Send(HttpMethod.Post, path, JsonContent.Create(body), ("Origin", origin ?? house.Address.GetLeftPart(UriPartial.Authority)));

    public Task<Reply> Get(string address) => Send(HttpMethod.Get, address, null);

    public Task<Reply> Head(Uri address) => Send(HttpMethod.Head, address.PathAndQuery, null);

    public async Task<Screen> Open(Uri address) => Screen.Of(await Get(address.PathAndQuery));

    /// <summary>Presses the button of a form after filling in fields; what the form holds already goes along.</summary>
    public async Task<Screen> Submit(IHtmlFormElement form, params (string Name, string Value)[] fields)
    {
        var (path, values) = Filled(form, fields);

        return Screen.Of(await Post(path, values));
    }

    public Task<Reply> Post(string path, IReadOnlyDictionary<string, string> fields, string? origin = null) =>
        Send(
            HttpMethod.Post,
            path,
            new FormUrlEncodedContent(fields),
            ("Origin", origin ?? house.Address.GetLeftPart(UriPartial.Authority))
        );

    public static (string Path, Dictionary<string, string> Values) Filled(
        IHtmlFormElement form,
        params (string Name, string Value)[] fields
    )
    {
        var values = form.QuerySelectorAll("input[name]")
            .Cast<IHtmlInputElement>()
            .Where(input => input.Type != "checkbox" || input.IsChecked)
            .ToDictionary(input => input.Name!, input => input.Value);
        foreach (var (name, value) in fields)
        {
            Assert.Contains(name, values.Keys);
            values[name] = value;
        }

        return (form.GetAttribute("action")!, values);
    }

    private async Task<Reply> Send(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");
        request.Headers.TryAddWithoutValidation("Accept-Language", Language);
        if (Address is not null)
        {
            request.Headers.Add("X-Forwarded-For", Address);
        }

        if (_cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await house.Http.SendAsync(request);
        var reply = await Reply.Of(response);
        foreach (var parts in reply.SetCookies.Select(cookie => cookie.Split(';')[0].Split('=', 2)))
        {
            _cookies[parts[0]] = parts[1];
            if (parts[1].Length == 0)
            {
                _cookies.Remove(parts[0]);
            }
        }

        return reply;
    }
}

/// <summary>A page as it arrived.</summary>
public sealed record Screen(Reply Reply, IHtmlDocument Document)
{
    public string Heading => Text("h1");

    public static Screen Of(Reply reply) => new(reply, new HtmlParser().ParseDocument(reply.Body));

    /// <summary>The code of the refusal beside a field; null when the field is in order.</summary>
    public string? ErrorAt(string field)
    {
        var error = Document.QuerySelector($"#{field}-error");
        if (error is not null)
        {
            var input = Document.QuerySelector($"#{field}")!;
            Assert.Equal("true", input.GetAttribute("aria-invalid"));
            Assert.Contains(error.Id!, input.GetAttribute("aria-describedby")!.Split(' '));
            Assert.NotEmpty(error.TextContent.Trim());
        }

        return error?.GetAttribute("data-code");
    }

    /// <summary>What a field holds already.</summary>
    public string Value(string field) => ((IHtmlInputElement)Document.QuerySelector($"#{field}")!).Value;

    public string Text(string selector) => Document.QuerySelector(selector)?.TextContent.Trim() ?? "";

    /// <summary>The form whose button does this (<c>keep</c>, <c>typed</c>, <c>replaced</c>).</summary>
    public IHtmlFormElement Form(string proof) => (IHtmlFormElement)Document.QuerySelector($"form:has(input[name=proof][value={proof}])")!;

    public IHtmlFormElement FormTo(string path) => (IHtmlFormElement)Document.QuerySelector($"form[action='{path}']")!;

    public bool Offers(string proof) => Document.QuerySelector($"input[name=proof][value={proof}]") is not null;

    public Screen Expect(int status)
    {
        Reply.Expect(status);

        return this;
    }
}
