namespace Mana.Platform.Database.Migrations;

/// <summary>One statement of a migration, without the semicolon and the comments before it.</summary>
/// <param name="Line">The line of the file its first word stands on, from 1.</param>
/// <param name="Text">The statement as written.</param>
public sealed record SqlStatement(int Line, string Text)
{
    /// <summary>The first words in lower case, as many as the statement has up to <paramref name="count"/>.</summary>
    public IReadOnlyList<string> FirstWords(int count) =>
        [.. Text.Split(WhiteSpace, count + 1, StringSplitOptions.RemoveEmptyEntries).Take(count).Select(word => word.ToLowerInvariant())];

    /// <summary>True for what only the runner may say: beginning and ending transactions, and dropping the session's lock.</summary>
    public bool IsOfTheRunner =>
        FirstWords(2) switch
        {
            ["begin" or "start" or "commit" or "end" or "abort" or "discard", ..] => true,
            ["rollback", "to"] => false,
            ["rollback", ..] => true,
            ["prepare", "transaction"] => true,
            _ => false,
        };

    private static readonly char[] WhiteSpace = [' ', '\t', '\n', '\r', '\f'];
}
