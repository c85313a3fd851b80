using Npgsql;

namespace Mana.Platform.Database;

/// <summary>A record that reads itself from the columns of its statement, in their order.</summary>
public interface IRow<TSelf>
    where TSelf : IRow<TSelf>
{
    static abstract TSelf Read(NpgsqlDataReader row);
}

/// <summary>A typed id or name around one text value; a hole in a statement takes it as text.</summary>
public interface IWrapped
{
    string Value { get; }
}

/// <summary>A row of one column.</summary>
public sealed record One<T>(T Value) : IRow<One<T>>
{
    public static One<T> Read(NpgsqlDataReader row) => new(row.GetFieldValue<T>(0));
}
