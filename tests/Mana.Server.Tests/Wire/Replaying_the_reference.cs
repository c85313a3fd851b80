using System.Globalization;
using Mana.Specs.Operations;
using Mana.Specs.Tidy;

namespace Mana.Specs.Wire;

/// <summary>
/// What Better Auth answered once, we answer too: the recorded exchanges of core, bearer, JWT and multi-session are played again, with our
/// ids, tokens, cookies and mail links in the place of theirs. A difference is an error unless the table of
/// <c>docs/reference/better-auth.md</c> lists it, and a listed one that is gone or is another is an error too.
/// <para>
/// To look at one flow: <c>MANA_REPLAY="s6 b" … -class Mana.Specs.Wire.Replaying_the_reference</c> plays that recording alone (names are in
/// <c>transcript.jsonl</c>: run and configuration), and <c>artifacts/replay/s6-b.txt</c> then holds every exchange of it, what the reference
/// said, what we said, and how they differ. An exchange whose endpoint has no route yet is played but not judged.
/// </para>
/// </summary>
public sealed class Replaying_the_reference
{
    public static TheoryData<string> Recordings => [.. Exchange.All.Select(exchange => exchange.Recording).Distinct().Where(IsWanted)];

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task Every_answer_equals_the_recorded_one_or_its_difference_is_listed(string recording)
    {
        var played = await Replay.Of(recording);

        DocumentsInMarkdown.ExpectNone(played.Where(one => one.Standing == Standing.Judged).Select(Problem).OfType<string>());
    }

    /// <summary>How many are equal, and what the others are; <c>artifacts/replay/counts.txt</c> has it too.</summary>
    [Fact]
    public async Task Every_selected_exchange_is_counted_once()
    {
        var played = new List<Replayed>();
        foreach (var recording in Exchange.All.Select(exchange => exchange.Recording).Distinct())
        {
            played.AddRange(await Replay.Of(recording));
        }

        var counts = Counts.Of(played);
        TestContext.Current.TestOutputHelper?.WriteLine(counts.Text);
        await File.WriteAllTextAsync(Repository.Full("artifacts/replay/counts.txt"), counts.Text);
        Assert.Equal(Exchange.All.Count, counts.Total);
    }

    [Fact]
    public void Every_row_names_what_decides_and_each_exchange_stands_in_one_row()
    {
        var numbers = Listed.All.SelectMany(row => row.Exchanges).ToArray();

        DocumentsInMarkdown.ExpectNone([
            .. numbers.GroupBy(number => number).Where(group => group.Count() > 1).Select(group => $"#{group.Key} is listed twice"),
            .. numbers.Except(Exchange.All.Select(exchange => exchange.Number)).Select(number => $"#{number} is not in the transcript"),
            .. Listed.All.Where(row => !row.IsDecided).Select(row => $"#{row.Exchanges[0]}: '{row.Because}' decides nothing"),
            .. Listed.All.Where(row => !row.Sentence.EndsWith('.')).Select(row => $"#{row.Exchanges[0]} has no sentence"),
        ]);
    }

    private static string? Problem(Replayed played)
    {
        var listed = Listed.Of(played.Exchange.Number);

        return played.Difference == (listed?.Difference ?? "") ? null
            : listed is null ? Listed.Row(played)
            : string.Create(
                CultureInfo.InvariantCulture,
                $"#{played.Exchange.Number} is listed as `{listed.Difference}` and is `{played.Difference}`"
            );
    }

    private static bool IsWanted(string recording) =>
        Environment.GetEnvironmentVariable("MANA_REPLAY") is not { Length: > 0 } wanted || wanted == recording;
}
