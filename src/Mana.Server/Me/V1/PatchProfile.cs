using Mana.Platform.Http;

namespace Mana.Me.V1;

public static class PatchProfile
{
    private const int NameLengthMax = 80;

    public sealed record Request(ProfileChange Change) : IBody<Request>
    {
        public static Request Parse(Fields fields) =>
            new(new ProfileChange(fields.OptionalText("name")?.Trim(), fields.Has("image"), Pictures.Parse(fields)));
    }

    public sealed record Response(string Name, string? Image);

    /// <summary>Changes the caller's name (1 to 80 characters without surrounding blanks) and picture (null removes it).</summary>
    public static async Task<Answer<Response>> Handle(
        Request request,
        Caller caller,
        UpdateProfile update,
        Requester requester,
        CancellationToken cancel
    )
    {
        if (request.Change.Name is { Length: 0 or > NameLengthMax })
        {
            return Refusals.NameLength;
        }

        var outcome = await update.Run(caller.UserId, request.Change, requester, cancel);

        return outcome.Then(user => new Response(user.Name, user.Image));
    }
}
