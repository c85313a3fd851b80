using Mana.Platform.Database;
using Mana.Platform.Http;

namespace Mana.Gifts.V1;

public static class GetMeCreated
{
    /// <param name="EndedAt">When it was taken, cancelled or noticed to have expired.</param>
    public sealed record Item(
        Guid Id,
        string? Code,
        long Credits,
        string Type,
        string Status,
        string? TargetEmail,
        string? Message,
        DateTimeOffset ExpiresAt,
        DateTimeOffset CreatedAt,
        DateTimeOffset? EndedAt
    );

    /// <summary>
    /// The gifts the caller made, newest first, with their codes. <c>limit</c> 1 to 200; <c>before</c>, the id of the last row seen, asks for the
    /// next. Who took one is not told.
    /// </summary>
    public static async Task<Answer<List<Item>>> Handle(
        HttpRequest request,
        Caller caller,
        GiftCodes codes,
        Db db,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        var asked = new Asked(request.Query);
        var (limit, before) = (asked.Limit(), asked.Id("before"));
        if (asked.Wrong is { } wrong)
        {
            return wrong;
        }

        var gifts = await db.All<Gift>(Scope.User(caller.UserId.Value), Gift.CreatedBy(caller.UserId, before, limit), cancel);

        return gifts.ConvertAll(gift => new Item(
            gift.Id,
            codes.Of(gift.Id, gift.CodeHash),
            gift.Amount,
            gift.Type,
            gift.Status(clock.GetUtcNow()),
            gift.TargetEmail,
            gift.Message,
            gift.ExpiresAt,
            gift.CreatedAt,
            gift.EndedAt
        ));
    }
}
