using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Mana.Platform.Database;

/// <summary>Somebody who wants to hear what other instances committed.</summary>
public interface IFeedReader
{
    /// <summary>One change, in the order of commits. What takes longer than a moment is only noted, and done by <see cref="Settle"/>.</summary>
    void Apply(string change);

    /// <summary>Finishes what the changes so far asked for; memory is not trusted any further before it has.</summary>
    Task Settle(CancellationToken cancel);

    /// <summary>The feed was broken and is listening again: read everything that may have been missed, drop what was derived before.</summary>
    Task Recover(CancellationToken cancel);
}

/// <summary>
/// Listens to what other instances commit (<c>LISTEN mana_feed</c>) and knows how old its knowledge is. Four times a second it sends itself
/// a beat through the database; notifications arrive in the order of commits, so a beat that came back proves that everything committed
/// before it was sent has been heard. A beat older than three quarters of a second means: do not trust memory, ask the database.
/// </summary>
public sealed class Feed(DatabaseSettings settings, IEnumerable<IFeedReader> readers, TimeProvider clock, ILogger<Feed> logger)
    : BackgroundService
{
    private const string Channel = "mana_feed";

    /// <summary>Instead of a change whose name is longer than a notification may be.</summary>
    private const string SomethingLong = "*";

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Trust = TimeSpan.FromMilliseconds(750);

    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(2);

    private readonly IFeedReader[] _readers = [.. readers];

    private readonly string _beatChannel = "mana_beat_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    private long _currentAsOf;

    private long _heard;

    private bool _mustRecover;

    private Exception? _unreadable;

    private TimeSpan _pause = PauseMin;

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
                await Task.Delay(_pause, CancellationToken.None);
                _pause = _pause * 2 < PauseMax ? _pause * 2 : PauseMax;
            }
        }
    }

    private async Task Listen(CancellationToken cancel)
    {
        (_heard, _unreadable) = (0, null);
        await using var connection = new NpgsqlConnection(DataSources.Listener(settings));
        connection.Notification += (_, notification) => Receive(notification);
        await connection.OpenAsync(cancel);
        await using (var listen = new NpgsqlCommand($"listen {Channel}; listen {_beatChannel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancel);
        }

        await RefusePooler(connection, cancel);

        // Listening first, reading second: whatever commits between the two is heard.
        await Recover(cancel);
        FeedLog.Listening(logger);
        while (true)
        {
            var sent = clock.GetTimestamp();
            await Send(connection, sent, cancel);
            await Settle(cancel);
            await Hear(connection, sent, cancel);
        }
    }

    /// <summary>
    /// A pooler lends a connection of PostgreSQL for one transaction. The beat would find its way through it now and then, on whichever
    /// connection listened before, while changes announced in between are heard by nobody. It gives itself away: the number it gave the
    /// client for its backend is one of its own.
    /// </summary>
    private static async Task RefusePooler(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var asking = new NpgsqlCommand("select pg_backend_pid()", connection);
        if (await asking.ExecuteScalarAsync(cancel) is not int backend || backend != connection.ProcessID)
        {
            throw new ListeningThroughPoolerException();
        }
    }

    /// <summary>Until the next beat is due. Each change wakes it, and none of them makes it send a beat of its own.</summary>
    private async Task Hear(NpgsqlConnection connection, long sent, CancellationToken cancel)
    {
        var shortest = TimeSpan.FromMilliseconds(1); // the driver takes less for no limit at all
        for (var left = Beat; left >= shortest; left = Beat - clock.GetElapsedTime(sent))
        {
            await connection.WaitAsync(left, cancel);
            await Settle(cancel);
        }
    }

    private async Task Settle(CancellationToken cancel)
    {
        if (_unreadable is not null)
        {
            throw new InvalidOperationException("A change could not be applied.", _unreadable);
        }

        var heard = _heard;
        if (_mustRecover)
        {
            await Recover(cancel);
        }

        foreach (var reader in _readers)
        {
            await reader.Settle(cancel);
        }

        if (heard != 0)
        {
            Interlocked.Exchange(ref _currentAsOf, heard);
            _pause = PauseMin;
        }
    }

    private async Task Recover(CancellationToken cancel)
    {
        _mustRecover = false;
        foreach (var reader in _readers)
        {
            await reader.Recover(cancel);
        }
    }

    private void Receive(NpgsqlNotificationEventArgs notification)
    {
        try
        {
            if (notification.Channel == _beatChannel)
            {
                _heard = long.Parse(notification.Payload, CultureInfo.InvariantCulture);
                return;
            }

            _mustRecover |= notification.Payload == SomethingLong;
            foreach (var reader in _readers)
            {
                reader.Apply(notification.Payload);
            }
        }
        catch (Exception cause)
        {
            // The driver would log it and go on, and a change would be lost while the feed is trusted.
            _unreadable = cause;
        }
    }

    private async Task Send(NpgsqlConnection connection, long sent, CancellationToken cancel)
    {
        await using var beat = new NpgsqlCommand("select pg_notify($1, $2)", connection);
        beat.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _beatChannel });
        beat.Parameters.Add(new NpgsqlParameter<string> { TypedValue = sent.ToString(CultureInfo.InvariantCulture) });
        await beat.ExecuteNonQueryAsync(cancel);
    }
}

/// <summary>The address the feed listens at leads to a pooler, and not to PostgreSQL itself.</summary>
public sealed class ListeningThroughPoolerException() : Exception("LISTEN_DATABASE_URL does not lead to PostgreSQL directly.");

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
