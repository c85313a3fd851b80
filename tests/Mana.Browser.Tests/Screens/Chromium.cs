using Mana.Specs.Screens;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Mana.Specs.Screens;

/// <summary>The installed Chromium, started once; every window is a person of its own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    // As root Chromium runs without its sandbox only; the rest keeps it from calling home while we watch.
    private static readonly string[] Arguments =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private const float PatienceMilliseconds = 15_000;

    private IPlaywright? _playwright;

    private IBrowser? _browser;

    private static string Path =>
        Environment.GetEnvironmentVariable("MANA_CHROMIUM")
        ?? throw new InvalidOperationException(
            "MANA_CHROMIUM is not set: run the specs with ./mana test, which finds or installs a Chromium."
        );

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Path, Args = Arguments });
    }

    public async Task<Tab> Open(Uri address, Window window)
    {
        var context = await _browser!.NewContextAsync(
            new BrowserNewContextOptions
            {
                BaseURL = address.AbsoluteUri,
                ViewportSize = new ViewportSize { Width = window.Width, Height = window.Height },
                IsMobile = window.IsPhone,
                HasTouch = window.IsPhone,
                ColorScheme = window.IsDark ? ColorScheme.Dark : ColorScheme.Light,
                Locale = window.Language,
                JavaScriptEnabled = window.RunsScripts,
                ReducedMotion = ReducedMotion.Reduce,
            }
        );

        context.SetDefaultTimeout(PatienceMilliseconds);

        return new Tab(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
    }
}
