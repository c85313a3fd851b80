using Mana.Specs.Tidy.Rules;

namespace Mana.Specs.Tidy;

public sealed class Packages_and_files
{
    private const string Table = """
        # ADR-0003

        | Package | Version | Licence | Maintainer | Reason |
        |---|---|---|---|---|
        | Npgsql | 10.0.0 | PostgreSQL | Npgsql team | the driver |
        | Ghost | 1.0.0 | MIT | nobody | |

        | Package | Version | Licence | Maintainer | Reason |
        |---|---|---|---|---|
        | elsewhere | 1.0.0 | MIT | npm | another world |
        """;

    [Fact]
    public void The_house_uses_the_packages_it_has_approved() =>
        Verdict.Obeyed(
            PackagesAreApproved.Breaches(Repository.Read("Directory.Packages.props"), Repository.Read("docs/adr/0003-packages.md"))
        );

    [Fact]
    public void A_package_without_a_row_and_a_row_without_a_package_are_reported_with_file_and_line()
    {
        var versions = new TextFile(
            "Directory.Packages.props",
            "<PackageVersion Include=\"Npgsql\" Version=\"10.0.1\" />\n<PackageVersion Include=\"Planted\" Version=\"1.0.0\" />"
        );

        Verdict.Reported(
            PackagesAreApproved.Breaches(versions, new TextFile("docs/adr/0003-packages.md", Table)),
            "Directory.Packages.props:1: Npgsql is approved as 10.0.0, not as 10.0.1",
            "Directory.Packages.props:2: Planted is not approved",
            "docs/adr/0003-packages.md:6: Ghost is approved and not used",
            "docs/adr/0003-packages.md:6: Ghost needs Version, Licence, Maintainer, Reason"
        );
    }

    [Fact]
    public void The_house_commits_nothing_that_works_on_one_machine_only() =>
        Verdict.Obeyed(FilesAreForEveryMachine.Breaches(Repository.TrackedTexts(), Repository.Root));

    [Theory]
    [InlineData("see /ho|me/alice/notes", "'/ho|me/alice' is a folder of somebody's machine")]
    [InlineData("\"/wo|rk/mana/src\"", "'/wo|rk/mana' is a folder of somebody's machine")]
    [InlineData(@"C:\Us|ers\alice", @"'C:\Us|ers' is a folder of somebody's machine")]
    [InlineData("cd /somewhere/mana/src", "'/somewhere/mana' is a folder of somebody's machine")]
    [InlineData("registry=https://registry.npm|js.org/", "'registry.npm|js.org' is a package host")]
    [InlineData("<add value=\"https://api.nu|get.org/v3/index.json\" />", "'api.nu|get.org' is a package host")]
    [InlineData("\"resol|ved\": \"https://mirror.example/better-auth.tgz\"", "'\"resol|ved\": \"https://mirror.example' is a package host")]
    public void A_line_that_belongs_to_one_machine_is_reported_with_file_and_line(string line, string sentence)
    {
        // The bar keeps this file itself from being a breach.
        var planted = new TextFile("planted.json", "{\n" + Whole(line));

        Verdict.Reported(FilesAreForEveryMachine.Breaches([planted], "/somewhere/mana"), $"planted.json:2: {Whole(sentence)}");
    }

    [Fact]
    public void A_path_of_the_service_is_no_folder_of_a_machine() =>
        Verdict.Obeyed(
            FilesAreForEveryMachine.Breaches(
                [new TextFile("planted.cs", Whole("\"/api/v1/wo|rk/ho|me/us|ers/ro|ot\" ./wo|rk/x ../ro|ot/y"))],
                "/somewhere/mana"
            )
        );

    [Fact]
    public void A_project_without_its_lock_file_is_reported() =>
        Verdict.Reported(
            FilesAreForEveryMachine.Breaches(
                [new TextFile("src/A/A.csproj", ""), new TextFile("src/A/packages.lock.json", ""), new TextFile("src/B/B.csproj", "")],
                "/somewhere/mana"
            ),
            "src/B/B.csproj:1: there is no packages.lock.json beside it"
        );

    [Fact]
    public void The_house_is_laid_out_by_one_tool() => Verdict.Obeyed(CodeIsLaidOut.Breaches("."));

    [Fact]
    public void Code_that_is_laid_out_by_hand_is_reported_with_file_and_line()
    {
        var folder = Directory.CreateTempSubdirectory("mana-planted-");
        try
        {
            var file = Path.Combine(folder.FullName, "Planted.cs");
            File.WriteAllText(file, "namespace Planted;\n\npublic sealed class   Crooked;\n");

            Verdict.Reported(CodeIsLaidOut.Breaches(file), $"{file}:3: run dotnet csharpier format .");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Whole(string text) => text.Replace("|", "", StringComparison.Ordinal);
}
