using System.Text.Json;
using System.Text.Json.Serialization;
using Mana.Ledger.Proofs;
using Mana.Platform.Http;

namespace Mana.Operations;

/// <summary>
/// <c>verify-receipt</c>: checks a receipt with public keys alone, without a database and without us. Exit code 0, 1, or 2 when it was not
/// understood.
/// </summary>
public static class VerifyReceiptCommand
{
    private const string Usage = """
        verify-receipt FILE --keys FILE
          FILE     a receipt, as /api/v1/credits/transactions/{id}/receipt answers it
          --keys   the seal keys you trust, as /api/v1/credits/seal-keys answers them
        """;

    /// <summary>The longest receipt has 8,192 hashes and the texts of one row.</summary>
    private const int BytesMax = 16 * 1024 * 1024;

    /// <summary>What one reader takes for a receipt and another for none, or for another one, is none.</summary>
    private static readonly JsonSerializerOptions Strict = new(WireJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        PropertyNameCaseInsensitive = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static async Task<int> Run(string[] arguments, TextWriter output, CancellationToken cancel)
    {
        if (arguments is not [var path, "--keys", var keyPath] || await KeyFile.Read(keyPath, cancel) is not { } keys || !File.Exists(path))
        {
            return await OperatorCommand.Misunderstood(output, Usage);
        }

        if (await Read(path, cancel) is not { } receipt)
        {
            await output.WriteLineAsync("The file is not a receipt.");
            return OperatorCommand.Wrong;
        }

        if (VerifyReceipt.Problem(receipt, keys) is { } problem)
        {
            await output.WriteLineAsync($"The receipt does not hold: {problem}.");
            return OperatorCommand.Wrong;
        }

        await output.WriteLineAsync(
            $"The receipt holds: transaction {receipt.Row.Id}, position {receipt.Row.Seq}, {receipt.Row.Amount} credits, "
                + $"is covered by seal {receipt.Seal.Number}, signed by key {receipt.Seal.KeyId}."
        );
        return OperatorCommand.Done;
    }

    private static async Task<Receipt?> Read(string path, CancellationToken cancel)
    {
        try
        {
            return new FileInfo(path).Length > BytesMax
                ? null
                : JsonSerializer.Deserialize<Receipt>(await File.ReadAllTextAsync(path, cancel), Strict);
        }
        catch (Exception wrong) when (wrong is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
