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
            head + "    public static readonly Refusal Planted = new(\"PLANTED\", 400, \"Planted\"); "
        );

        Verdict.Reported(Planted(planted), $"{path}:{LineOf(path, head) + 2}: nothing uses Refusals.Planted");
    }

    [Fact]
    public void An_event_nobody_writes_is_reported_with_file_and_line()
    {
        const string path = "src/Mana.Server/Security/SecurityEvent.cs";
        const string head = "public static class SecurityEvent\n{\n";
        var planted = Sources.House.With(path, head, head + "    public const string Planted = \"PLANTED\"; ");

        Verdict.Reported(Planted(planted), $"{path}:{LineOf(path, head) + 2}: nothing uses SecurityEvent.Planted");
    }

    // Catalogues are looked at as a whole, so a breach of the house itself would stand in every list here.
    private static IEnumerable<Breach> Planted(Sources planted) =>
        NothingIsDeclaredInVain.Breaches(planted).Except(NothingIsDeclaredInVain.Breaches(Sources.House));

    private static int LineOf(string path, string passage)
    {
        var text = Repository.Read(path).Text;

        return text[..text.IndexOf(passage, StringComparison.Ordinal)].Count(letter => letter == '\n') + 1;
    }
}
