using System.Collections.Concurrent;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Jobs;

namespace Mana.Sessions;

/// <summary>
/// Writes down when sessions were last used by their secret. Answers from memory note nothing; a session in use is read from the database
/// every few minutes (<see cref="SessionCache.AgeMax"/>), and what was read is noted here and written by recurring work, many in one statement.
/// </summary>
public sealed class RecordActivity(Db db, TimeProvider clock)
{
    /// <summary>
    /// More are not noted until these are written, and their sessions look unused for a little longer than they are: neither memory nor the
    /// database should notice that anybody keeps book here.
    /// </summary>
    private const int NotedMax = 20_000;

    private static readonly Scope Recording = Scope.Service("write down when sessions were used");

    private readonly ConcurrentDictionary<string, DateTimeOffset> _noted = new(StringComparer.Ordinal);

    private int _count;

    public void Note(SessionId id)
    {
        if (Volatile.Read(ref _count) < NotedMax && _noted.TryAdd(id.Value, clock.Now()))
        {
            Interlocked.Increment(ref _count);
        }
    }

    /// <returns>How many were taken from the notes; at most one batch.</returns>
    public async Task<int> Run(CancellationToken cancel)
    {
        var (ids, times) = Take();
        if (ids.Length > 0)
        {
            // One that somebody works with is passed over: whoever has its lock is about to write a later time, or its end.
            await db.Run(
                Recording,
                $"""
                update auth.sessions s
                set last_activity_at = used.at
                from unnest({ids}, {times}) as used (id, at)
                where s.id = used.id and s.last_activity_at < used.at and s.id = any (array(
                    select id from auth.sessions where id = any ({ids}) and revoked_at is null order by id for update skip locked))
                """,
                cancel
            );
        }

        return ids.Length;
    }

    private (string[] Ids, DateTimeOffset[] Times) Take()
    {
        var (ids, times) = (new List<string>(), new List<DateTimeOffset>());
        foreach (var (id, _) in _noted)
        {
            if (ids.Count < Recurring.BatchMax && _noted.TryRemove(id, out var at))
            {
                Interlocked.Decrement(ref _count);
                ids.Add(id);
                times.Add(at);
            }

            if (ids.Count == Recurring.BatchMax)
            {
                break;
            }
        }

        return ([.. ids], [.. times]);
    }
}
