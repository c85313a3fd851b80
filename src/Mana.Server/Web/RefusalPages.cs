using Mana.Platform;
using Mana.Platform.Http;

namespace Mana.Web;

/// <summary>Refusals no page words itself, as a plain page that needs nothing but this process.</summary>
public sealed class RefusalPages : IRefusalPages
{
    public Task Write(HttpContext http, Refusal refusal) =>
        (Page.Of<RefusalPage, Refusal>(refusal) with { Status = refusal.Status }).ExecuteAsync(http);
}
