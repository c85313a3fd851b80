using Mana.Platform.Http;

namespace Mana.Sessions.BetterAuth;

public static class PostUpdateSession
{
    /// <summary>What a session has and nobody sets by hand: an organisation is made active by its own endpoint.</summary>
    private const string Fixed = "activeOrganizationId";

    /// <param name="TriesFixed">The body sets the fixed member to something a script would take for true.</param>
    public sealed record Request(bool TriesFixed) : IBody<Request>
    {
        public static Surface Surface => Surface.BetterAuth;

        public static string Kind => "record";

        public static Request Parse(Fields fields) => new(fields.IsTruthy(Fixed));
    }

    /// <summary>
    /// Takes the fields an integrator has declared for sessions. There are none in the configuration we equal, so nothing can be updated, and
    /// the two refusals of the wire are all it says (wire section 7.14).
    /// </summary>
    public static Answer<BetterAuthStatus> Handle(Request request) =>
        request.TriesFixed
            ? Refusals.FieldNotAllowed with
            {
                BetterAuth = new("FIELD_NOT_ALLOWED", $"{Fixed} is not allowed to be set"),
            }
            : Refusals.NoFieldsToUpdate;
}
