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
/// is no timer, so an idle system waits for nobody. Owners whose row somebody else holds leave the group and wait on their own
/// (<see cref="WaitingSpendings"/>).
/// </summary>
public sealed class SpendQueue : BackgroundService
{
    private const int BatchMax = 128;

    /// <summary>Connections that may wait for somebody's row at once; less than the pool, so that others find one.</summary>
    private const int WaitersMax = 4;

    private static readonly Scope Spending = Scope.Service("spend credits");

    private readonly Db _db;

    private readonly SpendBatch _batch;

    private readonly Channel<SpendRequest> _queue;

    private readonly SemaphoreSlim _turns = new(WaitersMax);

    private readonly WaitingSpendings _waiting;

    public SpendQueue(Db db, SpendBatch batch, CreditSettings settings)
    {
        (_db, _batch) = (db, batch);
        _queue = Channel.CreateBounded<SpendRequest>(
            new BoundedChannelOptions(settings.QueueMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait }
        );
        _waiting = new WaitingSpendings(_turns, settings.QueueMax, Wait);
    }

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
        group.RemoveAll(_waiting.TryJoin);
        if (group.Count == 0)
        {
            return;
        }

        try
        {
            var answered = await _db.Transact<SpendBatch.Answers>(Spending, tx => _batch.Run(tx, group), CancellationToken.None);
            Say(answered.Value);
            answered.Value.Locked.ForEach(_waiting.Add);
        }
        catch (Exception poisoned) when (group.Count > 1 && IsPoison(poisoned))
        {
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

    /// <summary>Requests of one owner whose row was held.</summary>
    /// <returns>False when the row was not to be had in time.</returns>
    private async Task<bool> Wait(List<SpendRequest> requests)
    {
        try
        {
            var answered = await _db.Transact<SpendBatch.Answers>(Spending, tx => _batch.RunWaiting(tx, requests), CancellationToken.None);
            Say(answered.Value);

            return true;
        }
        catch (Exception poisoned) when (requests.Count > 1 && IsPoison(poisoned))
        {
            foreach (var request in requests)
            {
                await Wait([request]);
            }

            return true;
        }
        catch (Exception cause)
        {
            requests.ForEach(request => request.Fail(cause));

            return IsPoison(cause);
        }
    }

    private static void Say(SpendBatch.Answers answers)
    {
        foreach (var (request, outcome) in answers.Said)
        {
            request.Say(outcome);
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

    /// <summary>
    /// One request carries something the database cannot keep, or one owner's books are broken. The transaction is rolled back, and everybody
    /// is asked again alone, so that only that one fails.
    /// </summary>
    private static bool IsPoison(Exception cause) =>
        cause is BrokenInvariantException or PostgresException { SqlState: ['2', '2' or '3', ..] };

    private static bool IsLate(Exception? cause) => cause is not null && (cause is TimeoutException || IsLate(cause.InnerException));
}
