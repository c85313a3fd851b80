using Mana.Platform.Http;

namespace Mana.Me.V1;

public static class PostProfile
{
    public sealed record Request(ProfileChange Change) : IBody<Request>
    {
        public static Request Parse(Fields fields) =>
            new(new ProfileChange(fields.OptionalText("name", min: 2, max: 100), fields.Has("image"), Pictures.Parse(fields)));
    }

    public sealed record Response(bool Success, ManaUser User);

    /// <summary>Changes the caller's name (2 to 100 characters) and picture (an http or https address; null removes it).</summary>
    public static async Task<Answer<Response>> Handle(
        Request request,
        Caller caller,
        UpdateProfile update,
        Requester requester,
        CancellationToken cancel
    )
    {
        var outcome = await update.Run(caller.UserId, request.Change, requester, cancel);

        return outcome.Then(user => new Response(true, user.ToMana()));
    }
}
