using System.Reflection;
using System.Xml.Linq;

namespace Mana.Operations.Docs;

/// <summary>The doc comments of this assembly, from the file the compiler writes beside it; doors explain themselves there.</summary>
internal sealed class DocComments
{
    private readonly Dictionary<string, XElement> _members;

    private DocComments(Dictionary<string, XElement> members) => _members = members;

    public static DocComments Load()
    {
        var file = Path.Combine(AppContext.BaseDirectory, $"{typeof(DocComments).Assembly.GetName().Name}.xml");

        return new DocComments(
            XDocument
                .Load(file)
                .Descendants("member")
                .ToDictionary(member => WithoutParameters(member.Attribute("name")!.Value), StringComparer.Ordinal)
        );
    }

    /// <summary>The summary as one line of Markdown; empty when the method has none.</summary>
    public string Summary(MethodInfo method) =>
        _members.TryGetValue($"M:{method.DeclaringType!.FullName!.Replace('+', '.')}.{method.Name}", out var member)
            ? string.Join(' ', Flat(member.Element("summary")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            : "";

    // Doors do not overload their handler, so its name alone finds it.
    private static string WithoutParameters(string name) =>
        name.Contains(".Handle(", StringComparison.Ordinal) ? name[..name.IndexOf('(', StringComparison.Ordinal)] : name;

    private static string Flat(XElement? element) =>
        string.Concat(
            (element?.Nodes() ?? []).Select(node =>
                node switch
                {
                    XText text => text.Value,
                    XElement { Name.LocalName: "c" } code => Markdown.Code(code.Value),
                    XElement { Name.LocalName: "see" } see => see.Attribute("cref")?.Value.Split('.')[^1] ?? "",
                    XElement inner => Flat(inner),
                    _ => "",
                }
            )
        );
}
