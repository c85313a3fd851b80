using Mana.Specs.World;

namespace Mana.Specs.Faults;

/// <summary>
/// D4, rulings 5 and 30, SES-07, REF-06: from one second after a revocation was acknowledged nothing of it is accepted, by either instance,
/// whatever happens to their ears or their time.
/// </summary>
[Trait("Category", "Faults")]
public sealed class Revoking_on_two_instances(TwoInstances world) : IClassFixture<TwoInstances>
{
    /// <summary>A listener whose line came back tries again after two seconds at the latest.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(Measure.IsFull ? 6 : 3);

    private static readonly TimeSpan BetweenEnds = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(Measure.IsFull ? 30 : 3);

    private readonly Probes _probes = new(world);

    [Fact]
    public async Task Nothing_is_accepted_a_second_after_the_acknowledgement()
    {
        var people = await _probes.Gather();

        await _probes.RevokeAndProbe(people);

        _probes.Tell("undisturbed");
        Assert.Equal(0, _probes.Unanswered);
    }

    [Fact]
    public async Task Nothing_is_accepted_while_the_listening_connections_are_ended_again_and_again_nor_afterwards()
    {
        var people = await _probes.Gather();
        using var enough = new CancellationTokenSource();
        var ending = EndEars(enough.Token);

        await _probes.RevokeAndProbe(people);
        await enough.CancelAsync();
        var ended = await ending;
        await _probes.Probe(people);
        await Task.Delay(Recovery);
        await _probes.Probe(people);

        _probes.Tell("listeners ended");
        Assert.True(ended >= 2, "no listener was ended");
        Assert.Equal(0, _probes.Unanswered);
    }

    [Fact]
    public async Task Nothing_is_accepted_while_the_listening_connections_are_silent_without_an_end_nor_afterwards()
    {
        var people = await _probes.Gather();

        world.Ears.ToList().ForEach(ear => ear.Set(Line.Blackhole));
        try
        {
            await _probes.RevokeAndProbe(people);
        }
        finally
        {
            world.Ears.ToList().ForEach(ear => ear.Set(Line.Pass));
        }

        await _probes.Probe(people);
        await Task.Delay(Recovery);
        await _probes.Probe(people);

        _probes.Tell("listeners silent");
        Assert.Equal(0, _probes.Unanswered);
    }

    /// <summary>Probes are sent to it while it is stopped, too: they are the first it finds when it goes on.</summary>
    [Fact]
    public async Task Nothing_is_accepted_by_an_instance_that_was_stopped_meanwhile()
    {
        var people = await _probes.Gather();

        await world.Servers[1].Pause();
        Task probing;
        try
        {
            probing = _probes.RevokeAndProbe(people);
            await Task.Delay(Pause);
        }
        finally
        {
            await world.Servers[1].Resume();
        }

        await probing;
        await _probes.Probe(people);
        await Task.Delay(Recovery);
        await _probes.Probe(people);

        _probes.Tell("one instance stopped");
    }

    private async Task<long> EndEars(CancellationToken enough)
    {
        var ended = 0L;
        while (!enough.IsCancellationRequested)
        {
            ended += await world.EndEars();
            await Task.Delay(BetweenEnds, CancellationToken.None);
        }

        return ended;
    }
}
