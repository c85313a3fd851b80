using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ceiling;

/// <summary>Three endpoints on a bare Kestrel: no routing, no middleware, no logging, answers written by hand.</summary>
internal static class Serving
{
    private const int BodyBytesMax = 4096;

    private static readonly byte[] Fixed = "{\"status\":\"ok\",\"service\":\"ceiling\",\"version\":1}"u8.ToArray();

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? writer;

    public static async Task<int> Run(string port, string database)
    {
        if (Environment.ProcessorCount <= 2)
        {
            // As the server chooses for itself (ADR-0019), so that the ceiling stays one.
            Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
            Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1");
        }

        await using var rows = new Rows(database);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture), at => at.Protocols = HttpProtocols.Http1);
        });
        await using var app = builder.Build();
        app.Run(http =>
            http.Request.Path.Value switch
            {
                "/get" => Answer(http, Fixed),
                "/post" => Post(http),
                "/read" => Read(http, rows),
                _ => NotFound(http),
            }
        );
        await app.RunAsync();

        return 0;
    }

    /// <summary>Reads the body from the pipe, finds its token and says how long it is.</summary>
    private static async Task Post(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        ReadResult received;
        while (!(received = await reader.ReadAsync()).IsCompleted && received.Buffer.Length < BodyBytesMax)
        {
            reader.AdvanceTo(received.Buffer.Start, received.Buffer.End);
        }

        var length = TokenLength(received.Buffer);
        reader.AdvanceTo(received.Buffer.End);
        var (bytes, json) = Json();
        json.WriteStartObject();
        json.WriteBoolean("valid"u8, length > 0);
        json.WriteNumber("length"u8, length);
        json.WriteEndObject();
        json.Flush();
        await Answer(http, bytes.WrittenSpan);
    }

    private static int TokenLength(ReadOnlySequence<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("token"u8) && reader.Read())
            {
                return reader.HasValueSequence ? (int)reader.ValueSequence.Length : reader.ValueSpan.Length;
            }
        }

        return 0;
    }

    private static async Task Read(HttpContext http, Rows rows)
    {
        var (free, paid, version) = await rows.Random();
        var (bytes, json) = Json();
        json.WriteStartObject();
        json.WriteNumber("free"u8, free);
        json.WriteNumber("paid"u8, paid);
        json.WriteNumber("version"u8, version);
        json.WriteEndObject();
        json.Flush();
        await Answer(http, bytes.WrittenSpan);
    }

    private static (ArrayBufferWriter<byte> Bytes, Utf8JsonWriter Json) Json()
    {
        buffer ??= new ArrayBufferWriter<byte>(BodyBytesMax);
        buffer.ResetWrittenCount();
        writer ??= new Utf8JsonWriter(buffer);
        writer.Reset(buffer);

        return (buffer, writer);
    }

    private static Task Answer(HttpContext http, ReadOnlySpan<byte> json)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = json.Length;
        http.Response.BodyWriter.Write(json);

        return Task.CompletedTask;
    }

    private static Task NotFound(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
