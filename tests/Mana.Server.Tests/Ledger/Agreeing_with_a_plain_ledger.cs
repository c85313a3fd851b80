using System.Collections.Concurrent;
using System.Globalization;
using Mana.Specs.Faults;
using Mana.Specs.Ledger.Plain;

namespace Mana.Specs.Ledger;

/// <summary>
/// Random deeds over all verbs of the ledger, on a real database, against a reference ledger that moves credits one at a time. After every deed
/// the answer and every balance, total and count of positions is compared; after every walk I1 to I7 are recomputed from the rows. Each walk
/// is taken by one caller, only <see cref="Deed.UseTogether"/> asks several times at once: how callers race is shown by specs of their own.
/// Commits do not wait for the disk here, and there is no HTTP. <c>MANA_WALK_SEED</c> takes the walk of that seed alone, as a failure says it.
/// </summary>
[Trait("Category", "Faults")]
public sealed class Agreeing_with_a_plain_ledger
{
    private const int AtOnce = 4;

    private static readonly int Walks = Measure.IsFull ? 1_000 : 50;

    private static readonly int Length = Measure.IsFull ? 210 : 400;

    /// <summary>Refusals the walks must have met, so that they are known to have been about something.</summary>
    private static readonly string[] Met =
    [
        "INSUFFICIENT_CREDITS",
        "IDEMPOTENCY_KEY_MISMATCH",
        "REFUND_EXCEEDS_CHARGE",
        "RESERVATION_ENDED",
        "COMMIT_EXCEEDS_RESERVATION",
        "GIFT_ENDED",
        "OWN_GIFT",
        "TAKES_BACK_TOO_MUCH",
        "NOT_FOUND",
        "again",
    ];

    private readonly ConcurrentDictionary<(Deed Deed, string Said), int> _answers = new();

    [Fact]
    public async Task Whatever_is_done_both_ledgers_say_the_same_and_every_invariant_holds()
    {
        var given = Environment.GetEnvironmentVariable("MANA_WALK_SEED");
        var seeds = given is null
            ? new ConcurrentQueue<ulong>(Enumerable.Range(0, Walks).Select(number => (ulong)(uint)Measure.Seed * 1_000_003 + (ulong)number))
            : new ConcurrentQueue<ulong>([ulong.Parse(given, CultureInfo.InvariantCulture)]);
        var (wrong, steps) = (new ConcurrentQueue<string>(), 0);

        await Task.WhenAll(
            Enumerable
                .Range(0, AtOnce)
                .Select(async _ =>
                {
                    await using var real = await RealLedger.Open();
                    while (wrong.IsEmpty && seeds.TryDequeue(out var seed))
                    {
                        var walk = Step.Walk(seed, Length);
                        if (await Difference(real, walk) is { } difference)
                        {
                            wrong.Enqueue(await Told(real, seed, walk, difference));
                        }

                        Interlocked.Add(ref steps, walk.Length);
                    }
                })
        );

        Measure.Tell($"{steps} deeds in {(given is null ? Walks : 1)} walks agreed with the plain ledger");
        Measure.Tell(
            $"{string.Join(", ", _answers.OrderByDescending(each => each.Value).Select(each => $"{each.Key.Deed} {each.Key.Said} {each.Value}"))}"
        );
        Assert.True(wrong.IsEmpty, string.Join(Environment.NewLine, wrong));
        if (given is null)
        {
            Assert.Empty(Met.Except(_answers.Keys.Select(each => each.Said)));
            Assert.All(
                Enum.GetValues<Deed>().Where(deed => deed != Deed.ReadPast),
                deed => Assert.True(_answers.ContainsKey((deed, "ok")), $"{deed}")
            );
        }
    }

    private async Task<string?> Difference(RealLedger real, IReadOnlyList<Step> steps)
    {
        var walk = new Walk(real);
        if (await walk.Take(steps) is { } difference)
        {
            return difference;
        }

        walk.Answers.ForEach(answer => _answers.AddOrUpdate(answer, 1, (_, count) => count + 1));
        if (await walk.End() is { } late)
        {
            return $"after everything expired, {late}";
        }

        var broken = await Invariants.Broken(real, walk.Acknowledged);
        var faults = await real.Faults();

        return broken.Count + faults.Count == 0 ? null : string.Join("; ", broken.Concat(faults.Select(fault => fault.ToString())));
    }

    /// <summary>The failure with the fewest steps that still fail, and how to see it again.</summary>
    private async Task<string> Told(RealLedger real, ulong seed, Step[] walk, string difference)
    {
        const int triesMax = 300;
        var (left, said, tries) = (walk.ToList(), difference, 0);
        for (var size = left.Count / 2; size > 0; size /= 2)
        {
            for (var from = 0; from + size <= left.Count && tries < triesMax; )
            {
                var fewer = left.Take(from).Concat(left.Skip(from + size)).ToList();
                tries++;
                if (await Difference(real, fewer) is { } still)
                {
                    (left, said) = (fewer, still);
                }
                else
                {
                    from += size;
                }
            }
        }

        return $"MANA_WALK_SEED={seed} takes this walk again: {difference}{Environment.NewLine}of {walk.Length} steps these are enough: {said}"
            + string.Concat(left.Select(step => Environment.NewLine + "  " + step));
    }
}
