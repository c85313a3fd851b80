using Mana.Platform.Database;
using Npgsql;

namespace Mana.Specs.Platform;

public sealed class Reading_a_database_url
{
    [Theory]
    [InlineData("postgresql://ada:secret@db.example:5433/mana", "db.example", 5433, "ada", "secret", "mana")]
    [InlineData("postgres://ada:secret@db.example/mana", "db.example", 5432, "ada", "secret", "mana")]
    [InlineData("POSTGRESQL://ada@localhost/mana", "localhost", 5432, "ada", null, "mana")]
    [InlineData("postgresql://a%40b:p%40ss%3Aw%2Frd%3F%23%25%20%C3%B6;=''%22@h:1/my%20db", "h", 1, "a@b", "p@ss:w/rd?#% ö;=''\"", "my db")]
    [InlineData("postgresql://ada:p+s:t@h/mana", "h", 5432, "ada", "p+s:t", "mana")]
    [InlineData("postgresql://ada:p@ss@h/mana", "h", 5432, "ada", "p@ss", "mana")]
    [InlineData("postgresql://ada:s@[2001:db8::1]:5433/mana", "2001:db8::1", 5433, "ada", "s", "mana")]
    [InlineData("postgresql://ada:s@one,two:5433/mana", "one,two:5433", 5432, "ada", "s", "mana")]
    [InlineData("postgresql://ada:s@/mana?host=/var/run/postgresql&port=5433", "/var/run/postgresql", 5433, "ada", "s", "mana")]
    [InlineData("postgresql://h/mana?user=ada&password=a%26b", "h", 5432, "ada", "a&b", "mana")]
    [InlineData("Host=h;Port=5433;Username=ada;Password='a;://b';Database=mana", "h", 5433, "ada", "a;://b", "mana")]
    public void Gives_its_parts_decoded(string url, string host, int port, string user, string? password, string database)
    {
        var read = new NpgsqlConnectionStringBuilder(PostgresUrl.ToConnectionString(url));

        Assert.Equal((host, port, user, password, database), (read.Host, read.Port, read.Username, read.Password, read.Database));
    }

    [Theory]
    [InlineData("disable", SslMode.Disable)]
    [InlineData("require", SslMode.Require)]
    [InlineData("verify-ca", SslMode.VerifyCA)]
    [InlineData("verify-full", SslMode.VerifyFull)]
    public void Gives_the_mode_of_encryption(string written, SslMode mode)
    {
        Assert.Equal(
            mode,
            new NpgsqlConnectionStringBuilder(PostgresUrl.ToConnectionString($"postgresql://h/d?sslmode={written}")).SslMode
        );
    }

    [Fact]
    public void Gives_the_other_parameters()
    {
        var read = new NpgsqlConnectionStringBuilder(
            PostgresUrl.ToConnectionString("postgresql://h/d?application_name=a%20b&connect_timeout=7&options=-c%20role%3Dmana_owner")
        );

        Assert.Equal(("a b", 7, "-c role=mana_owner"), (read.ApplicationName, read.Timeout, read.Options));
    }

    [Theory]
    [InlineData("postgresql://ada:hunter2%zz@h/d")]
    [InlineData("postgresql://ada:hunter2%2@h/d")]
    [InlineData("postgresql://ada:hunter2%00@h/d")]
    [InlineData("postgresql://ada:hunter2@h:port/d")]
    [InlineData("postgresql://ada:hunter2@h:0/d")]
    [InlineData("postgresql://ada:hunter2@h:65536/d")]
    [InlineData("postgresql://ada:hunter2@h/d?sslmode=maybe")]
    [InlineData("postgresql://ada:hunter2@h/d?nonsense=1")]
    [InlineData("postgresql://ada:hunter2@h/d?connect_timeout=soon")]
    [InlineData("postgresql://ada:hunter2@/d")]
    [InlineData("mysql://ada:hunter2@h/d")]
    [InlineData("Host=h;Password=a;hunter2=1")]
    [InlineData("Username=ada;Password=hunter2")]
    [InlineData("hunter2")]
    public void Refuses_what_it_cannot_read_without_repeating_it(string url)
    {
        var problem = Assert.Throws<FormatException>(() => PostgresUrl.ToConnectionString(url));

        Assert.DoesNotContain("hunter2", problem.ToString(), StringComparison.OrdinalIgnoreCase);
    }
}
