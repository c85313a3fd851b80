namespace Mana.Operations.Docs;

/// <summary>Everything in <c>docs/reference</c>, and the example environment at the root.</summary>
public static class Reference
{
    /// <summary>The pages that need nothing but the binary. The service is composed as in Development and not started.</summary>
    public static async Task<IReadOnlyList<Page>> OfTheCode(CancellationToken cancel)
    {
        await using var app = App.Build(Settings.Read(AnyDevelopment), TimeProvider.System);
        app.UseEndpoints(_ => { }); // what starting would do: it hands the routes to the document
        var document = await OpenApiPage.Document(app.Services, cancel);

        return
        [
            RoutesPage.Write(app, app.Services.GetRequiredService<HttpSettings>()),
            ErrorsPage.Write(),
            SettingsPage.Write(),
            RetentionPage.Write(),
            EnvironmentExample.Write(),
            await OpenApiPage.Write(document, cancel),
        ];
    }

    /// <param name="connectionString">A database this binary has migrated; any of the three roles may ask.</param>
    /// <exception cref="Platform.Database.Migrations.MigrationException">The database has another schema than this binary knows.</exception>
    public static Task<Page> OfTheDatabase(string connectionString, CancellationToken cancel) =>
        DatabasePage.Write(connectionString, cancel);

    /// <summary>The address is never opened: the pool connects when it is first asked, and nobody asks.</summary>
    private static readonly Dictionary<string, string> AnyDevelopment = new(StringComparer.Ordinal)
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["DATABASE_URL"] = "postgresql://localhost/mana",
    };
}
