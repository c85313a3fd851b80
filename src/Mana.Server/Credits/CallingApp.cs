using Mana.Platform.Http;

namespace Mana.Credits;

/// <summary>The app another service speaks for: <c>X-App-Id</c>, or <c>unknown</c> (contract 0.3).</summary>
public static class CallingApp
{
    private const string Unknown = "unknown";

    public static string Of(Requester requester) => requester.AppId.Length == 0 ? Unknown : requester.AppId;
}
