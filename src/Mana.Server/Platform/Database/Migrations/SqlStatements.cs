namespace Mana.Platform.Database.Migrations;

/// <summary>
/// Splits the text of a migration at the semicolons that end statements: those outside strings, quoted names, dollar quotes, comments,
/// parentheses and the <c>begin atomic … end</c> bodies of functions. Follows the lexical rules of PostgreSQL ("SQL Syntax", section 4.1)
/// with <c>standard_conforming_strings</c> on.
/// </summary>
public sealed class SqlStatements
{
    /// <summary>The statements of <paramref name="sql"/> in their order; empty ones are left out.</summary>
    /// <exception cref="FormatException">A string, a quoted name, a dollar quote, a comment or a parenthesis is never closed.</exception>
    public static IReadOnlyList<SqlStatement> In(string sql)
    {
        var splitter = new SqlStatements(sql);
        while (splitter.at < sql.Length)
        {
            splitter.Step();
        }

        splitter.End();
        return splitter.statements;
    }

    private readonly string sql;
    private readonly List<SqlStatement> statements = [];
    private readonly List<string> words = [];
    private int at;
    private int start = NotStarted;
    private int parentheses;
    private int bodies;

    private const int NotStarted = -1;

    /// <summary>"create or replace function" are four words; later ones say nothing about the kind of statement.</summary>
    private const int TellingWords = 4;

    private SqlStatements(string sql) => this.sql = sql;

    private void Step()
    {
        var (here, next) = (sql[at], at + 1 < sql.Length ? sql[at + 1] : '\0');
        if (char.IsWhiteSpace(here))
        {
            at++;
            return;
        }

        switch (here, next)
        {
            case ('-', '-'):
                at = EndOf(sql.IndexOf('\n', at));
                return;
            case ('/', '*'):
                SkipComment();
                return;
            case (';', _) when parentheses == 0 && bodies == 0:
                Finish();
                at++;
                return;
        }

        start = start == NotStarted ? at : start;
        switch (here)
        {
            case '\'':
                SkipQuoted('\'', hasBackslashes: false);
                break;
            case '"':
                SkipQuoted('"', hasBackslashes: false);
                break;
            case '$':
                SkipDollar();
                break;
            case '(' or '[':
                parentheses++;
                at++;
                break;
            case ')' or ']':
                parentheses = Math.Max(0, parentheses - 1);
                at++;
                break;
            case var letter when IsWordPart(letter):
                ReadWord();
                break;
            default:
                at++;
                break;
        }
    }

    private void End()
    {
        if (parentheses > 0 || bodies > 0)
        {
            throw Unclosed(start, parentheses > 0 ? "a parenthesis" : "a function body");
        }

        Finish();
    }

    private void Finish()
    {
        if (start != NotStarted)
        {
            statements.Add(new(LineOf(start), sql[start..at].TrimEnd()));
        }

        (start, parentheses, bodies) = (NotStarted, 0, 0);
        words.Clear();
    }

    private void SkipComment()
    {
        // Comments of PostgreSQL nest, unlike those of the SQL standard.
        var (opened, depth) = (at, 0);
        do
        {
            if (at + 1 >= sql.Length)
            {
                throw Unclosed(opened, "a comment");
            }

            var step = (sql[at], sql[at + 1]) switch
            {
                ('/', '*') => 1,
                ('*', '/') => -1,
                _ => 0,
            };
            depth += step;
            at += step == 0 ? 1 : 2;
        } while (depth > 0);
    }

    private void SkipQuoted(char quote, bool hasBackslashes)
    {
        var opened = at++;
        while (at < sql.Length)
        {
            if (hasBackslashes && sql[at] == '\\')
            {
                at += 2;
            }
            else if (sql[at] != quote)
            {
                at++;
            }
            else if (at + 1 < sql.Length && sql[at + 1] == quote)
            {
                at += 2;
            }
            else
            {
                at++;
                SkipContinuation(quote, hasBackslashes);
                return;
            }
        }

        throw Unclosed(opened, quote == '"' ? "a quoted name" : "a string");
    }

    private void SkipContinuation(char quote, bool hasBackslashes)
    {
        // A string goes on behind a line break (4.1.2.1); only for E'…' does it matter, because the rest has backslashes too.
        var next = at;
        while (next < sql.Length && char.IsWhiteSpace(sql[next]))
        {
            next++;
        }

        if (hasBackslashes && next < sql.Length && sql[next] == quote && sql.IndexOf('\n', at, next - at) >= 0)
        {
            at = next;
            SkipQuoted(quote, hasBackslashes);
        }
    }

    private void SkipDollar()
    {
        var end = at + 1;
        while (end < sql.Length && sql[end] != '$' && IsWordPart(sql[end]))
        {
            end++;
        }

        if (end >= sql.Length || sql[end] != '$' || char.IsAsciiDigit(sql[at + 1]))
        {
            at++;
            return;
        }

        var tag = sql[at..(end + 1)];
        var close = sql.IndexOf(tag, end + 1, StringComparison.Ordinal);
        at = close < 0 ? throw Unclosed(at, $"the dollar quote {tag}") : close + tag.Length;
    }

    private void ReadWord()
    {
        var from = at;
        while (at < sql.Length && IsWordPart(sql[at]))
        {
            at++;
        }

        var word = sql[from..at].ToLowerInvariant();
        if (word == "e" && at < sql.Length && sql[at] == '\'')
        {
            SkipQuoted('\'', hasBackslashes: true);
            return;
        }

        if (words.Count < TellingWords)
        {
            words.Add(word);
        }

        if (
            parentheses == 0
            && words is ["create", "function" or "procedure", ..] or ["create", "or", "replace", "function" or "procedure"]
        )
        {
            bodies += word switch
            {
                "begin" => 1,
                "case" when bodies > 0 => 1,
                "end" when bodies > 0 => -1,
                _ => 0,
            };
        }
    }

    private static bool IsWordPart(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '$' or > '\u007f';

    private int EndOf(int found) => found < 0 ? sql.Length : found;

    private int LineOf(int position) => sql.AsSpan(0, position).Count('\n') + 1;

    private FormatException Unclosed(int position, string what) => new($"line {LineOf(position)}: {what} is never closed");
}
