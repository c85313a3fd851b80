using System.Text;
using Mana.Platform.Http;
using Mana.Platform.Telemetry;

namespace Mana.Operations.Health;

public static class GetMetrics
{
    /// <summary>
    /// What the service counted, in the text format of Prometheus (contract 5.7). For the inner network: outside Development it has a port of
    /// its own (<c>METRICS_PORT</c>) or none. Names nobody.
    /// </summary>
    public static Task Handle(HttpContext http, Observation observation, HttpSettings settings)
    {
        if (settings.MetricsPort > 0 && http.Connection.LocalPort != settings.MetricsPort)
        {
            return Dialect.Write(http, Refusals.NotFound);
        }

        var bytes = Encoding.UTF8.GetBytes(observation.Scrape());
        http.Response.ContentType = Prometheus.ContentType;
        http.Response.ContentLength = bytes.Length;

        return http.Response.Body.WriteAsync(bytes, 0, bytes.Length, http.RequestAborted);
    }
}
