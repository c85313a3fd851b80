using System.Collections.Concurrent;
using Mana.Specs.World;

namespace Mana.Specs.Faults;

/// <summary>One sign-up and the message boundary it is held at; without one it passes and its boundaries are kept.</summary>
public sealed class WatchedSignUp(string email, string? boundary)
{
    private readonly List<string> _passed = [];

    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Email { get; } = email;

    public string? Boundary { get; } = boundary;

    /// <summary>Done when the sign-up stands at its boundary.</summary>
    public Task Reached => _reached.Task;

    /// <summary>All boundaries in the order they were met.</summary>
    public IReadOnlyList<string> Passed
    {
        get
        {
            lock (_passed)
            {
                return [.. _passed];
            }
        }
    }

    /// <summary>A transaction begins; also when a busy server refused the first attempt.</summary>
    public void Begin()
    {
        lock (_passed)
        {
            _passed.Clear();
        }
    }

    /// <returns>True when the message may not pass.</returns>
    public bool Meets(PostgresMessage message)
    {
        string met;
        lock (_passed)
        {
            var label = message.Label;
            var earlier = _passed.Count(passed => passed.StartsWith(label + " #", StringComparison.Ordinal));
            met = $"{label} #{earlier + 1}";
            _passed.Add(met);
        }

        if (met != Boundary)
        {
            return false;
        }

        _reached.TrySetResult();
        return true;
    }
}

/// <summary>
/// Recognises the transactions of several sign-ups by the address in their first flight and holds each at its own boundary, so that one
/// kill hits them all exactly there.
/// </summary>
public sealed class SignUpWatch(IReadOnlyList<WatchedSignUp> signUps)
{
    private readonly ConcurrentDictionary<int, WatchedSignUp> _underWay = new();

    public async Task<Fate> Inspect(PostgresMessage message, CancellationToken cancel)
    {
        if (message.IsRequest && message.Flight[0] == message && message.FlightRuns("insert into auth.users"))
        {
            var begun = signUps.Single(signUp => message.FlightMentions(signUp.Email));
            begun.Begin();
            _underWay[message.Connection] = begun;
        }

        // The worker stands still as well: what the killed sign-ups promised is all left to the next start.
        if (message.FlightRuns("update jobs.jobs set leased_until"))
        {
            await Task.Delay(Timeout.Infinite, cancel);
        }

        if (!_underWay.TryGetValue(message.Connection, out var signUp))
        {
            return Fate.Forward;
        }

        if (signUp.Meets(message))
        {
            await Task.Delay(Timeout.Infinite, cancel);
        }

        if (message is { IsRequest: false, Type: 'Z' } && message.Label.EndsWith('I'))
        {
            _underWay.TryRemove(message.Connection, out _);
        }

        return Fate.Forward;
    }
}
