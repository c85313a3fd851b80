using FsCheck;
using FsCheck.Fluent;

namespace Mana.Specs.Ledger.Plain;

/// <summary>What can be done to the ledger.</summary>
public enum Deed
{
    Use,
    UseTogether,
    Refund,
    Grant,
    GrantLot,
    Reserve,
    Commit,
    Release,
    Sweep,
    Read,
    ReadPast,
    GiveGift,
    TakeGift,
    CancelGift,
    Fund,
    Deduct,
    Allocate,
    TakeBack,
    Wait,
}

/// <summary>
/// One step. Its numbers are made to fit what is there when it is taken, so any step may be left out of a failing walk and the others still
/// mean something.
/// </summary>
/// <param name="Pick">Which of what has been made so far; also minutes, and other small choices.</param>
/// <param name="Key">Below <see cref="Keys"/> a key that may have been used before; otherwise none.</param>
public sealed record Step(Deed Deed, int Who, int Other, int Amount, int Pick, int Key)
{
    public const int People = 3;

    public const int Pools = 2;

    private const int Keys = 12;

    private const int LengthMax = 400;

    public string? IdempotencyKey => Key < Keys ? $"k{Key}" : null;

    /// <summary>The walk of a seed; a shorter one is the beginning of a longer one, so a seed means the same in every measure.</summary>
    public static Step[] Walk(ulong seed, int length) =>
        [.. Any.ArrayOf(LengthMax).Sample(1, new Rnd(seed), LengthMax).Single().Take(length)];

    public override string ToString() => $"{Deed} who {Who} other {Other} amount {Amount} pick {Pick} key {IdempotencyKey ?? "none"}";

    private static Gen<Step> Any =>
        from deed in Gen.Frequency(
            (14, Gen.Constant(Deed.Use)),
            (2, Gen.Constant(Deed.UseTogether)),
            (8, Gen.Constant(Deed.Refund)),
            (6, Gen.Constant(Deed.Grant)),
            (8, Gen.Constant(Deed.GrantLot)),
            (8, Gen.Constant(Deed.Reserve)),
            (7, Gen.Constant(Deed.Commit)),
            (4, Gen.Constant(Deed.Release)),
            (4, Gen.Constant(Deed.Sweep)),
            (5, Gen.Constant(Deed.Read)),
            (4, Gen.Constant(Deed.ReadPast)),
            (6, Gen.Constant(Deed.GiveGift)),
            (6, Gen.Constant(Deed.TakeGift)),
            (3, Gen.Constant(Deed.CancelGift)),
            (4, Gen.Constant(Deed.Fund)),
            (2, Gen.Constant(Deed.Deduct)),
            (6, Gen.Constant(Deed.Allocate)),
            (3, Gen.Constant(Deed.TakeBack)),
            (8, Gen.Constant(Deed.Wait))
        )
        from who in Gen.Choose(0, People - 1)
        from other in Gen.Choose(0, People - 1)
        from amount in Gen.Choose(1, 90)
        from pick in Gen.Choose(0, 999)
        from key in Gen.Choose(0, 30)
        select new Step(deed, who, other, key < Keys && pick % 2 == 0 ? 5 : amount, pick, key); // same terms under a key come often
}
