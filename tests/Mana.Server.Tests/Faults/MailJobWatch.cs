using System.Collections.Concurrent;
using Mana.Specs.World;

namespace Mana.Specs.Faults;

/// <summary>The moments between the answer to a sign-up and the end of its mail job.</summary>
public enum MailJobMoment
{
    Answered_and_the_job_not_taken,
    Taken_and_the_lease_not_committed,
    Leased_and_nothing_sent,
    Accepted_by_the_mail_server_and_the_job_not_deleted,
    Deleted_and_not_committed,
    Deleted_and_committed,
}

/// <summary>Holds the worker at one moment of one person's mail job, but not before that person has their answer.</summary>
public sealed class MailJobWatch(string email, MailJobMoment moment, Task acknowledged)
{
    private readonly ConcurrentDictionary<int, bool> _taking = new();

    private readonly ConcurrentDictionary<int, bool> _deleting = new();

    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Reached => _reached.Task;

    public async Task<Fate> Inspect(PostgresMessage message, CancellationToken cancel)
    {
        var (takes, deletes) = (message.FlightRuns("update jobs.jobs set leased_until"), message.FlightRuns("delete from jobs.jobs"));
        if (message is { IsRequest: false, Type: 'D' } && message.Mentions(email))
        {
            _taking[message.Connection] = true;
        }

        if (deletes)
        {
            _deleting[message.Connection] = true;
        }

        var (isTaking, isDeleting) = (_taking.ContainsKey(message.Connection), _deleting.ContainsKey(message.Connection));
        var isNow = moment switch
        {
            MailJobMoment.Answered_and_the_job_not_taken => takes,
            MailJobMoment.Taken_and_the_lease_not_committed => isTaking && message.IsCommit,
            MailJobMoment.Leased_and_nothing_sent => isTaking && message.IsCommitted,
            MailJobMoment.Accepted_by_the_mail_server_and_the_job_not_deleted => deletes,
            MailJobMoment.Deleted_and_not_committed => isDeleting && message.IsCommit,
            _ => isDeleting && message.IsCommitted,
        };
        if (isNow)
        {
            await acknowledged.WaitAsync(cancel);
            _reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancel);
        }

        if (message.IsCommitted)
        {
            _taking.TryRemove(message.Connection, out _); // the connection goes back to the pool
        }

        return Fate.Forward;
    }
}
