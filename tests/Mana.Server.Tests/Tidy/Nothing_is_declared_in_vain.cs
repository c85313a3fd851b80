using Mana.Specs.Tidy.Rules;

namespace Mana.Specs.Tidy;

public sealed class Nothing_is_declared_in_vain
{
    [Fact]
    public void The_house_obeys() => Verdict.Obeyed(NothingIsDeclaredInVain.Breaches(Sources.House));

    [Fact]
    public void A_refusal_nobody_says_is_reported_with_file_and_line()
    {
        const string path = "src/Mana.Server/Refusals.cs";
        const string head = "public static class Refusals\n{\n";
        var planted = Sources.House.With(
            path,
            head,
            head + "    public static readonly Refusal Planted = new(\"PLANTED\", 400, \"Planted\");\n"
        );

        Verdict.Reported(NothingIsDeclaredInVain.Breaches(planted), $"{path}:{LineOf(path, head) + 2}: nothing uses Refusals.Planted");
    }

    [Fact]
    public void An_event_nobody_writes_is_reported_with_file_and_line()
    {
        const string path = "src/Mana.Server/Security/SecurityEvent.cs";
        const string head = "public static class SecurityEvent\n{\n";
        var planted = Sources.House.With(path, head, head + "    public const string Planted = \"PLANTED\";\n");

        Verdict.Reported(NothingIsDeclaredInVain.Breaches(planted), $"{path}:{LineOf(path, head) + 2}: nothing uses SecurityEvent.Planted");
    }

    private static int LineOf(string path, string passage)
    {
        var text = Repository.Read(path).Text;

        return text[..text.IndexOf(passage, StringComparison.Ordinal)].Count(letter => letter == '\n') + 1;
    }
}
