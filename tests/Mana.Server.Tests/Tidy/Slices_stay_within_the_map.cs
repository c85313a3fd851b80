using Mana.Specs.Tidy.Rules;

namespace Mana.Specs.Tidy;

public sealed class Slices_stay_within_the_map
{
    private static readonly SliceMap Map = new(Repository.Read("dependencies.txt"));

    [Fact]
    public void Every_name_in_memory_means_what_the_compiler_says()
    {
        // The other rules see through the semantic model: a name it cannot resolve would be a hole in each of them. What is left are the
        // halves of partial members that source generators write.
        string[] generated = ["CS8795", "CS9248"];

        Assert.DoesNotContain(Sources.House.Errors, error => !generated.Contains(error.Id));
    }

    [Fact]
    public void The_house_obeys()
    {
        Verdict.Obeyed(Map.Breaches(SlicesStayWithinTheMap.Folders(Sources.House)));
        Verdict.Obeyed(SlicesStayWithinTheMap.Breaches(Sources.House, Map));
    }

    [Theory]
    [InlineData("public static string Of(Users.User user) => user.Name;")]
    [InlineData("public static string Of(object thing) => thing is global::Mana.Users.User ? thing.ToString()! : string.Empty;")]
    [InlineData("public static object Of(Platform.Database.IRow<Users.User> row) => row;")]
    public void A_name_of_a_slice_the_map_does_not_give_is_reported_with_file_and_line(string member)
    {
        var planted = Sources.House.With(
            "src/Mana.Server/Ledger/Planted.cs",
            $"namespace Mana.Ledger;\npublic static class Planted\n{{\n    {member}\n}}"
        );

        Verdict.Reported(SlicesStayWithinTheMap.Breaches(planted, Map), "src/Mana.Server/Ledger/Planted.cs:4: Ledger may not use Users");
    }

    [Fact]
    public void A_type_that_is_only_inferred_is_reported_too()
    {
        var planted = Sources.House.With(
            "src/Mana.Server/Ledger/Planted.cs",
            """
            namespace Mana.Ledger;

            public static class Planted
            {
                public static void Of(Platform.Outcome<Credits.CreditTransaction> outcome)
                {
                    var row = outcome.Value;
                    System.Console.Write(row);
                }
            }
            """
        );

        Verdict.Reported(
            SlicesStayWithinTheMap.Breaches(planted, Map),
            "src/Mana.Server/Ledger/Planted.cs:5: Ledger may not use Credits",
            "src/Mana.Server/Ledger/Planted.cs:7: Ledger may not use Credits"
        );
    }

    [Fact]
    public void A_page_is_read_like_code()
    {
        var planted = Sources.House.With(
            "src/Mana.Server/Ledger/Pages/PlantedPage.razor",
            """
            @using Mana.Credits

            <p>@Row?.Id</p>

            @code {
                private CreditTransaction? Row { get; set; }
            }
            """
        );

        Verdict.Reported(
            SlicesStayWithinTheMap.Breaches(planted, Map).OrderBy(breach => breach.Line),
            "src/Mana.Server/Ledger/Pages/PlantedPage.razor:3: Ledger may not use Credits",
            "src/Mana.Server/Ledger/Pages/PlantedPage.razor:6: Ledger may not use Credits"
        );
    }

    [Fact]
    public void Nobody_may_use_the_frame()
    {
        var planted = Sources.House.With(
            "src/Mana.Server/Platform/Planted.cs",
            """
            namespace Mana.Platform;

            public static class Planted
            {
                public static string Of(Settings settings) => settings.Environment + Refusals.NotFound.Code;

                public static object Build(Settings settings, TimeProvider clock) => App.Build(settings, clock);
            }
            """
        );

        Verdict.Reported(
            SlicesStayWithinTheMap.Breaches(planted, Map),
            "src/Mana.Server/Platform/Planted.cs:7: Platform may not use the frame"
        );
    }

    [Fact]
    public void Settings_and_refusals_are_leaves_and_see_only_the_platform()
    {
        var planted = Sources.House.With(
            "src/Mana.Server/SettingsPlanted.cs",
            "namespace Mana;\npublic sealed record SettingsPlanted(Users.User User);"
        );

        Verdict.Reported(
            SlicesStayWithinTheMap.Breaches(planted, Map),
            "src/Mana.Server/SettingsPlanted.cs:2: SettingsPlanted may not use Users"
        );
    }

    [Fact]
    public void A_map_that_goes_in_circles_or_repeats_itself_is_reported()
    {
        var map = new SliceMap(
            new TextFile(
                "dependencies.txt",
                "# the map\nPlatform\nUsers -> Platform Ledger\nLedger -> Platform\nUsers -> Platform\nWeb Platform"
            )
        );

        Verdict.Reported(
            map.Breaches(["Platform", "Users", "Ledger", "Web"]),
            "dependencies.txt:3: Users names Ledger, which stands on no line above",
            "dependencies.txt:5: Users stands here a second time",
            "dependencies.txt:6: a line reads: Slice -> Slices it may use"
        );
    }

    [Fact]
    public void A_slice_without_a_line_and_a_line_without_a_slice_are_reported()
    {
        var map = new SliceMap(new TextFile("dependencies.txt", "Platform\nGhost -> Platform"));

        Verdict.Reported(
            map.Breaches(["Platform", "Users"]),
            "dependencies.txt:2: Ghost is no folder",
            "dependencies.txt:1: Users is missing"
        );
    }
}
