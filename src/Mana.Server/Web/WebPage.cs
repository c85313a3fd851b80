using Microsoft.AspNetCore.Components;

namespace Mana.Web;

/// <summary>What every page is given: what it shows, and in which language.</summary>
public abstract class WebPage<TView> : ComponentBase
{
    [Parameter]
    [EditorRequired]
    public required TView View { get; set; }

    [Parameter]
    public Language Language { get; set; }
}
