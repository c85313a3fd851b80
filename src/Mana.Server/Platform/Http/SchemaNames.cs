using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;

namespace Mana.Platform.Http;

/// <summary>Names of shapes in the OpenAPI document: nested records carry their door's name, otherwise every Request would be one.</summary>
public static class SchemaNames
{
    public static string? Of(JsonTypeInfo shape)
    {
        var type = shape.Type;
        if (type.DeclaringType is not { } door || OpenApiOptions.CreateDefaultSchemaReferenceId(shape) is null)
        {
            return OpenApiOptions.CreateDefaultSchemaReferenceId(shape);
        }

        var surface = door.Namespace!.Split('.')[^1];

        return $"{surface}{door.Name}{type.Name}";
    }
}
