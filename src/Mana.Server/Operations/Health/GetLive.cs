using Mana.Platform.Http;

namespace Mana.Operations.Health;

public static class GetLive
{
    public sealed record Response(string Status);

    /// <summary>Liveness: the process can answer.</summary>
    public static Answer<Response> Handle() => new Response("ok");
}
