using System.Threading.Channels;
using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;
using Npgsql;

namespace Mana.Credits;

/// <summary>One spending on its way through the queue.</summary>
public sealed record SpendRequest(OwnerId Owner, Spending Spending, byte[]? Fingerprint)
{
    private readonly TaskCompletionSource<Outcome<Spent>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Outcome<Spent>> Answer => _answer.Task;

    public void Say(Outcome<Spent> outcome) => _answer.TrySetResult(outcome);

    public void Fail(Exception cause) => _answer.TrySetException(cause);
}

/// <summary>
/// Group write (ruling 18c): whatever queued while the last commit was on its way is posted in the next one, each answered for itself. There
/// is no timer, so an idle system waits for nobody. Owners whose row somebody else holds leave the group and wait on their own, so that one
/// busy account delays nobody else.
/// </summary>
public sealed class SpendQueue(Db db, SpendBatch batch, CreditSettings settings) : BackgroundService
{
    private const int BatchMax = 128;

    /// <summary>Connections that may wait for somebody's row at once; less than the pool, so that others find one.</summary>
    private const int WaitersMax = 4;

    private static readonly Scope Spending = Scope.Service("spend credits");

    private readonly Channel<SpendRequest> _queue = Channel.CreateBounded<SpendRequest>(
        new BoundedChannelOptions(settings.QueueMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait }
    );

    private readonly SemaphoreSlim _waiters = new(WaitersMax);

    /// <summary>Waits for the commit; a full queue is <see cref="Refusals.Busy"/>.</summary>
    public async Task<Outcome<Spent>> Post(SpendRequest request) => _queue.Writer.TryWrite(request) ? await request.Answer : Refusals.Busy;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stoppingToken))
            {
                var group = new List<SpendRequest>(BatchMax);
                while (group.Count < BatchMax && _queue.Reader.TryRead(out var request))
                {
                    group.Add(request);
                }

                await Run(group);
            }
        }
        catch (OperationCanceledException)
        {
            SendAway();
        }
    }

    private async Task Run(List<SpendRequest> group)
    {
        try
        {
            var answered = await db.Transact<SpendBatch.Answers>(Spending, tx => batch.Run(tx, group), CancellationToken.None);
            foreach (var (request, outcome) in answered.Value.Said)
            {
                request.Say(outcome);
            }

            foreach (var alone in answered.Value.Locked.GroupBy(request => request.Owner))
            {
                _ = Wait([.. alone]);
            }
        }
        catch (PostgresException poisoned) when (poisoned.SqlState.StartsWith("22", StringComparison.Ordinal) && group.Count > 1)
        {
            // One request carries something the database cannot keep: everybody is asked again alone, and only that one fails.
            foreach (var request in group)
            {
                await Run([request]);
            }
        }
        catch (Exception cause)
        {
            group.ForEach(request => request.Fail(cause));
            if (IsLate(cause))
            {
                SendAway(); // who queued meanwhile has waited almost as long; another attempt would double it
            }
        }
    }

    /// <summary>Nothing has happened to those who are still in the queue, and they are told so.</summary>
    private void SendAway()
    {
        while (_queue.Reader.TryRead(out var left))
        {
            left.Say(Refusals.ServiceUnavailable);
        }
    }

    private static bool IsLate(Exception? cause) => cause is not null && (cause is TimeoutException || IsLate(cause.InnerException));

    /// <summary>Requests of one owner whose row was held: they wait for it together, beside the group.</summary>
    private async Task Wait(List<SpendRequest> requests)
    {
        if (!await _waiters.WaitAsync(TimeSpan.FromSeconds(2)))
        {
            requests.ForEach(request => request.Say(Refusals.Busy));
            return;
        }

        try
        {
            var answered = await db.Transact<SpendBatch.Answers>(Spending, tx => batch.RunWaiting(tx, requests), CancellationToken.None);
            foreach (var (request, outcome) in answered.Value.Said)
            {
                request.Say(outcome);
            }
        }
        catch (Exception cause)
        {
            requests.ForEach(request => request.Fail(cause));
        }
        finally
        {
            _waiters.Release();
        }
    }
}
