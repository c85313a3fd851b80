using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;

namespace Mana.Specs.Screens;

/// <summary>One tab of a browser. It notes whatever goes wrong in it, and looks at every page it is led to.</summary>
public sealed class Tab : IAsyncDisposable
{
    // Chromium writes a line for every page that is a "no"; that is what the page is for.
    private const string RefusedPage = "Failed to load resource: the server responded with a status of 4";

    private readonly IBrowserContext _context;

    private readonly ConcurrentQueue<string> _problems = new();

    public Tab(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.PageError += (_, error) => _problems.Enqueue($"script error: {error}");
        page.RequestFailed += (_, request) => _problems.Enqueue($"not loaded: {request.Url} {request.Failure}");
        page.Console += (_, line) =>
        {
            if (line.Type is "error" or "warning" && !line.Text.StartsWith(RefusedPage, StringComparison.Ordinal))
            {
                _problems.Enqueue($"console: {line.Text}");
            }
        };
    }

    public IPage Page { get; }

    public Task<string> Heading => Page.Locator("h1").InnerTextAsync();

    public string Path => new Uri(Page.Url).AbsolutePath;

    /// <summary>Follows a link or types an address.</summary>
    public async Task Go(string address)
    {
        await Page.GotoAsync(address);
        await Look();
    }

    /// <summary>Fills in fields by their names.</summary>
    public async Task Fill(params (string Field, string Text)[] fields)
    {
        foreach (var (field, text) in fields)
        {
            await Page.Locator($"input[name='{field}']:visible").FillAsync(text);
        }
    }

    /// <summary>Presses the button of the form that posts to a path, and looks at what comes.</summary>
    public async Task Press(string path, string inside = "main")
    {
        await Page.Locator($"{inside} form[action='{path}'] button[type=submit]").First.ClickAsync();
        await Page.WaitForLoadStateAsync(LoadState.Load);
        await Look();
    }

    public async Task Click(string selector)
    {
        await Page.Locator(selector).ClickAsync();
        await Page.WaitForLoadStateAsync(LoadState.Load);
        await Look();
    }

    /// <summary>Nothing went wrong so far: no script error, no report of the content policy, nothing that could not be loaded.</summary>
    public void ExpectNoProblems() => Assert.True(_problems.IsEmpty, string.Join(Environment.NewLine, _problems));

    /// <summary>Whoever looks at this page can read and use all of it.</summary>
    private async Task Look()
    {
        var flaws = await Page.EvaluateAsync<JsonElement>(Flaws.Script);
        var found = flaws.EnumerateArray().Select(flaw => flaw.GetString()!).ToArray();
        Assert.True(found.Length == 0, $"{Page.Url}: {string.Join(Environment.NewLine, found)}");
    }

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}
