using Mana.Build.Machine;

namespace Mana.Build.Scaffolds;

/// <summary>A new door with its first spec, and the route line to add by hand: that line is read by people, so it is written by one.</summary>
internal static class NewDoor
{
    public static async Task<int> Run(string[] arguments, Toolbox tools)
    {
        if (arguments is not [var verb, var path, "--slice", var slice])
        {
            throw new Misuse("it takes a verb, a path and a slice");
        }
        if (!Directory.Exists(tools.Checkout.In("src", "Mana.Server", slice)))
        {
            throw new Misuse($"there is no slice {slice}; a new one is a folder of src/Mana.Server and a line of dependencies.txt");
        }
        var name = DoorName.Parse(verb, path, slice);
        await Write(tools, tools.Checkout.In("src", "Mana.Server", slice, name.Surface, name.Class + ".cs"), Door(name));
        await Write(tools, tools.Checkout.In("tests", "Mana.Server.Tests", slice, name.SpecClass + ".cs"), Spec(name));
        Say.Line(
            $"""
            The line for Routes.cs:
                    app.{name.Class[
                ..name.Verb.Length
            ]}("{name.Path}", {name.Slice}.{name.Surface}.{name.Class}.Handle, {name.Access}, Limit.General);
            """
        );
        return 0;
    }

    private static async Task Write(Toolbox tools, string path, string text)
    {
        if (File.Exists(path))
        {
            throw new Failure($"{Path.GetRelativePath(tools.Checkout.Root, path)} exists already.");
        }
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text.ReplaceLineEndings("\n") + "\n", tools.Stop);
        Say.Line(Path.GetRelativePath(tools.Checkout.Root, path));
    }

    private static string Door(DoorName name) =>
        $$"""
            using Mana.Platform.Http;

            namespace Mana.{{name.Slice}}.{{name.Surface}};

            public static class {{name.Class}}
            {
            {{(name.HasBody ? Request(name) : "")}}    public sealed record Response(string Name);

                /// <summary>Say here, for the caller, what it does: this is the reference page. Rules belong into a verb of the slice.</summary>
                public static Answer<Response> Handle({{(name.HasBody ? "Request request" : "Caller caller")}}) => new Response({{(
                name.HasBody ? "request.Name" : "caller.Email"
            )}});
            }
            """;

    private static string Request(DoorName name) =>
        $$"""
                public sealed record Request(string Name) : IBody<Request>
                {
            {{(
                name.Surface == "BetterAuth"
                    ? "        public static Surface Surface => Surface.BetterAuth;"
                    : "        public static bool RefusesUnknownMembers => true;"
            )}}

                    public static Request Parse(Fields fields) => new(fields.Text("name", min: 1, max: 255));
                }


            """;

    private static string Spec(DoorName name) =>
        $$"""
            using Mana.Specs.World;

            namespace Mana.Specs.{{name.Slice}};

            public sealed class {{name.SpecClass}}(House house) : IClassFixture<House>
            {
                [Fact]
                public async Task Nobody_may_who_is_not_signed_in()
                {
                    var answer = await house.Nobody().{{(
                name.HasBody ? $"Post(\"{name.Path}\", new {{ name = \"x\" }})" : $"Get(\"{name.Path}\")"
            )}};

                    answer.Expect(401);
                }
            }
            """;
}
