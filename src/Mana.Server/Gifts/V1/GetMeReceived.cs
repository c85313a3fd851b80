using Mana.Platform.Database;
using Mana.Platform.Http;

namespace Mana.Gifts.V1;

public static class GetMeReceived
{
    // The gift itself is the giver's row, so the service looks on the caller's behalf.
    private static readonly Scope Showing = Scope.Service("show somebody the gifts they took");

    /// <summary>
    /// The gifts the caller took, newest first. <c>limit</c> 1 to 200; <c>before</c>, the <c>giftId</c> of the last row seen, asks for the next.
    /// </summary>
    public static async Task<Answer<List<Redemption>>> Handle(HttpRequest request, Caller caller, Db db, CancellationToken cancel)
    {
        var asked = new Asked(request.Query);
        var (limit, before) = (asked.Limit(), asked.Id("before"));
        if (asked.Wrong is { } wrong)
        {
            return wrong;
        }

        return await db.All<Redemption>(Showing, Redemption.Of(caller.UserId, before, limit), cancel);
    }
}
