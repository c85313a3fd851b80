using System.Buffers;

namespace Mana.Platform.Http;

/// <summary>The bytes of a request body, counted as they arrive: the length a client announces may be missing or a lie.</summary>
public static class BodyBytes
{
    /// <summary>The documented limit of every body, JSON and forms alike (D8).</summary>
    public const int Max = 100 * 1024;

    public static async ValueTask<Outcome<byte[]>> Read(HttpContext http)
    {
        if (http.Request.ContentLength > Max)
        {
            return Refusals.PayloadTooLarge;
        }

        if (http.Request.Headers.ContentEncoding.Count > 0)
        {
            return Refusals.UnsupportedEncoding;
        }

        var reader = http.Request.BodyReader;
        while (true)
        {
            // What came in one piece with its head is there already.
            if (!reader.TryRead(out var result))
            {
                result = await reader.ReadAsync(http.RequestAborted);
            }

            var buffer = result.Buffer;
            if (buffer.Length > Max)
            {
                reader.AdvanceTo(buffer.End);
                return Refusals.PayloadTooLarge;
            }

            if (result.IsCompleted)
            {
                var bytes = buffer.ToArray();
                reader.AdvanceTo(buffer.End);
                return bytes;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }
}
