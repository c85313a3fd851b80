using Mana.Platform;
using Mana.Platform.Http;

namespace Mana.Web;

/// <summary>Refusals no page words itself, as a plain page that needs nothing but this process.</summary>
public sealed class RefusalPages : IRefusalPages
{
    public Task Write(HttpContext http, Refusal refusal) =>
        (Page.Of<RefusalPage, RefusalView>(new RefusalView(refusal, http.TraceIdentifier)) with { Status = refusal.Status }).ExecuteAsync(
            http
        );
}

/// <param name="RequestId">What somebody quotes who asks about it, because nothing else is told (WEB-12).</param>
public sealed record RefusalView(Refusal Refusal, string RequestId);
