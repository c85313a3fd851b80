namespace Mana.Web.Pages;

public static class GetHome
{
    /// <summary>Says what answers here, and where to go on. A mail link followed on the wire may end here too, with what went wrong.</summary>
    public static Page Handle(HttpRequest request, Settings settings) =>
        Page.Of<HomePage, HomeView>(
            new HomeView(
                settings.Http.FrontendUrl.ToString(),
                settings.ShowsApi,
                settings.IsDevelopment,
                HasFailed: request.Query.ContainsKey("error")
            )
        );
}

/// <param name="FrontendUrl">Where people sign in.</param>
/// <param name="ShowsApi">The description of the interface is served.</param>
/// <param name="HasFailed">A redirect brought an error along (wire section 1.7).</param>
public sealed record HomeView(string FrontendUrl, bool ShowsApi, bool IsDevelopment, bool HasFailed);
