using System.Globalization;
using Npgsql;

namespace Mana.Platform.Database;

/// <summary>
/// Reads the address of a database as the environment gives it: <c>postgresql://user:password@host:port/database?sslmode=require</c>
/// with percent-encoded parts, or a plain Npgsql connection string.
/// </summary>
public static class PostgresUrl
{
    /// <summary>
    /// The Npgsql connection string for an address. Several hosts may stand separated by commas, as in libpq.
    /// </summary>
    /// <exception cref="FormatException">The address cannot be read; the message never repeats any part of its value.</exception>
    public static string ToConnectionString(string url)
    {
        if (Schemes.FirstOrDefault(scheme => url.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) is { } scheme)
        {
            return FromUrl(url[scheme.Length..]);
        }

        // A password in a plain connection string may well contain "://"; only a scheme at the very start is a foreign address.
        var colon = url.IndexOf("://", StringComparison.Ordinal);
        if (colon > 0 && url.AsSpan(0, colon).IndexOfAnyExcept(SchemeLetters) < 0)
        {
            throw new FormatException("a database address starts with postgresql:// or is an Npgsql connection string");
        }

        return FromConnectionString(url);
    }

    private static readonly string[] Schemes = ["postgresql://", "postgres://"];

    private static readonly System.Buffers.SearchValues<char> SchemeLetters = System.Buffers.SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-"
    );

    private static string FromUrl(string rest)
    {
        // The credentials end at the last @ before the first slash, so that an unescaped @ in a password still reads as its writer meant.
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var at = (slash < 0 ? rest : rest[..slash]).LastIndexOf('@');
        var credentials = at < 0 ? "" : rest[..at];
        var (beforeQuery, query) = Cut(rest[(at + 1)..], '?');
        var (hosts, database) = Cut(beforeQuery, '/');
        var (user, password) = Cut(credentials, ':');

        var builder = new NpgsqlConnectionStringBuilder();
        Place(builder, hosts);
        Set(builder, "Username", user, "the user name");
        Set(builder, "Password", password, "the password");
        Set(builder, "Database", database, "the database name");
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Cut(pair, '=');
            SetParameter(builder, Decoded(name, "a parameter name"), value);
        }

        if (string.IsNullOrEmpty(builder.Host))
        {
            throw new FormatException("the database address names no host");
        }

        return builder.ConnectionString;
    }

    private static string FromConnectionString(string text)
    {
        var builder = new NpgsqlConnectionStringBuilder();
        if (!Accepts(() => builder.ConnectionString = text))
        {
            throw new FormatException("the database address is neither a postgresql:// address nor a readable Npgsql connection string");
        }

        return string.IsNullOrEmpty(builder.Host)
            ? throw new FormatException("the database address names no host")
            : builder.ConnectionString;
    }

    /// <summary>The driver's own message may quote a piece of a password that holds a semicolon, so it is not even kept as a cause.</summary>
    private static bool Accepts(Action setting)
    {
        try
        {
            setting();
            return true;
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidCastException or FormatException or OverflowException)
        {
            return false;
        }
    }

    private static void Place(NpgsqlConnectionStringBuilder builder, string hosts)
    {
        var places = hosts.Split(',').Select(HostAndPort).ToArray();
        if (places is [var (host, port)])
        {
            Set(builder, "Host", host, "the host");
            if (port.Length > 0)
            {
                builder.Port = Port(port);
            }

            return;
        }

        builder.Host = string.Join(
            ',',
            places.Select(place =>
                place.Port.Length == 0 ? place.Host : string.Create(CultureInfo.InvariantCulture, $"{place.Host}:{Port(place.Port)}")
            )
        );
    }

    private static (string Host, string Port) HostAndPort(string place)
    {
        if (!place.StartsWith('['))
        {
            return Cut(place, ':');
        }

        var (inside, after) = Cut(place[1..], ']');
        return (inside, after.TrimStart(':'));
    }

    private static int Port(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? port
            : throw new FormatException("the port of the database address is not a number from 1 to 65535");

    private static void SetParameter(NpgsqlConnectionStringBuilder builder, string name, string value)
    {
        switch (name)
        {
            case "sslmode":
                builder.SslMode = TlsMode(value);
                break;
            case "port":
                builder.Port = Port(value);
                break;
            default:
                var key =
                    Parameters.GetValueOrDefault(name)
                    ?? throw new FormatException($"the database address has an unknown parameter '{name}'");
                Set(builder, key, value, $"the parameter '{name}'");
                break;
        }
    }

    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["host"] = "Host",
        ["user"] = "Username",
        ["password"] = "Password",
        ["dbname"] = "Database",
        ["application_name"] = "Application Name",
        ["connect_timeout"] = "Timeout",
        ["options"] = "Options",
        ["channel_binding"] = "Channel Binding",
        ["target_session_attrs"] = "Target Session Attributes",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
    };

    private static SslMode TlsMode(string value) =>
        value switch
        {
            "disable" => SslMode.Disable,
            "allow" => SslMode.Allow,
            "prefer" => SslMode.Prefer,
            "require" => SslMode.Require,
            "verify-ca" => SslMode.VerifyCA,
            "verify-full" => SslMode.VerifyFull,
            _ => throw new FormatException("sslmode is one of disable, allow, prefer, require, verify-ca, verify-full"),
        };

    private static void Set(NpgsqlConnectionStringBuilder builder, string key, string encoded, string what)
    {
        if (encoded.Length == 0)
        {
            return;
        }

        var value = Decoded(encoded, what);
        if (!Accepts(() => builder[key] = value))
        {
            throw new FormatException($"{what} of the database address cannot be used");
        }
    }

    /// <summary>Percent-decoding; a plus sign stays a plus sign, as in libpq.</summary>
    private static string Decoded(string encoded, string what)
    {
        for (var at = encoded.IndexOf('%', StringComparison.Ordinal); at >= 0; at = encoded.IndexOf('%', at + 1))
        {
            if (at + 2 >= encoded.Length || !char.IsAsciiHexDigit(encoded[at + 1]) || !char.IsAsciiHexDigit(encoded[at + 2]))
            {
                throw new FormatException($"{what} holds a percent sign that is not followed by two hexadecimal digits; write %25");
            }
        }

        var decoded = Uri.UnescapeDataString(encoded);
        return decoded.Contains('\0', StringComparison.Ordinal) ? throw new FormatException($"{what} holds a zero byte") : decoded;
    }

    private static (string Before, string After) Cut(string text, char mark)
    {
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        return at < 0 ? (text, "") : (text[..at], text[(at + 1)..]);
    }
}
