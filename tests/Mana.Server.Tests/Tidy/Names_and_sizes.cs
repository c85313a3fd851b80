using Mana.Specs.Tidy.Rules;

namespace Mana.Specs.Tidy;

public sealed class Names_and_sizes
{
    private const string Planted = "src/Mana.Server/Users/Planted.cs";

    [Fact]
    public void The_house_obeys()
    {
        Verdict.Obeyed(FilesAreOfAReadableSize.Breaches(Sources.House));
        Verdict.Obeyed(NamesFollowTheHouse.Breaches(Sources.House));
        Verdict.Obeyed(SpecsReadAsSentences.Breaches(Specs()));
    }

    [Fact]
    public void A_long_file_is_reported_on_its_first_line_too_many()
    {
        var lines = new string('\n', 299);

        Verdict.Obeyed(FilesAreOfAReadableSize.Breaches(Sources.House.With(Planted, $"namespace Mana.Users;{lines}\n")));
        Verdict.Reported(
            FilesAreOfAReadableSize.Breaches(Sources.House.With(Planted, $"namespace Mana.Users;{lines}\n\n")),
            $"{Planted}:301: the file is longer than 300 lines: are there two ideas in it?"
        );
        Verdict.Reported(
            FilesAreOfAReadableSize.Breaches(Sources.House.With("src/Mana.Server/Program.cs", $"return 0;{new string('\n', 61)}")),
            "src/Mana.Server/Program.cs:61: the file is longer than 60 lines: are there two ideas in it?"
        );
    }

    [Fact]
    public void A_long_function_is_reported_with_file_and_line()
    {
        var body = new string('\n', 58);

        Verdict.Reported(
            FilesAreOfAReadableSize.Breaches(
                Sources.House.With(
                    Planted,
                    $"namespace Mana.Users;\npublic static class Planted\n{{\n    public static void Do()\n    {{{body}\n    }}\n}}\n"
                )
            ),
            $"{Planted}:4: a function of 61 lines: what is decided here, and what is only done?"
        );
    }

    [Fact]
    public void A_namespace_that_is_not_its_folder_is_reported_with_file_and_line() =>
        Verdict.Reported(
            NamesFollowTheHouse.Breaches(Sources.House.With(Planted, "\nnamespace Mana.People;\n")),
            $"{Planted}:2: the namespace Mana.People stands in the folder of Mana.Users"
        );

    [Fact]
    public void A_name_that_says_nothing_is_reported_with_file_and_line() =>
        Verdict.Reported(
            NamesFollowTheHouse.Breaches(Sources.House.With(Planted, "namespace Mana.Users;\npublic sealed class UserManager;\n")),
            $"{Planted}:2: UserManager does not say what it is"
        );

    [Fact]
    public void A_spec_that_is_no_sentence_is_reported_with_file_and_line()
    {
        const string text =
            "public sealed class UserTests\n{\n    [Fact]\n    public void Works() { }\n\n    public void Helping() { }\n}\n";

        Verdict.Reported(
            SpecsReadAsSentences.Breaches([new TextFile("tests/Planted.cs", text)]),
            "tests/Planted.cs:1: UserTests is not a situation in a sentence",
            "tests/Planted.cs:4: Works is not a fact in a sentence"
        );
    }

    private static IEnumerable<TextFile> Specs() =>
        Repository
            .Tracked()
            .Where(path => path.StartsWith("tests/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal))
            .Select(Repository.Read);
}
