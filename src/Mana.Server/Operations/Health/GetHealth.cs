using Mana.Platform;
using Mana.Platform.Http;

namespace Mana.Operations.Health;

public static class GetHealth
{
    public sealed record Response(string Status, string Service, DateTimeOffset Timestamp, long Uptime);

    /// <summary>Says that the process answers; asks nobody else.</summary>
    public static Answer<Response> Handle(TimeProvider clock, Uptime uptime) =>
        new Response("ok", "mana-core-auth", clock.Now(), uptime.Seconds(clock));
}
