using System.Globalization;
using System.Text.RegularExpressions;

namespace Mana.Specs.Tidy;

/// <summary>
/// What the build itself forbids, seen with the real build: a project of the shipping kind is planted among the artifacts, where the props,
/// the banned symbols and the analyzer settings of the repository reach it like any other.
/// </summary>
public sealed partial class The_compiler_keeps_the_house(The_compiler_keeps_the_house.Planting planting)
    : IClassFixture<The_compiler_keeps_the_house.Planting>
{
    private const int MatchMillisecondsMax = 1000;

    [Theory]
    [InlineData(8, "RS0030", "DateTime.Now")]
    [InlineData(9, "RS0030", "DateTimeOffset.UtcNow")]
    [InlineData(10, "RS0030", "Guid.NewGuid")]
    [InlineData(11, "RS0030", "Environment.GetEnvironmentVariable")]
    [InlineData(12, "RS0030", "Task<TResult>.Result")]
    [InlineData(13, "RS0030", "HttpClient")]
    public void A_banned_symbol_fails_the_build_with_file_and_line(int line, string rule, string words)
    {
        var error = Assert.Single(planting.Errors, error => error.Line == line && error.Rule == rule);

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "IDE0005")]
    [InlineData(15, "IDE0051")]
    [InlineData(17, "IDE0052")]
    public void Dead_members_and_usings_fail_the_build_with_file_and_line(int line, string rule) =>
        Assert.Contains(planting.Errors, error => error.Line == line && error.Rule == rule);

    [GeneratedRegex(
        @"Planted\.cs\((?<line>\d+),\d+\): error (?<rule>\w+): (?<message>.*)$",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        MatchMillisecondsMax
    )]
    private static partial Regex Error();

    public sealed record BuildError(int Line, string Rule, string Message);

    /// <summary>Builds the planted project once.</summary>
    public sealed class Planting : IDisposable
    {
        private const string Project = """
            <Project Sdk="Microsoft.NET.Sdk" />
            """;

        private const string Code = """
            using System.Text;

            namespace Mana.Planted;

            /// <summary>Everything that is forbidden.</summary>
            public static class Forbidden
            {
                public static object Now() => DateTime.Now;
                public static object UtcNow() => DateTimeOffset.UtcNow;
                public static object Id() => Guid.NewGuid();
                public static object? Setting() => Environment.GetEnvironmentVariable("PORT");
                public static object Wait(Task<int> work) => work.Result;
                public static object Client() => new HttpClient();

                private static int Dead() => 1;

                private static int _written;

                public static void Write() => _written = 1;
            }
            """;

        private readonly string _folder = Repository.Full("artifacts/planted/" + Guid.NewGuid().ToString("N")[..8]);

        public Planting()
        {
            Directory.CreateDirectory(_folder);
            File.WriteAllText(Path.Combine(_folder, "Mana.Planted.csproj"), Project);
            File.WriteAllText(Path.Combine(_folder, "Planted.cs"), Code);
            var (exit, output) = Repository.Run(
                _folder,
                "dotnet",
                "build",
                "--disable-build-servers",
                "-p:ArtifactsPath=" + Path.Combine(_folder, "artifacts")
            );
            Assert.True(exit != 0, "The planted project was built: " + output);
            Errors = [.. Error().Matches(output).Select(Read).Distinct()];
            Assert.True(Errors.Count > 0, output);
        }

        public IReadOnlyList<BuildError> Errors { get; }

        public void Dispose() => Directory.Delete(_folder, recursive: true);

        private static BuildError Read(Match match) =>
            new(
                int.Parse(match.Groups["line"].Value, CultureInfo.InvariantCulture),
                match.Groups["rule"].Value,
                match.Groups["message"].Value.Trim()
            );
    }
}
