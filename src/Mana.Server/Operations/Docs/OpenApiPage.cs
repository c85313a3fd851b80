using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Mana.Operations.Docs;

/// <summary>The OpenAPI document the server serves at <c>/openapi/v1.json</c>, without the address it is served from.</summary>
internal static class OpenApiPage
{
    public static Task<OpenApiDocument> Document(IServiceProvider services, CancellationToken cancel) =>
        services.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1").GetOpenApiDocumentAsync(cancel);

    public static async Task<Page> Write(OpenApiDocument document, CancellationToken cancel)
    {
        document.Servers = null;
        var json = await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancel);

        return new Page("openapi.json", json.ReplaceLineEndings("\n").TrimEnd('\n') + "\n");
    }
}
