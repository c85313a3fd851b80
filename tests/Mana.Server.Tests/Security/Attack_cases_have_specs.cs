using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Mana.Specs.Tidy;

namespace Mana.Specs.Security;

/// <summary>
/// The attack catalogue, case by case: a spec that carries its number in its name, a trait or its data, or what the case waits for. Numbers
/// in comments do not count, because nobody runs a comment. The whole table is written to <c>artifacts/attack-cases.md</c>.
/// </summary>
public sealed partial class Attack_cases_have_specs(ITestOutputHelper output)
{
    private static readonly SortedDictionary<string, int> Families = new(StringComparer.Ordinal)
    {
        ["CRD"] = 19,
        ["EML"] = 14,
        ["ENU"] = 5,
        ["JWT"] = 18,
        ["PWD"] = 6,
        ["REF"] = 8,
        ["SES"] = 9,
        ["WEB"] = 12,
    };

    /// <summary>What cannot be shown before something else is built: a whole case, or the named clauses of one that has specs for the rest.</summary>
    private static readonly SortedDictionary<string, string> Waits = new(StringComparer.Ordinal)
    {
        ["CRD-09"] = "b2b sign-up and invitations: organisations",
        ["EML-07"] = "magic link",
        ["EML-10"] = "magic link, social sign-in, API keys, second factor",
        ["EML-11"] = "second factor",
        ["ENU-01"] = "an account with social sign-in only",
        ["ENU-03"] = "magic link",
        ["ENU-04"] = "b2b sign-up and invitations: organisations",
        ["ENU-05"] = "passkeys; organisations; payments",
        ["JWT-10"] = "ID tokens, second factor, API keys",
        ["PWD-02"] = "b2b sign-up; the list of a breach service",
        ["REF-07"] = "second factor, passkeys",
        ["SES-01"] = "second factor",
        ["SES-05"] = "API keys",
        ["SES-07"] = "API keys",
        ["SES-09"] = "Redis",
        ["WEB-01"] = "magic link",
        ["WEB-04"] = "webhooks",
        ["WEB-05"] = "payments",
        ["WEB-06"] = "magic link, invitations, social sign-in",
        ["WEB-09"] = "export of personal data",
    };

    [Fact]
    public void Every_case_has_a_spec_or_says_what_it_waits_for()
    {
        var specs = SpecsByCase();
        var cases = Families.SelectMany(family => Enumerable.Range(1, family.Value).Select(number => $"{family.Key}-{number:D2}")).ToList();
        var table = cases
            .Select(number => Row(number, specs[number].ToList()))
            .Prepend("|---|---|---|")
            .Prepend("| Case | Specs | Waits for |");
        var folder = Directory.CreateDirectory(Repository.Full("artifacts"));
        File.WriteAllLines(Path.Combine(folder.FullName, "attack-cases.md"), table);
        foreach (var (number, reason) in Waits)
        {
            output.WriteLine($"{number} ({specs[number].Count()} specs) waits for {reason}");
        }

        Assert.All(
            cases,
            number => Assert.True(specs[number].Any() || Waits.ContainsKey(number), $"{number} has neither a spec nor a reason")
        );
        Assert.Empty(specs.Select(found => found.Key).Concat(Waits.Keys).Except(cases)); // numbers no case has
    }

    private static string Row(string number, IReadOnlyCollection<string> specs) =>
        $"| {number} | {string.Join("<br>", specs)} | {Waits.GetValueOrDefault(number)} |";

    private static ILookup<string, string> SpecsByCase() =>
        typeof(Attack_cases_have_specs)
            .Assembly.GetTypes()
            .Where(type => type != typeof(Attack_cases_have_specs))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => method.IsDefined(typeof(FactAttribute), inherit: true))
            .SelectMany(method => Numbers(method).Distinct(StringComparer.Ordinal).Select(number => (Number: number, Spec: Name(method))))
            .ToLookup(found => found.Number, found => found.Spec, StringComparer.Ordinal);

    private static IEnumerable<string> Numbers(MethodInfo method) =>
        Said(method)
            .SelectMany(text => Number().Matches(text))
            .Select(match => $"{match.Groups["family"].Value}-{match.Groups["number"].Value}");

    private static IEnumerable<string> Said(MethodInfo method) =>
        new[] { method.Name, method.DeclaringType!.Name }.Concat(
            method
                .GetCustomAttributesData()
                .Concat(method.DeclaringType.GetCustomAttributesData())
                .SelectMany(data => data.ConstructorArguments)
                .SelectMany(Texts)
        );

    private static IEnumerable<string> Texts(CustomAttributeTypedArgument argument) =>
        argument.Value switch
        {
            string text => [text],
            IEnumerable<CustomAttributeTypedArgument> several => several.SelectMany(Texts),
            _ => [],
        };

    private static string Name(MethodInfo method) =>
        string.Create(CultureInfo.InvariantCulture, $"{method.DeclaringType!.Name}.{method.Name}");

    [GeneratedRegex("(?<![A-Za-z])(?<family>WEB|EML|SES|ENU|PWD|JWT|REF|CRD)[-_](?<number>[0-9]{2})(?![0-9])")]
    private static partial Regex Number();
}
