using Mana.Ledger;

namespace Mana.Credits;

/// <summary>
/// Spendings of owners whose row somebody else holds. They wait beside the group, those of one owner together, in the order they came and on
/// one connection; so that one busy account delays nobody else.
/// </summary>
/// <param name="turns">One for each connection that may wait at once.</param>
/// <param name="requestsMax">How many may wait; beyond it the answer is <see cref="Refusals.Busy"/>.</param>
/// <param name="post">Waits for the row and answers all of one owner; false when who came later has waited too long as well.</param>
public sealed class WaitingSpendings(SemaphoreSlim turns, int requestsMax, Func<List<SpendRequest>, Task<bool>> post)
{
    private const int BatchMax = 128;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<OwnerId, List<SpendRequest>> _waiting = []; // guarded by itself

    private int _count;

    /// <summary>Behind others of the same owner who are waiting already; who came later must not be decided earlier.</summary>
    /// <returns>False when nobody is.</returns>
    public bool TryJoin(SpendRequest request)
    {
        lock (_waiting)
        {
            return _waiting.TryGetValue(request.Owner, out var others) && Queue(others, request);
        }
    }

    public void Add(SpendRequest request)
    {
        lock (_waiting)
        {
            if (_waiting.TryGetValue(request.Owner, out var others))
            {
                Queue(others, request);
                return;
            }

            _waiting[request.Owner] = others = [];
            Queue(others, request);
        }

        _ = Serve(request.Owner);
    }

    private bool Queue(List<SpendRequest> others, SpendRequest request)
    {
        if (_count >= requestsMax)
        {
            request.Say(Refusals.Busy);
        }
        else
        {
            others.Add(request);
            _count++;
        }

        return true;
    }

    /// <summary>After each batch it is the turn of another owner, if one is waiting.</summary>
    private async Task Serve(OwnerId owner)
    {
        while (HasMore(owner))
        {
            var isInTime = await turns.WaitAsync(Patience);
            if (isInTime)
            {
                try
                {
                    isInTime = await post(Next(owner));
                }
                finally
                {
                    turns.Release();
                }
            }

            if (!isInTime)
            {
                SendAway(owner);
                return;
            }
        }
    }

    private bool HasMore(OwnerId owner)
    {
        lock (_waiting)
        {
            return _waiting[owner].Count > 0 || !_waiting.Remove(owner);
        }
    }

    private List<SpendRequest> Next(OwnerId owner)
    {
        lock (_waiting)
        {
            var all = _waiting[owner];
            var next = all.GetRange(0, Math.Min(all.Count, BatchMax));
            all.RemoveRange(0, next.Count);
            _count -= next.Count;

            return next;
        }
    }

    /// <summary>Nothing has happened to them, and they are told so.</summary>
    private void SendAway(OwnerId owner)
    {
        lock (_waiting)
        {
            _waiting.Remove(owner, out var left);
            _count -= left!.Count;
            left.ForEach(request => request.Say(Refusals.Busy));
        }
    }
}
