namespace Mana.Platform.Database.Migrations;

/// <summary>
/// Why a migration could not be done, in words for the operator. The command prints the message as it is and exits with 1,
/// so it never holds a password or a connection string.
/// </summary>
public sealed class MigrationException : Exception
{
    public MigrationException()
        : this("the migration failed") { }

    public MigrationException(string message)
        : base(message) { }

    public MigrationException(string message, Exception innerException)
        : base(message, innerException) { }
}
