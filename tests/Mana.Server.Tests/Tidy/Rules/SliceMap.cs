namespace Mana.Specs.Tidy.Rules;

/// <summary>
/// <c>dependencies.txt</c>: one line per slice with the slices it may see, each standing on a line above. So the file is its own proof that
/// there are no cycles.
/// </summary>
public sealed class SliceMap
{
    private const string Everything = "*";

    private readonly Dictionary<string, string[]> _lines = new(StringComparer.Ordinal);

    private readonly List<Breach> _problems = [];

    private readonly TextFile _file;

    public SliceMap(TextFile file)
    {
        _file = file;
        foreach (var (number, text) in file.Lines.Where(line => line.Text.Length > 0 && line.Text[0] != '#'))
        {
            var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && words[1] != "->")
            {
                _problems.Add(new Breach(file.Path, number, "a line reads: Slice -> Slices it may use"));
            }

            Add(number, words[0], [.. words.Skip(2)]);
        }
    }

    /// <summary>What is wrong with the map itself, and where it and the folders differ.</summary>
    public IEnumerable<Breach> Breaches(IReadOnlyCollection<string> folders)
    {
        var missing = folders
            .Where(folder => !_lines.ContainsKey(folder))
            .Select(folder => new Breach(_file.Path, 1, $"{folder} is missing"));
        var empty = _lines
            .Keys.Where(slice => !folders.Contains(slice))
            .Select(slice => new Breach(_file.Path, LineOf(slice), $"{slice} is no folder"));

        return [.. _problems, .. empty, .. missing];
    }

    public bool Allows(string from, string to) =>
        from == to || (_lines.TryGetValue(from, out var allowed) && (allowed.Contains(to) || allowed.Contains(Everything)));

    private void Add(int number, string slice, string[] allowed)
    {
        var later = allowed.Where(name => name != Everything && !_lines.ContainsKey(name));
        _problems.AddRange(later.Select(name => new Breach(_file.Path, number, $"{slice} names {name}, which stands on no line above")));
        if (!_lines.TryAdd(slice, allowed))
        {
            _problems.Add(new Breach(_file.Path, number, $"{slice} stands here a second time"));
        }
    }

    private int LineOf(string slice) => _file.Lines.First(line => line.Text.Split(' ')[0] == slice).Number;
}
