using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;

namespace Mana.Platform.Database;

/// <summary>
/// A statement. Written as an interpolated string whose holes become typed parameters; nothing accepts a plain string, so text from
/// outside cannot become SQL. A spec prepares every statement of the sources against the migrated schema.
/// </summary>
[InterpolatedStringHandler]
public sealed class Sql
{
    private const int HolesMax = 32;

    private static readonly string[] Names = [.. Enumerable.Range(1, HolesMax).Select(number => $"${number}")];

    /// <summary>The text of every statement that ran, so that it is put together once; there are as many as the sources have.</summary>
    private static readonly ConcurrentDictionary<List<string>, string> Texts = new(new SameParts());

    private readonly List<string> _parts;

    private bool _isSent;

    public Sql(int literalLength, int formattedCount)
    {
        _ = literalLength;
        _parts = new List<string>(formattedCount * 2 + 1);
        Parameters = new List<NpgsqlParameter>(formattedCount);
    }

    internal List<NpgsqlParameter> Parameters { get; }

    internal string Text => Texts.GetOrAdd(_parts, static parts => string.Concat(parts));

    public void AppendLiteral(string literal) => _parts.Add(literal);

    public void AppendFormatted(string? value) =>
        Add(new NpgsqlParameter<string?> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text });

    public void AppendFormatted(IWrapped? value) =>
        Add(new NpgsqlParameter<string?> { TypedValue = value?.Value, NpgsqlDbType = NpgsqlDbType.Text });

    public void AppendFormatted(int value) => Add(new NpgsqlParameter<int> { TypedValue = value });

    public void AppendFormatted(long value) => Add(new NpgsqlParameter<long> { TypedValue = value });

    public void AppendFormatted(bool value) => Add(new NpgsqlParameter<bool> { TypedValue = value });

    public void AppendFormatted(Guid value) => Add(new NpgsqlParameter<Guid> { TypedValue = value });

    public void AppendFormatted(DateTimeOffset value) => Add(new NpgsqlParameter<DateTime> { TypedValue = value.UtcDateTime });

    public void AppendFormatted(DateTimeOffset? value) =>
        Add(new NpgsqlParameter { Value = (object?)value?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });

    public void AppendFormatted(byte[]? value) =>
        Add(new NpgsqlParameter<byte[]?> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bytea });

    public void AppendFormatted(string[] value) => Add(new NpgsqlParameter<string[]> { TypedValue = value });

    /// <summary>Texts some of which may be NULL.</summary>
    public void AppendFormatted(Texts value) =>
        Add(new NpgsqlParameter<string?[]> { TypedValue = value.Values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });

    public void AppendFormatted(Guid[] value) => Add(new NpgsqlParameter<Guid[]> { TypedValue = value });

    public void AppendFormatted(DateTimeOffset[] value) =>
        Add(new NpgsqlParameter<DateTime[]> { TypedValue = Array.ConvertAll(value, instant => instant.UtcDateTime) });

    public void AppendFormatted(long[] value) => Add(new NpgsqlParameter<long[]> { TypedValue = value });

    public void AppendFormatted(byte[]?[] value) =>
        Add(new NpgsqlParameter<byte[]?[]> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });

    public void AppendFormatted(Json value) =>
        Add(new NpgsqlParameter<string?> { TypedValue = value.Text, NpgsqlDbType = NpgsqlDbType.Jsonb });

    /// <summary>A statement that is sent again needs parameters of its own: the driver ties each to its first command.</summary>
    internal NpgsqlBatchCommand ToCommand()
    {
        var command = new NpgsqlBatchCommand(Text);
        foreach (var parameter in Parameters)
        {
            command.Parameters.Add(_isSent ? parameter.Clone() : parameter);
        }

        _isSent = true;
        return command;
    }

    private void Add(NpgsqlParameter parameter)
    {
        _parts.Add(Names[Parameters.Count]);
        Parameters.Add(parameter);
    }

    // Literals of a statement are constants, the same objects every time, so nothing has to be compared letter by letter.
    private sealed class SameParts : IEqualityComparer<List<string>>
    {
        public bool Equals(List<string>? x, List<string>? y)
        {
            if (x is null || y is null || x.Count != y.Count)
            {
                return false;
            }

            for (var at = 0; at < x.Count; at++)
            {
                if (!ReferenceEquals(x[at], y[at]))
                {
                    return false;
                }
            }

            return true;
        }

        public int GetHashCode(List<string> obj)
        {
            var hash = default(HashCode);
            foreach (var part in obj)
            {
                hash.Add(RuntimeHelpers.GetHashCode(part));
            }

            return hash.ToHashCode();
        }
    }
}

/// <summary>JSON text for a <c>jsonb</c> column; null stores NULL.</summary>
public readonly record struct Json(string? Text);

/// <summary>An array of texts that may be NULL, for <c>unnest</c>.</summary>
public readonly record struct Texts(string?[] Values);
