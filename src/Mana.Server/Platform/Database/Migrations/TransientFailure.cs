using System.Net.Sockets;
using Npgsql;

namespace Mana.Platform.Database.Migrations;

/// <summary>Tells failures that pass by themselves (a server that starts, restarts or is full) from those that stay.</summary>
public static class TransientFailure
{
    /// <summary>True for a refused, lost or timed out connection, an unknown name, and a server that is not ready or has no slot.</summary>
    public static bool Is(Exception problem) =>
        problem switch
        {
            PostgresException said => IsTransient(said.SqlState),
            SocketException or TimeoutException or IOException => true,
            NpgsqlException { InnerException: { } inner } => Is(inner),
            _ => false,
        };

    /// <summary>The cause in a few words, without addresses of any credential.</summary>
    public static string Reason(Exception problem) =>
        problem switch
        {
            PostgresException said => $"{said.SqlState}: {said.MessageText}",
            NpgsqlException { InnerException: { } inner } => Reason(inner),
            _ => problem.Message,
        };

    private static bool IsTransient(string sqlState) =>
        sqlState.StartsWith("08", StringComparison.Ordinal) // connection exceptions
        || sqlState
            is PostgresErrorCodes.CannotConnectNow
                or PostgresErrorCodes.TooManyConnections
                or PostgresErrorCodes.AdminShutdown
                or PostgresErrorCodes.CrashShutdown;
}
