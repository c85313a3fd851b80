using Mana.Specs.Tidy.Rules;

namespace Mana.Specs.Tidy;

public sealed class Verbs_are_free_of_HTTP
{
    private const string Planted = "src/Mana.Server/Credits/Planted.cs";

    [Fact]
    public void The_house_obeys() => Verdict.Obeyed(VerbsAreFreeOfHttp.Breaches(Sources.House));

    [Theory]
    [InlineData("public static int Status => StatusCodes.Status200OK;", "StatusCodes")]
    [InlineData("public static void Run(HttpContext http) => System.ArgumentNullException.ThrowIfNull(http);", "HttpContext")]
    [InlineData("public static IResult? Answer => null;", "IResult")]
    [InlineData("public static HttpClient? Client => null;", "HttpClient")]
    [InlineData("public static object Cookie => typeof(Mana.Protocols.Cookies.SetCookie);", "SetCookie")]
    public void A_verb_that_speaks_HTTP_is_reported_with_file_and_line(string member, string type)
    {
        var planted = Sources.House.With(Planted, $"namespace Mana.Credits;\npublic static class Planted\n{{\n    {member}\n}}");

        Verdict.Reported(VerbsAreFreeOfHttp.Breaches(planted), $"{Planted}:4: {type} is HTTP and belongs into a door");
    }

    [Fact]
    public void The_same_line_in_a_door_is_where_it_belongs()
    {
        var door = Sources.House.With(
            "src/Mana.Server/Credits/V1/Planted.cs",
            "namespace Mana.Credits.V1;\npublic static class Planted\n{\n    public static int Status => StatusCodes.Status200OK;\n}"
        );

        Verdict.Obeyed(VerbsAreFreeOfHttp.Breaches(door));
    }
}
