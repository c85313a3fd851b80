using Microsoft.AspNetCore.Builder;

namespace Mana.Specs.World;

/// <summary>A second instance of the service on the database of a <see cref="House"/>.</summary>
public sealed class Neighbour(WebApplication app, Uri address) : IAsyncDisposable
{
    public IServiceProvider Services => app.Services;

    /// <summary>A client that follows no redirect and keeps no cookie.</summary>
    public HttpClient Http { get; } = House.Client(address);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        Http.Dispose();
    }
}
