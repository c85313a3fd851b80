using Mana.Platform.Database;
using Mana.Platform.Http;

namespace Mana.Gifts.V1;

public static class GetGift
{
    private static readonly Scope Showing = Scope.Service("show a gift to whoever has its code");

    public sealed record Response(long Credits, string Type, string Status, string? Message, string? CreatorName, DateTimeOffset ExpiresAt);

    /// <summary>What a code is worth and how it stands, for whoever has it. For whom it is meant is not told. Groups, blanks and case do not matter.</summary>
    public static async Task<Answer<Response>> Handle(string code, GiftCodes codes, Db db, TimeProvider clock, CancellationToken cancel)
    {
        var gift = await db.Find<Gift>(Showing, Gift.ByCode(codes.Hashes(code)), cancel);

        return gift is null
            ? Refusals.GiftNotFound
            : new Response(gift.Amount, gift.Type, gift.Status(clock.GetUtcNow()), gift.Message, gift.CreatorName, gift.ExpiresAt);
    }
}
