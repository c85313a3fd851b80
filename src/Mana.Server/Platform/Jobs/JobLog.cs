namespace Mana.Platform.Jobs;

/// <summary>Causes are named by their type only: the text of a mail error carries the recipient.</summary>
internal static partial class JobLog
{
    [LoggerMessage(
        EventId = 200,
        Level = LogLevel.Warning,
        Message = "Job {JobId} of kind {Kind} failed in attempt {Attempt} with {Cause} and is tried again"
    )]
    public static partial void Retried(ILogger logger, Guid jobId, string kind, int attempt, string cause);

    [LoggerMessage(
        EventId = 201,
        Level = LogLevel.Error,
        Message = "Job {JobId} of kind {Kind} failed {Attempt} times, last with {Cause}, and is parked"
    )]
    public static partial void Parked(ILogger logger, Guid jobId, string kind, int attempt, string cause);

    [LoggerMessage(EventId = 202, Level = LogLevel.Warning, Message = "The job queue cannot be reached: {Kind}")]
    public static partial void Unreachable(ILogger logger, string kind);

    [LoggerMessage(EventId = 203, Level = LogLevel.Warning, Message = "Recurring work {Name} failed and is tried again at its next turn")]
    public static partial void NotSwept(ILogger logger, string name, Exception cause);
}
