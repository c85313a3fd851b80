using Mana.Platform.Database;

namespace Mana.Ledger.Proofs;

/// <summary>What belongs to the rows of a page besides the rows, found by owner and position.</summary>
internal sealed class PageContents
{
    private readonly ILookup<(string, long), Transfer> _transfers;

    private readonly ILookup<(string, long), LotTerms> _lots;

    private readonly ILookup<(string, long), PlacedHold> _holds;

    private readonly Dictionary<string, OwnChain> _chains;

    private PageContents(List<OwnChain> chains, List<PlacedTransfer> transfers, List<PlacedLot> lots, List<PlacedHold> holds)
    {
        // An owner with two accounts is another rule's.
        _chains = chains
            .DistinctBy(chain => chain.Owner, StringComparer.Ordinal)
            .ToDictionary(chain => chain.Owner, StringComparer.Ordinal);
        _transfers = transfers.ToLookup(each => (each.Owner, each.Seq), each => each.Transfer);
        _lots = lots.ToLookup(each => (each.Owner, Lot.SeqOf(each.Lot.Id)), each => each.Lot);
        _holds = holds.ToLookup(each => (each.Owner, each.Seq));
    }

    /// <summary>Of all rows behind one place and up to another.</summary>
    /// <param name="without">Owners whose rows are passed over.</param>
    public static async Task<PageContents> Load(Tx tx, (string Owner, long Seq) behind, (string Owner, long Seq) to, string[] without)
    {
        var (chains, transfers, lots, holds) = await tx.All<OwnChain, PlacedTransfer, PlacedLot, PlacedHold>(
            OwnChain.Between(behind.Owner, to.Owner, without),
            PlacedTransfer.Between(behind.Owner, behind.Seq, to.Owner, to.Seq, without),
            PlacedLot.Between(behind.Owner, behind.Seq, to.Owner, to.Seq, without),
            PlacedHold.Between(behind.Owner, behind.Seq, to.Owner, to.Seq, without)
        );

        return new PageContents(chains, transfers, lots, holds);
    }

    /// <returns>Null when there is no such account, or it was on a page before.</returns>
    public OwnChain? ChainOf(string owner) => _chains.GetValueOrDefault(owner);

    public RowContent Of(HashedRow row)
    {
        var place = (row.Row.Owner.Value, row.Row.Seq);

        return new RowContent(
            row.Row,
            row.Reverses,
            [.. _transfers[place]],
            [.. _lots[place]],
            _holds[place].FirstOrDefault(hold => hold.EndedAs is null)?.Terms,
            _holds[place].FirstOrDefault(hold => hold.EndedAs is not null)?.End,
            row.TextDigest
        );
    }
}
