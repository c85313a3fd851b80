using System.Buffers.Binary;
using System.Text;

namespace Mana.Specs.World;

/// <summary>One message of PostgreSQL's wire protocol 3.0, with what a spec wants to know about it.</summary>
/// <param name="Connection">Number of the connection it travels on.</param>
/// <param name="IsRequest">From the client; otherwise from the database.</param>
/// <param name="Type">The first byte.</param>
/// <param name="Bytes">All of it, type and length included.</param>
/// <param name="Sql">Of a request: the statement it belongs to, also when only a prepared name is sent.</param>
public sealed record PostgresMessage(int Connection, bool IsRequest, char Type, byte[] Bytes, string Sql)
{
    /// <summary>What is sent in one go up to Sync, this message among it. Empty for answers.</summary>
    public IReadOnlyList<PostgresMessage> Flight { get; set; } = [];

    public string Name => (IsRequest ? Requests : Answers).GetValueOrDefault(Type) ?? Type.ToString();

    /// <summary>COMMIT going out.</summary>
    public bool IsCommit => IsRequest && Type == 'Q' && Sql.StartsWith("COMMIT", StringComparison.Ordinal);

    /// <summary>The yes to COMMIT coming back: from here on the effect is durable and nobody has heard of it.</summary>
    public bool IsCommitted => !IsRequest && Type == 'C' && Mentions("COMMIT\0");

    public bool Mentions(string text) => Bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    /// <summary>True when the flight has a statement that contains the text.</summary>
    public bool FlightRuns(string sql) => Flight.Any(message => message.Sql.Contains(sql, StringComparison.Ordinal));

    /// <summary>True when the flight carries the text anywhere, as a parameter for instance.</summary>
    public bool FlightMentions(string text) => Flight.Any(message => message.Mentions(text));

    /// <summary>For people: <c>&gt; Execute insert into auth.users</c>, <c>&lt; CommandComplete COMMIT</c>.</summary>
    public string Label => $"{(IsRequest ? '>' : '<')} {Name} {(IsRequest ? FirstWords(Sql) : Tag)}".TrimEnd();

    private string Tag =>
        Type == 'C' ? Encoding.UTF8.GetString(Bytes.AsSpan(5)).TrimEnd('\0')
        : Type == 'Z' ? $"{(char)Bytes[5]}"
        : "";

    private static readonly Dictionary<char, string> Requests = new()
    {
        ['B'] = "Bind",
        ['C'] = "Close",
        ['D'] = "Describe",
        ['E'] = "Execute",
        ['P'] = "Parse",
        ['Q'] = "Query",
        ['S'] = "Sync",
        ['X'] = "Terminate",
        ['p'] = "Password",
    };

    private static readonly Dictionary<char, string> Answers = new()
    {
        ['1'] = "ParseComplete",
        ['2'] = "BindComplete",
        ['3'] = "CloseComplete",
        ['C'] = "CommandComplete",
        ['D'] = "DataRow",
        ['E'] = "ErrorResponse",
        ['n'] = "NoData",
        ['T'] = "RowDescription",
        ['t'] = "ParameterDescription",
        ['Z'] = "ReadyForQuery",
    };

    private static string FirstWords(string sql)
    {
        const int words = 3;
        return string.Join(' ', sql.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(words));
    }
}

/// <summary>Cuts one direction of a connection into messages.</summary>
public sealed class PostgresMessages(Stream stream, int connection, bool isRequest)
{
    private const int LengthMax = 64 * 1024 * 1024;

    private readonly Dictionary<string, string> _statements = new(StringComparer.Ordinal);

    private string _current = "";

    /// <summary>The next message, or null when the sender has closed.</summary>
    public async Task<PostgresMessage?> Next(CancellationToken cancel)
    {
        var head = new byte[5];
        if (await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancel) < head.Length)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1));
        Assert.InRange(length, 4, LengthMax);
        var bytes = new byte[1 + length];
        head.CopyTo(bytes, 0);
        await stream.ReadExactlyAsync(bytes.AsMemory(head.Length), cancel);
        var type = (char)bytes[0];

        return new PostgresMessage(connection, isRequest, type, bytes, isRequest ? Statement(type, bytes.AsSpan(5)) : "");
    }

    /// <summary>A message of the start-up phase, which has no type byte; null when the sender has closed.</summary>
    public static async Task<(int Code, byte[] Bytes)?> Opening(Stream stream, CancellationToken cancel)
    {
        const int openingMax = 10_000;
        var head = new byte[8];
        if (await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancel) < head.Length)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(head);
        Assert.InRange(length, head.Length, openingMax);
        var bytes = new byte[length];
        head.CopyTo(bytes, 0);
        await stream.ReadExactlyAsync(bytes.AsMemory(head.Length), cancel);

        return (BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(4)), bytes);
    }

    /// <summary>Follows Parse, Bind and Describe, so that Execute is known by its text (protocol, section 55.2.3).</summary>
    private string Statement(char type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case 'Q':
                return Text(ref body);
            case 'P':
                var name = Text(ref body);
                _current = _statements[name] = Text(ref body);
                break;
            case 'B':
                _ = Text(ref body); // the portal
                _current = _statements.GetValueOrDefault(Text(ref body), "");
                break;
            case 'D' when body[0] == 'S':
                body = body[1..];
                _current = _statements.GetValueOrDefault(Text(ref body), "");
                break;
            case 'S' or 'X' or 'p':
                return "";
        }

        return _current;
    }

    private static string Text(ref ReadOnlySpan<byte> body)
    {
        var end = body.IndexOf((byte)0);
        var text = Encoding.UTF8.GetString(body[..end]);
        body = body[(end + 1)..];

        return text;
    }
}
