using Mana.Specs.Tidy.Rules;
using Mana.Specs.World;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Tidy;

public sealed class Routes_carry_a_policy(House house) : IClassFixture<House>
{
    private const string Routes = "src/Mana.Server/Routes.cs";

    private const string Health = "app.Get(\"/health\", Operations.Health.GetHealth.Handle, Access.Anyone, Limit.None);";

    private static readonly int LineOfHealth = LineOf(Health);

    [Fact]
    public void The_house_obeys()
    {
        Verdict.Obeyed(RoutesFitTheirDoors.Breaches(Sources.House));
        Verdict.Obeyed(EveryEndpointCarriesAPolicy.Breaches(Sources.House));
    }

    [Fact]
    public void The_running_server_has_the_endpoints_of_its_routes_and_no_others() =>
        Verdict.Obeyed(
            EveryEndpointCarriesAPolicy.Breaches(
                house.Services.GetRequiredService<EndpointDataSource>().Endpoints,
                RouteLine.All(Sources.House).Count
            )
        );

    [Fact]
    public void An_endpoint_of_the_running_server_without_a_policy_is_reported()
    {
        var bare = new RouteEndpoint(
            _ => Task.CompletedTask,
            RoutePatternFactory.Parse("/bare"),
            0,
            EndpointMetadataCollection.Empty,
            "GET /bare"
        );

        Verdict.Reported(EveryEndpointCarriesAPolicy.Breaches([bare], lines: 0), $"{Routes}:1: GET /bare has no line and no policy");
        Verdict.Reported(EveryEndpointCarriesAPolicy.Breaches([], lines: 1), $"{Routes}:1: 1 lines made 0 endpoints");
    }

    [Fact]
    public void An_endpoint_mapped_past_the_routes_is_reported_with_file_and_line()
    {
        const string path = "src/Mana.Server/Operations/Planted.cs";
        var planted = Sources.House.With(
            path,
            "namespace Mana.Operations;\npublic static class Planted\n{\n    public static void Map(WebApplication app) =>\n        app.MapGet(\"/planted\", () => 1);\n}"
        );

        Verdict.Reported(
            EveryEndpointCarriesAPolicy.Breaches(planted),
            $"{path}:5: MapGet makes an endpoint without a policy: add a line to Routes.cs"
        );
    }

    [Theory]
    [InlineData(
        "app.Get(\"/hea\" + \"lth\", Operations.Health.GetHealth.Handle, Access.Anyone, Limit.None);",
        "the path is not one whole literal"
    )]
    [InlineData("app.Get(\"/health\", () => 1, Access.Anyone, Limit.None);", "the handler is not the method of a door")]
    [InlineData(
        "app.Get(\"/state\", Operations.Health.GetHealth.Handle, Access.Anyone, Limit.None);",
        "GetHealth is not named after Get and the last words of /state"
    )]
    [InlineData(
        "app.Post(\"/health\", Operations.Health.GetHealth.Handle, Access.Anyone, Limit.None);",
        "GetHealth is not named after Post and the last words of /health"
    )]
    public void A_line_that_does_not_fit_its_door_is_reported_with_file_and_line(string line, string sentence)
    {
        var breaches = RoutesFitTheirDoors.Breaches(Sources.House.With(Routes, Health, line)).Select(breach => breach.ToString());

        Assert.Contains($"{Routes}:{LineOfHealth}: {sentence}", breaches);
    }

    [Fact]
    public void A_door_on_the_wrong_surface_is_reported_with_file_and_line()
    {
        const string right = "app.Post(\"/api/v1/auth/login\"";
        var planted = Sources.House.With(Routes, right, "app.Post(\"/api/auth/login\"");

        Verdict.Reported(Planted(planted), $"{Routes}:{LineOf(right)}: a door in V1 answers below /api/v1/");
    }

    [Fact]
    public void An_administrators_door_that_is_open_to_anyone_is_reported_with_file_and_line()
    {
        var planted = Sources
            .House.With("src/Mana.Server/Credits/Admin/PostGrant.cs", Door("Credits.Admin", "PostGrant"))
            .With(Routes, Health, "app.Post(\"/api/v1/admin/grant\", Credits.Admin.PostGrant.Handle, Access.Anyone, Limit.None);" + Health);

        Verdict.Reported(Planted(planted), $"{Routes}:{LineOfHealth}: a door in Admin may not be open to Anyone");
    }

    [Fact]
    public void A_door_without_a_route_and_a_door_in_a_strange_file_are_reported_with_file_and_line()
    {
        const string path = "src/Mana.Server/Credits/V1/Planted.cs";

        Verdict.Reported(
            Planted(Sources.House.With(path, Door("Credits.V1", "GetNothing"))),
            $"{path}:2: the door GetNothing stands in a file of another name",
            $"{path}:2: no route leads to GetNothing"
        );
    }

    [Theory]
    [InlineData("/", "GetHome")]
    [InlineData("/api/v1/credits/packages/{id}", "GetPackage")]
    [InlineData("/api/v1/credits/packages", "GetPackages")]
    [InlineData("/api/v1/credits/packages", "GetCreditsPackages")]
    public void The_name_of_a_door_is_made_of_the_last_words_of_its_path(string path, string door) =>
        Verdict.Obeyed(
            Planted(
                Sources
                    .House.With($"src/Mana.Server/Credits/Pages/{door}.cs", Door("Credits.Pages", door))
                    .With(Routes, Health, $"app.Get(\"{path}\", Credits.Pages.{door}.Handle, Access.Anyone, Limit.None);" + Health)
            )
        );

    // Routes are looked at as a whole, so a breach of the house itself would stand in every list here.
    private static IEnumerable<Breach> Planted(Sources planted) =>
        RoutesFitTheirDoors.Breaches(planted).Except(RoutesFitTheirDoors.Breaches(Sources.House));

    private static string Door(string folder, string name) =>
        $"namespace Mana.{folder};\npublic static class {name}\n{{\n    public static Task Handle() => Task.CompletedTask;\n}}";

    private static int LineOf(string passage) =>
        Repository.Read(Routes).Lines.First(line => line.Text.Contains(passage, StringComparison.Ordinal)).Number;
}
