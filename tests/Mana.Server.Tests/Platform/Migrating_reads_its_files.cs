using System.Security.Cryptography;
using System.Text;
using Mana.Operations;
using Mana.Platform.Database.Migrations;

namespace Mana.Specs.Platform;

public sealed class Migrating_reads_its_files
{
    [Fact]
    public void The_checksum_is_the_same_for_both_kinds_of_line_ends_and_another_for_another_text()
    {
        var unix = new Migration(1, "a", "select 1;\nselect 2;\n");

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("select 1;\nselect 2;\n"))), unix.Checksum);
        Assert.Equal(unix.Checksum, new Migration(1, "a", "select 1;\r\nselect 2;\r\n").Checksum);
        Assert.NotEqual(unix.Checksum, new Migration(1, "a", "select 1;\nselect 3;\n").Checksum, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("select 1;", true, null)]
    [InlineData("-- Why.\n\n-- mana:no-transaction\nselect 1;", false, null)]
    [InlineData("-- mana:contracts oldest-binary=6\r\nselect 1;", true, 6)]
    [InlineData("-- mana:contracts oldest-binary=0003\n-- mana:no-transaction\nselect 1;", false, 3)]
    public void The_markers_stand_in_the_comments_at_the_head(string sql, bool runsInTransaction, int? contractsTo)
    {
        Assert.Equal(new MigrationMarkers(runsInTransaction, contractsTo), new Migration(7, "a", sql).Markers);
    }

    [Theory]
    [InlineData("-- mana:no-transactions\nselect 1;")]
    [InlineData("--mana:no-transaction\nselect 1;")]
    [InlineData("select 1;\n-- mana:no-transaction\nselect 2;")]
    [InlineData("-- mana:contracts\nselect 1;")]
    [InlineData("-- mana:contracts oldest-binary=7\nselect 1;")]
    [InlineData("-- mana:contracts oldest-binary=0\nselect 1;")]
    public void A_marker_that_would_be_overlooked_is_an_error(string sql)
    {
        Assert.Throws<FormatException>(() => new Migration(7, "a", sql));
    }

    [Fact]
    public void Two_files_with_one_number_are_an_error()
    {
        var problem = Assert.Throws<MigrationException>(() => MigrationFiles.Ordered([new(1, "b", ""), new(1, "a", "")]));

        Assert.Contains("0001_b.sql and 0001_a.sql have the same number", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_files_of_the_server_can_all_be_read_and_split()
    {
        var migrations = MigrationFiles.In(typeof(MigrateCommand).Assembly);

        Assert.All(migrations, migration => Assert.NotEmpty(MigrationExecution.Statements(migration)));
    }
}
