using Mana.Specs.Tidy.Rules;

namespace Mana.Specs.Tidy;

public sealed class Doors_are_leaves
{
    [Fact]
    public void The_house_obeys() => Verdict.Obeyed(DoorsAreLeaves.Breaches(Sources.House));

    [Theory]
    [InlineData("src/Mana.Server/SignIn/Planted.cs", "Mana.SignIn")]
    [InlineData("src/Mana.Server/SignIn/BetterAuth/Planted.cs", "Mana.SignIn.BetterAuth")]
    [InlineData("src/Mana.Server/SignIn/V1/Planted.cs", "Mana.SignIn.V1")]
    public void A_door_that_is_called_by_anybody_but_the_routes_is_reported_with_file_and_line(string path, string folder)
    {
        var planted = Sources.House.With(
            path,
            $$"""
            namespace {{folder}};

            public static class Planted
            {
                public static Delegate Door => global::Mana.SignIn.V1.PostLogin.Handle;
            }
            """
        );

        Verdict.Reported(DoorsAreLeaves.Breaches(planted), $"{path}:5: only Routes.cs may use the door Mana.SignIn.V1.PostLogin");
    }

    [Fact]
    public void A_record_of_a_door_is_part_of_the_door()
    {
        var planted = Sources.House.With(
            "src/Mana.Server/SignIn/Planted.cs",
            "namespace Mana.SignIn;\npublic sealed record Planted(V1.PostLogin.Request Request);"
        );

        Verdict.Reported(
            DoorsAreLeaves.Breaches(planted),
            "src/Mana.Server/SignIn/Planted.cs:2: only Routes.cs may use the door Mana.SignIn.V1.PostLogin"
        );
    }

    [Fact]
    public void Shapes_beside_a_door_may_be_shared_inside_its_folder_only()
    {
        const string shape = "namespace Mana.SignIn.V1;\npublic sealed record Shape(PostLogin.Request Request);";
        var house = Sources.House.With("src/Mana.Server/SignIn/V1/Shape.cs", shape);

        Verdict.Obeyed(
            DoorsAreLeaves.Breaches(
                house.With("src/Mana.Server/SignIn/V1/Planted.cs", "namespace Mana.SignIn.V1;\npublic sealed record Planted(Shape Shape);")
            )
        );
        Verdict.Reported(
            DoorsAreLeaves.Breaches(
                house.With(
                    "src/Mana.Server/SignUp/V1/Planted.cs",
                    "namespace Mana.SignUp.V1;\npublic sealed record Planted(SignIn.V1.Shape Shape);"
                )
            ),
            "src/Mana.Server/SignUp/V1/Planted.cs:2: only Routes.cs may use the door Mana.SignIn.V1.Shape"
        );
    }
}
