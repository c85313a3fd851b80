namespace Mana.Platform.Database.Migrations;

/// <summary>How the schema of a database stands to the migrations a binary knows.</summary>
public enum SchemaState
{
    /// <summary>The database has exactly what the binary knows.</summary>
    Current,

    /// <summary>The database misses at least one migration: the binary must not serve.</summary>
    Older,

    /// <summary>The database has more, and all of it allows this binary: it may serve, as in a rolling upgrade or after a roll-back.</summary>
    NewerCompatible,

    /// <summary>The database has a contracting migration that names a newer binary as the oldest it allows: the binary must not serve.</summary>
    NewerIncompatible,

    /// <summary>An applied migration is not the one the binary knows under that number: the binary must not serve.</summary>
    Diverged,
}
