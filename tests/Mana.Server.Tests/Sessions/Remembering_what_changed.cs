using Mana.Sessions;

namespace Mana.Specs.Sessions;

public sealed class Remembering_what_changed
{
    private readonly SteppedClock _clock = new();

    [Fact]
    public void A_change_is_forgotten_only_when_nothing_from_before_it_can_be_in_use()
    {
        var changes = new RecentChanges(TimeSpan.FromMinutes(16), subjectsMax: 10, _clock);
        changes.TryAdd("early");
        _clock.Step(TimeSpan.FromMinutes(15));
        changes.TryAdd("late");

        Assert.True(changes.Contains("early"));
        _clock.Step(TimeSpan.FromMinutes(2));
        changes.TryAdd("later");

        Assert.False(changes.Contains("early"));
        Assert.True(changes.Contains("late"));
    }

    [Fact]
    public void What_changes_again_is_remembered_from_the_last_time_on()
    {
        var changes = new RecentChanges(TimeSpan.FromMinutes(16), subjectsMax: 10, _clock);
        changes.TryAdd("alice");
        _clock.Step(TimeSpan.FromMinutes(10));
        changes.TryAdd("alice");
        _clock.Step(TimeSpan.FromMinutes(10));
        changes.TryAdd("bob");

        Assert.True(changes.Contains("alice"));
    }

    [Fact]
    public void Whoever_read_before_a_change_can_tell_and_whoever_read_after_it_is_not_bothered()
    {
        var changes = new RecentChanges(TimeSpan.FromMinutes(16), subjectsMax: 10, _clock);
        var before = changes.Newest;
        changes.TryAdd("alice");
        var after = changes.Newest;

        Assert.True(changes.HasChanged("alice", before));
        Assert.False(changes.HasChanged("alice", after));
        Assert.False(changes.HasChanged("bob", before));
    }

    [Fact]
    public void There_is_room_for_so_many_and_the_one_who_finds_none_is_told()
    {
        var changes = new RecentChanges(TimeSpan.FromMinutes(16), subjectsMax: 2, _clock);

        Assert.True(changes.TryAdd("a"));
        Assert.True(changes.TryAdd("b"));
        Assert.False(changes.TryAdd("c"));
        Assert.True(changes.Contains("a") && changes.Contains("b"));

        _clock.Step(TimeSpan.FromMinutes(17));
        Assert.True(changes.TryAdd("c"));
    }

    [Fact]
    public void Whoever_changes_over_and_over_takes_the_room_of_one()
    {
        var changes = new RecentChanges(TimeSpan.FromMinutes(16), subjectsMax: 2, _clock);
        for (var change = 0; change < 10; change++)
        {
            Assert.True(changes.TryAdd("alice"));
        }

        var before = changes.Newest;
        Assert.True(changes.TryAdd("bob"));
        Assert.True(changes.TryAdd("alice"));

        Assert.True(changes.HasChanged("alice", before));
        Assert.False(changes.TryAdd("carol"));
    }

    private sealed class SteppedClock : TimeProvider
    {
        private long _timestamp = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _timestamp;

        public void Step(TimeSpan by) => _timestamp += by.Ticks;
    }
}
