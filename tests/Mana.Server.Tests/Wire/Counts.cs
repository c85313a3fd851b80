using System.Globalization;
using System.Text;

namespace Mana.Specs.Wire;

/// <summary>What became of the exchanges.</summary>
public sealed record Counts(IReadOnlyList<(string Name, int Count)> Classes, IReadOnlyList<(string Name, int Count)> Rules)
{
    public int Total => Classes.Sum(one => one.Count);

    public string Text
    {
        get
        {
            var text = new StringBuilder();
            foreach (var (name, count) in Classes)
            {
                text.Append(CultureInfo.InvariantCulture, $"{count, 4} {name}\n");
            }

            foreach (var (name, count) in Rules)
            {
                text.Append(CultureInfo.InvariantCulture, $"     of {count} was put right in the recording: {name}\n");
            }

            return text.ToString();
        }
    }

    public static Counts Of(IReadOnlyCollection<Replayed> played) =>
        new(
            [.. played.GroupBy(Name).OrderByDescending(group => group.Count()).Select(group => (group.Key, group.Count()))],
            [.. played.SelectMany(one => one.Rules).GroupBy(rule => rule).Select(group => (group.Key, group.Count()))]
        );

    private static string Name(Replayed played) =>
        played.Standing == Standing.WithoutRoute ? "have no route yet"
        : played.Difference is "" ? "equal"
        : Listed.Of(played.Exchange.Number) is { } listed ? listed.Kind
        : played.Standing == Standing.AfterOneWithoutRoute ? "differ after one that has no route yet"
        : "differ and are not listed";
}
