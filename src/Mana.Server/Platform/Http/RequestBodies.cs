using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Mana.Platform.Http;

/// <summary>
/// Writes the request bodies into the OpenAPI document. The framework's own metadata for them would also make routing answer 415 by
/// itself, without a code and before the guard.
/// </summary>
public sealed class RequestBodies : IOpenApiOperationTransformer
{
    public async Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<RoutePolicy>().FirstOrDefault()?.RequestType is not { } type)
        {
            return;
        }

        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                ["application/json"] = new() { Schema = await context.GetOrCreateSchemaAsync(type, null, cancellationToken) },
            },
        };
    }
}
