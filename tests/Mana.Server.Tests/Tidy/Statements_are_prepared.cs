using Mana.Specs.Tidy.Rules;
using Mana.Specs.World;

namespace Mana.Specs.Tidy;

public sealed class Statements_are_prepared
{
    private const string Planted = "src/Mana.Server/Users/Planted.cs";

    [Fact]
    public async Task The_house_obeys()
    {
        var statements = Statement.All(Sources.House).ToList();
        Assert.True(statements.Count > 30, $"Only {statements.Count} statements were found.");

        Verdict.Obeyed(await Prepared(statements));
        Verdict.Obeyed(StatementsFollowTheStyle.Breaches(Sources.House));
    }

    [Fact]
    public async Task A_column_that_does_not_exist_is_reported_on_the_line_of_the_column()
    {
        var breaches = await Prepared(Written("select id,", "emial", "from auth.users where id = {id}"));

        Verdict.Reported(breaches, $"{Planted}:10: column \"emial\" does not exist");
    }

    [Fact]
    public async Task A_parameter_of_another_type_than_its_column_is_reported()
    {
        var breaches = await Prepared(Written("select event_type", "from auth.security_events", "where id = {id}"));

        Verdict.Reported(breaches, $"{Planted}:11: operator does not exist: uuid = text");
    }

    [Fact]
    public async Task A_right_the_service_was_not_granted_is_reported()
    {
        var breaches = await Prepared(Written("update credits.transfers", "set amount = 1", "where owner_id = {id}"));

        Verdict.Reported(breaches, $"{Planted}:9: permission denied for table transfers");
    }

    [Fact]
    public void A_statement_that_asks_for_the_time_or_for_every_column_is_reported()
    {
        var planted = Written("select *", "from auth.users where id = {id}", "and created_at < now()");

        Verdict.Reported(
            StatementsFollowTheStyle.Breaches(planted),
            $"{Planted}:11: 'now()' asks the database for the time: pass {{now}}",
            $"{Planted}:9: 'select *' does not name its columns"
        );
    }

    [Fact]
    public void A_command_made_of_plain_text_is_reported()
    {
        var planted = Sources.House.With(
            Planted,
            """
            namespace Mana.Users;

            public static class Planted
            {
                public static Npgsql.NpgsqlCommand Of(string name) => new($"select id from auth.users where name = '{name}'");
            }
            """
        );

        Verdict.Reported(StatementsFollowTheStyle.Breaches(planted), $"{Planted}:5: NpgsqlCommand takes plain text: write a Sql");
    }

    /// <summary>A statement of three lines, which stand on lines 9 to 11 of the planted file.</summary>
    private static Sources Written(string first, string second, string third) =>
        Sources.House.With(
            Planted,
            $$""""
            using Mana.Platform.Database;

            namespace Mana.Users;

            public static class Planted
            {
                public static Sql Of(string id) =>
                    $"""
                    {{first}}
                    {{second}}
                    {{third}}
                    """;
            }
            """"
        );

    private static Task<IReadOnlyList<Breach>> Prepared(Sources sources) =>
        Prepared(Statement.All(sources).Where(statement => statement.Node.SyntaxTree.FilePath == Planted));

    private static async Task<IReadOnlyList<Breach>> Prepared(IEnumerable<Statement> statements)
    {
        var database = await Databases.Create();
        try
        {
            await using var connection = await database.AsApp();

            return await StatementsArePrepared.Breaches(statements, connection);
        }
        finally
        {
            await Databases.Drop(database.Name);
        }
    }
}
