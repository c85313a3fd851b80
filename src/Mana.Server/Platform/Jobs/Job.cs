using System.Text.Json;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Npgsql;

namespace Mana.Platform.Jobs;

/// <summary>
/// Work that happens after the commit that asked for it. A job must be safe to run twice: a crash between its effect and the end of its
/// row runs it again.
/// </summary>
/// <param name="Kind">Which runner takes it; registered in <c>App.cs</c>.</param>
/// <param name="Payload">JSON; no secrets.</param>
/// <param name="Sealed">A secret the run needs, sealed; erased with the row, or when the job is parked.</param>
public sealed record Job(Guid Id, string Kind, string Payload, string? Sealed, UserId? UserId, int Attempts) : IRow<Job>
{
    public static Job Read(NpgsqlDataReader row) =>
        new(
            row.GetGuid(0),
            row.GetString(1),
            row.GetString(2),
            row.IsDBNull(3) ? null : row.GetString(3),
            row.IsDBNull(4) ? null : new UserId(row.GetString(4)),
            row.GetInt32(5)
        );

    /// <summary>A job that has not run yet.</summary>
    public static Job New(string kind, object payload, UserId? userId, DateTimeOffset now) =>
        new(Ids.Uuid(now), kind, Serialize(payload), Sealed: null, userId, Attempts: 0);

    public static string Serialize(object payload) => JsonSerializer.Serialize(payload, WireJson.Options);

    public TPayload PayloadAs<TPayload>() => JsonSerializer.Deserialize<TPayload>(Payload, WireJson.Options)!;

    /// <summary>The row, for the caller's own transaction. That is the outbox.</summary>
    public Sql Insert(DateTimeOffset now) =>
        $"""
            insert into jobs.jobs (id, kind, payload, sealed, user_id, run_at, created_at)
            values ({Id}, {Kind}, {new Json(Payload)}, {Sealed}, {UserId?.Value}, {now}, {now})
            """;
}

/// <summary>Runs the jobs of one kind.</summary>
public interface IJobRunner
{
    string Kind { get; }

    Task Run(Job job, CancellationToken cancel);
}
