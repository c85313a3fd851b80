using Mana.Platform.Http;

namespace Mana.Operations.BetterAuth;

public static class GetOk
{
    public sealed record Response(bool Ok);

    /// <summary>Says that the wire answers (wire section 7.1).</summary>
    public static Answer<Response> Handle() => new Response(true);
}
