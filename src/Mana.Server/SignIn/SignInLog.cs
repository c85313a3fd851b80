namespace Mana.SignIn;

internal static partial class SignInLog
{
    [LoggerMessage(EventId = 400, Level = LogLevel.Warning, Message = "A password was not stored anew after a sign-in: {Kind}")]
    public static partial void NotUpgraded(ILogger logger, string kind);
}
