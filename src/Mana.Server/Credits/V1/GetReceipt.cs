using Mana.Ledger;
using Mana.Ledger.Proofs;
using Mana.Platform.Http;

namespace Mana.Credits.V1;

public static class GetReceipt
{
    /// <summary>
    /// Proves that a transaction of the caller stands in the sealed books; checked offline with <c>mana-server verify-receipt</c>, or by
    /// anybody who reads docs/reference/proofs.md. Answers 409 <c>RECEIPT_PENDING</c> when it has no seal after a second; ask again then.
    /// </summary>
    public static async Task<Answer<Receipt>> Handle(Caller caller, string id, ReadReceipt receipts, CancellationToken cancel) =>
        Guid.TryParse(id, out var transactionId)
            ? await receipts.Run(new OwnerId(caller.UserId.Value), transactionId, cancel)
            : Refusals.TransactionNotFound;
}
