using Mana.Platform;

namespace Mana.Specs.Platform;

public sealed class Keeping_things_in_memory
{
    private const int Max = 1000;

    private readonly Kept<int, string> _kept = new(Max);

    [Fact]
    public void What_fits_stays_however_often_all_of_it_is_asked_for_in_turn()
    {
        Fill(0, Max);

        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(Max, Enumerable.Range(0, Max).Count(key => _kept.TryGet(key, out _)));
        }
    }

    [Fact]
    public void It_never_holds_more_than_it_may()
    {
        Fill(0, 10 * Max);

        Assert.Equal(Max, Enumerable.Range(0, 10 * Max).Count(key => _kept.TryGet(key, out _)));
    }

    [Fact]
    public void What_is_asked_for_stays_while_what_nobody_asks_for_goes()
    {
        Fill(0, 10);
        foreach (var key in Enumerable.Range(10, 3 * Max))
        {
            _kept.Set(key, "passing");
            Assert.All(Enumerable.Range(0, 10), wanted => Assert.True(_kept.TryGet(wanted, out _)));
        }
    }

    [Fact]
    public void What_was_removed_is_gone_and_can_come_back()
    {
        _kept.Set(1, "one");
        _kept.Remove(1);
        Assert.False(_kept.TryGet(1, out _));

        _kept.Set(1, "another");
        Fill(2, Max - 2);

        Assert.True(_kept.TryGet(1, out var value));
        Assert.Equal("another", value);
    }

    [Fact]
    public void Of_many_who_make_the_same_at_once_all_get_the_same()
    {
        var got = new string[64];

        Parallel.For(0, got.Length, index => got[index] = _kept.GetOrAdd(7, () => new string('x', 1)));

        Assert.All(got, one => Assert.Same(got[0], one));
    }

    [Fact]
    public void Many_who_add_and_remove_at_once_leave_it_whole()
    {
        Parallel.For(
            0,
            8,
            thread =>
            {
                var random = new Random(thread);
                for (var step = 0; step < 20_000; step++)
                {
                    var key = random.Next(2 * Max);
                    if (random.Next(4) == 0)
                    {
                        _kept.Remove(key);
                    }
                    else
                    {
                        _kept.Set(key, "value");
                    }
                }
            }
        );

        Assert.InRange(Enumerable.Range(0, 2 * Max).Count(key => _kept.TryGet(key, out _)), Max / 4, Max + 8);
    }

    private void Fill(int first, int count)
    {
        foreach (var key in Enumerable.Range(first, count))
        {
            _kept.Set(key, "value");
        }
    }
}
