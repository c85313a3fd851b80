using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Mana.Protocols.Sodium;

namespace Mana.Operations;

/// <summary>Public seal keys in a file: a JSON Web Key Set as <c>/api/v1/credits/seal-keys</c> answers it, or one such key.</summary>
public static class KeyFile
{
    /// <returns>Public keys by their ids; null when the file is not there or is something else.</returns>
    public static async Task<IReadOnlyDictionary<string, byte[]>?> Read(string path, CancellationToken cancel)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(await File.ReadAllTextAsync(path, cancel));
            var root = document.RootElement;
            var keys = root.TryGetProperty("keys", out var all) ? all.EnumerateArray().ToArray() : [root];

            return keys.ToDictionary(
                key => key.GetProperty("kid").GetString()!,
                key =>
                    Base64Url.DecodeFromUtf8(Encoding.UTF8.GetBytes(key.GetProperty("x").GetString()!))
                        is { Length: Ed25519.PublicKeyLength } x
                        ? x
                        : throw new FormatException("an Ed25519 key has 32 bytes"),
                StringComparer.Ordinal
            );
        }
        catch (Exception wrong)
            when (wrong
                    is JsonException
                        or FormatException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or ArgumentException // an id is missing or comes twice
                        or IOException
                        or UnauthorizedAccessException
            )
        {
            return null;
        }
    }
}
