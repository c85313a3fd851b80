using Mana.Build.Machine;
using Mana.Build.Tour;

namespace Mana.Build.Commands;

/// <summary>Walks the main job over HTTP against the running service, one promise after the other.</summary>
internal static class TourCommand
{
    public static async Task<int> Run(string[] arguments, Toolbox tools)
    {
        if (arguments.Length > 0)
        {
            throw new Misuse("it takes no arguments; BASE_URL or PORT say where the service is");
        }
        var address = new Uri(ServerProgram.Address);
        Say.Line($"A tour of {address}");
        Guide.Head("Health");
        using var stranger = new Visitor(address, tools.Stop);
        var ready = await stranger.Get("/health/ready");
        Guide.Expect(ready, 200, "the service is ready, and so is its database", ready.Text("checks", "database", "status") == "ok");
        using var ada = new Visitor(address, tools.Stop);
        await new ManaSurface(ada, Person.Fresh("Ada"), tools.Stop).Walk();
        using var grace = new Visitor(address, tools.Stop);
        await new WireSurface(grace, Person.Fresh("Grace"), tools.Stop).Walk();
        Say.Line($"\nThe tour is complete: every promise kept in {Say.Seconds(tools.Elapsed)}.");
        return 0;
    }
}
