using System.Globalization;
using Npgsql;

namespace Mana.Platform.Database.Migrations;

/// <summary>Runs the statements of one migration, one by one, so that a failure names its line.</summary>
public static class MigrationExecution
{
    /// <summary>The statements of a migration.</summary>
    /// <exception cref="MigrationException">The text cannot be split, or holds a statement that only the runner may say.</exception>
    public static IReadOnlyList<SqlStatement> Statements(Migration migration)
    {
        try
        {
            var statements = SqlStatements.In(migration.Text);
            return statements.FirstOrDefault(statement => statement.IsOfTheRunner) is { } foreign
                ? throw new MigrationException(
                    $"{migration.File} line {foreign.Line}: '{string.Join(' ', foreign.FirstWords(2))}' is not for a migration; "
                        + "each file is one transaction of the runner, or none at all"
                )
                : statements;
        }
        catch (FormatException problem)
        {
            throw new MigrationException($"{migration.File} cannot be split into statements: {problem.Message}", problem);
        }
    }

    /// <summary>Runs the statements in the transaction the connection is in, if any.</summary>
    /// <returns>The rows that inserts, updates and deletes changed; null when there were no such statements.</returns>
    /// <exception cref="MigrationException">A statement failed.</exception>
    public static async Task<long?> Run(NpgsqlConnection connection, Migration migration, TextWriter output, CancellationToken cancel)
    {
        long? rows = null;
        foreach (var statement in Statements(migration))
        {
            try
            {
                if (ConcurrentIndex.Of(statement) is { } index && await index.DropLeftover(connection, cancel))
                {
                    await output.WriteLineAsync($"  dropped the INVALID leftover of index {index.Name}");
                }

                // A positional parameter, which no statement uses, keeps the driver from parsing the text: its own splitter
                // cuts the bodies of "begin atomic" functions (npgsql issue 4445).
                await using var command = new NpgsqlCommand(statement.Text, connection) { Parameters = { new NpgsqlParameter<int>() } };
                var changed = await command.ExecuteNonQueryAsync(cancel);
                rows = changed < 0 ? rows : (rows ?? 0) + changed;
            }
            catch (NpgsqlException problem)
            {
                var (line, reason) = (LineOf(statement, problem).ToString(CultureInfo.InvariantCulture), TransientFailure.Reason(problem));
                throw new MigrationException(
                    $"{migration.File} failed at line {line}: {reason}{Hint(problem)}; {WhatStays(migration)}",
                    problem
                );
            }
        }

        return rows;
    }

    private static int LineOf(SqlStatement statement, NpgsqlException problem) =>
        problem is PostgresException { Position: > 0 } said && said.Position <= statement.Text.Length
            ? statement.Line + statement.Text.AsSpan(0, said.Position - 1).Count('\n')
            : statement.Line;

    private static string Hint(NpgsqlException problem) => problem is PostgresException { Hint: { Length: > 0 } hint } ? $" ({hint})" : "";

    private static string WhatStays(Migration migration) =>
        migration.Markers.RunsInTransaction
            ? "the whole file is rolled back"
            : "the statements before it stay, and the file can be run again";
}
