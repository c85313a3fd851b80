using Mana.Passwords;

namespace Mana.Specs.Passwords;

/// <summary>The lane of slow hashes, which has an end as everything has.</summary>
public sealed class Waiting_for_a_hash
{
    [Fact]
    public async Task Whoever_still_waits_when_the_service_stops_is_sent_away()
    {
        using var release = new ManualResetEventSlim();
        using var lane = new HashingLane(new PasswordSettings(8, 8_192, 1, QueueMax: 64, RefusesCommon: null));
        var running = new CountdownEvent(Math.Max(1, Environment.ProcessorCount - 1));
        var hashes = Enumerable.Range(0, running.InitialCount).Select(_ => lane.Run(Hash, CancellationToken.None)).ToArray();
        Assert.True(running.Wait(TimeSpan.FromSeconds(10), CancellationToken.None));
        var left = lane.Run(() => 2, CancellationToken.None);

        lane.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left.WaitAsync(TimeSpan.FromSeconds(10)));
        release.Set();
        Assert.All(await Task.WhenAll(hashes), hash => Assert.Equal(1, hash.Value));
        running.Dispose();

        int Hash()
        {
            running.Signal();
            release.Wait();
            return 1;
        }
    }
}
