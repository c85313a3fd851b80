namespace Mana.Ledger.Proofs;

/// <summary>
/// Keeps the heads of seals outside the database, so that a tail that was cut off there is noticed (<c>check-books --head</c>): every head in
/// the file of <c>SEAL_LOG</c>, and in the log of the service the newest at most every ten seconds, because a head stands for all before it.
/// </summary>
public sealed class HeadLog(CreditSettings settings, TimeProvider clock, ILogger<HeadLog> logger)
{
    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(10);

    private long? _loggedAt;

    public async Task Append(StoredSeal seal)
    {
        if (settings.SealLog is { } path)
        {
            try
            {
                await File.AppendAllTextAsync(path, seal.HeadLine() + "\n", CancellationToken.None);
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
            {
                SealLog.NotKept(logger, seal.Seal.Number, cause);
            }
        }

        if (_loggedAt is not { } loggedAt || clock.GetElapsedTime(loggedAt) >= LogEvery)
        {
            _loggedAt = clock.GetTimestamp();
            SealLog.Sealed(logger, seal.HeadLine());
        }
    }
}

internal static partial class SealLog
{
    [LoggerMessage(EventId = 410, Level = LogLevel.Information, Message = "The books are sealed: {Head}")]
    public static partial void Sealed(ILogger logger, string head);

    [LoggerMessage(EventId = 411, Level = LogLevel.Warning, Message = "The head of seal {Number} could not be written to SEAL_LOG")]
    public static partial void NotKept(ILogger logger, long number, Exception cause);
}
