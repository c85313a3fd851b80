using System.Security.Cryptography;
using Npgsql;

namespace Mana.Platform.Database;

/// <summary>Somebody who wants to hear what other instances committed.</summary>
public interface IFeedReader
{
    /// <summary>One change, in the order of commits.</summary>
    void Apply(string change);

    /// <summary>The feed was broken and is listening again: read everything that may have been missed, drop what was derived before.</summary>
    Task Recover(CancellationToken cancel);
}

/// <summary>
/// Listens to what other instances commit (<c>LISTEN mana_feed</c>) and knows how old its knowledge is. Four times a second it sends itself
/// a beat through the database; notifications arrive in the order of commits, so a beat that came back proves that everything committed
/// before it was sent has been applied. A beat older than three quarters of a second means: do not trust memory, ask the database.
/// </summary>
public sealed class Feed(DatabaseSettings settings, IFeedReader reader, TimeProvider clock, ILogger<Feed> logger) : BackgroundService
{
    private const string Channel = "mana_feed";

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Trust = TimeSpan.FromMilliseconds(750);

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(200);

    private readonly string _beatChannel = "mana_beat_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    private long _currentAsOf;

    private bool _isBeatBack;

    /// <summary>
    /// True while everything that was committed three quarters of a second ago has been applied. Measured by the monotonic clock, which goes
    /// on while the process is paused.
    /// </summary>
    public bool IsTrusted
    {
        get
        {
            var asOf = Interlocked.Read(ref _currentAsOf);

            return asOf != 0 && clock.GetElapsedTime(asOf) <= Trust;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Listen(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception cause)
            {
                FeedLog.Broken(logger, cause.GetType().Name);
                await Task.Delay(PauseAfterFailure, CancellationToken.None);
            }
        }
    }

    private async Task Listen(CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(DataSources.Listener(settings));
        connection.Notification += (_, notification) => Receive(notification);
        await connection.OpenAsync(cancel);
        await Execute(connection, $"listen {Channel}; listen {_beatChannel}", cancel);

        // Listening first, reading second: whatever commits between the two is heard.
        await reader.Recover(cancel);
        FeedLog.Listening(logger);
        while (true)
        {
            var sent = clock.GetTimestamp();
            _isBeatBack = false;
            await Execute(connection, $"notify {_beatChannel}", cancel);
            if (_isBeatBack)
            {
                Interlocked.Exchange(ref _currentAsOf, sent);
            }

            await connection.WaitAsync(Beat, cancel);
        }
    }

    private void Receive(NpgsqlNotificationEventArgs notification)
    {
        if (notification.Channel == Channel)
        {
            reader.Apply(notification.Payload);
        }
        else
        {
            _isBeatBack = true;
        }
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}

internal static partial class FeedLog
{
    [LoggerMessage(EventId = 300, Level = LogLevel.Information, Message = "Listening to what other instances change")]
    public static partial void Listening(ILogger logger);

    [LoggerMessage(
        EventId = 301,
        Level = LogLevel.Warning,
        Message = "The feed is broken ({Cause}); checks ask the database until it is back"
    )]
    public static partial void Broken(ILogger logger, string cause);
}
