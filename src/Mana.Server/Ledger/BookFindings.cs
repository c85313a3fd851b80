using Mana.Platform.Database;
using Npgsql;

namespace Mana.Ledger;

/// <summary>
/// What a check has found so far. It is told whatever happens next: somebody who can alter the books can also make them unreadable, and must
/// not hide one thing behind another.
/// </summary>
internal sealed class BookFindings
{
    private const string Unfinished = "a part of the check came to no end";

    private readonly List<BookFault> _faults = [];

    /// <summary>Whose rows cannot be read; they are named, and left out where rows are read one by one.</summary>
    private readonly SortedSet<string> _unreadable = new(StringComparer.Ordinal);

    /// <summary>The server refused a statement, or is gone: nothing more can be asked in this transaction.</summary>
    private bool _isOver;

    public IReadOnlyList<BookFault> Faults => _faults;

    public string[] Unreadable => [.. _unreadable];

    public void Add(BookFault fault) => _faults.Add(fault);

    public void Add(IEnumerable<BookFault> faults) => _faults.AddRange(faults);

    /// <summary>Rows that a rule finds.</summary>
    public Task Ask(Tx tx, string rule, Func<Sql> rows) =>
        Part(rule, async () => Add((await tx.All<FaultyRow>(rows())).Select(row => row.Of(rule))));

    /// <summary>Rows that cannot be read.</summary>
    public async Task Ask(Tx tx, IEnumerable<Func<Sql>> unreadable)
    {
        foreach (var rows in unreadable)
        {
            await Ask(tx, ReadableRows.Rule, rows);
        }

        _unreadable.UnionWith(_faults.Where(fault => fault.Rule == ReadableRows.Rule).Select(fault => fault.Owner));
    }

    /// <summary>
    /// One part of the check. What it cannot read or compute is a fault, and the other parts go on. A database that is away before anything
    /// was found is left to whoever asked.
    /// </summary>
    /// <param name="reached">How far the part had come.</param>
    public async Task Part(string name, Func<Task> part, Func<string>? reached = null)
    {
        if (_isOver)
        {
            return;
        }

        try
        {
            await part();
        }
        catch (Exception cause) when (cause is not OperationCanceledException && (_faults.Count > 0 || !IsOutage(cause)))
        {
            var why = cause is PostgresException refused ? $"the database refuses with SQLSTATE {refused.SqlState}" : cause.GetType().Name;
            Add(new BookFault(Unfinished, "everybody", null, $"{name}{reached?.Invoke()}: {why}"));
            _isOver = cause is NpgsqlException or TimeoutException;
        }
    }

    /// <summary>Nothing that stands in the rows: no answer, or a refusal that is not about data (SQLSTATE class 22).</summary>
    private static bool IsOutage(Exception cause) =>
        cause is NpgsqlException or TimeoutException && cause is not PostgresException { SqlState: ['2', '2', ..] };
}

/// <summary>A row that a rule has found.</summary>
internal sealed record FaultyRow(string Owner, long? Seq, string Detail) : IRow<FaultyRow>
{
    public static FaultyRow Read(NpgsqlDataReader row) =>
        new(
            row.IsDBNull(0) ? ReadableRows.Nobody : row.GetString(0),
            row.IsDBNull(1) ? null : row.GetInt64(1),
            row.IsDBNull(2) ? "something is missing" : row.GetString(2)
        );

    public BookFault Of(string rule) => new(rule, Owner, Seq, Detail);
}
