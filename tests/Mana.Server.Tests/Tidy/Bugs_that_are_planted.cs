using System.Text.Json;

namespace Mana.Specs.Tidy;

/// <summary><c>./mana mutants</c> takes minutes and runs seldom; this says at once when a bug of its list can no longer be planted.</summary>
public sealed class Bugs_that_are_planted
{
    private static readonly JsonElement[] All = [.. JsonElement.Parse(Repository.Read("tests/mutants.json").Text).EnumerateArray()];

    [Fact]
    public void Each_has_its_place_in_the_code_and_a_spec_that_exists()
    {
        Assert.True(All.Length >= 12);
        Assert.All(
            All,
            bug =>
            {
                Assert.Equal(2, Repository.Read(Of(bug, "file")).Text.Split(Of(bug, "find")).Length);
                Assert.NotEqual(Of(bug, "find"), Of(bug, "put"));
                var spec = Of(bug, "spec");
                var type = typeof(Bugs_that_are_planted).Assembly.GetType(spec[..spec.LastIndexOf('.')]);
                Assert.NotNull(type?.GetMethod(spec[(spec.LastIndexOf('.') + 1)..]));
            }
        );
    }

    [Fact]
    public void Each_stands_in_the_description_of_the_ledger()
    {
        var described = Repository.Read("docs/ledger.md").Text;

        Assert.All(All, bug => Assert.Contains(Of(bug, "name"), described, StringComparison.Ordinal));
    }

    private static string Of(JsonElement bug, string member) => bug.GetProperty(member).GetString()!;
}
