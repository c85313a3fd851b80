using System.Net;
using System.Text.Json;
using Mana.Credits;
using Mana.Emails;
using Mana.Gifts;
using Mana.Ledger;
using Mana.Ledger.Proofs;
using Mana.Me;
using Mana.Operations;
using Mana.Passwords;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Platform.Jobs;
using Mana.Platform.Mail;
using Mana.Platform.Telemetry;
using Mana.Protocols.Sealing;
using Mana.Security;
using Mana.Sessions;
using Mana.SignIn;
using Mana.SignUp;
using Mana.Tokens;
using Mana.Web;
using Microsoft.Extensions.Logging.Console;
using Npgsql;

namespace Mana;

/// <summary>The composition root: every part of the service, named once.</summary>
public static class App
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(8);

    /// <param name="clock">The system's, or a specification's own.</param>
    public static WebApplication Build(Settings settings, TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions
            {
                ContentRootPath = AppContext.BaseDirectory,
                Args = ["--hostBuilder:reloadConfigOnChange=false"], // no settings file is read, so none is watched either
                EnvironmentName = settings.Environment,
            }
        );
        builder.Configuration.Sources.Clear(); // Settings.cs is the only place that reads the environment
        Listen(builder, settings.Http);
        Log(builder, settings);
        AddPlatform(builder.Services, settings, clock);
        AddSlices(builder.Services);
        builder.Services.AddOpenApi(
            "v1",
            options =>
            {
                options.CreateSchemaReferenceId = SchemaNames.Of;
                options.AddOperationTransformer<RequestBodies>();
                options.AddDocumentTransformer(
                    (document, _, _) =>
                    {
                        (document.Info.Title, document.Info.Version) = ("Mana Core Auth", "v1");
                        return Task.CompletedTask;
                    }
                );
            }
        );

        var app = builder.Build();
        app.UseMiddleware<Edge>();
        app.UseMiddleware<ExactPaths>();
        if (settings.Http.OpensPublicPathsToServices)
        {
            app.UseMiddleware<LegacyServicePaths>();
        }

        app.UseRouting();
        Routes.Map(app, settings);
        if (settings.ShowsApi)
        {
            app.MapOpenApi("/openapi/{documentName}.json");
            app.UseWhen(
                http => http.Request.Path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase),
                documents => documents.UseSwaggerUI(page => page.SwaggerEndpoint("/openapi/v1.json", "Mana Core Auth"))
            );
        }

        return app;
    }

    private static void Listen(WebApplicationBuilder builder, HttpSettings settings)
    {
        const int bodyBytesMax = 1024 * 1024; // the documented limit is JsonBody's; this one bounds what is read to find out
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = bodyBytesMax;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Listen(IPAddress.Parse(settings.ListenAddress), settings.Port);
            if (settings.MetricsPort > 0)
            {
                kestrel.Listen(IPAddress.Parse(settings.ListenAddress), settings.MetricsPort);
            }
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainLimit);
    }

    private static void Log(WebApplicationBuilder builder, Settings settings)
    {
        builder.Logging.SetMinimumLevel(
            settings.Telemetry.LogLevel switch
            {
                "debug" => LogLevel.Debug,
                "warn" => LogLevel.Warning,
                "error" => LogLevel.Error,
                _ => LogLevel.Information,
            }
        );
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // Its only lines are one per request, and for them it opens a scope that holds the request's path.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Logging.AddFilter("Npgsql", LogLevel.Warning);

        // By default a full queue blocks whoever logs: a log reader that hangs would stop the service. What cannot be written is dropped
        // and counted in the log itself; what must not be lost, the audit, is in the database.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
        if (settings.IsDevelopment)
        {
            builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        }
        else
        {
            builder.Logging.AddJsonConsole(console => console.JsonWriterOptions = new JsonWriterOptions { Indented = false });
        }
    }

    private static void AddPlatform(IServiceCollection services, Settings settings, TimeProvider clock)
    {
        services.AddSingleton(settings);
        services.AddSingleton(settings.Database);
        services.AddSingleton(settings.Http);
        services.AddSingleton(settings.Secrets);
        services.AddSingleton(settings.Tokens);
        services.AddSingleton(settings.Sessions);
        services.AddSingleton(settings.Passwords);
        services.AddSingleton(settings.SignUps);
        services.AddSingleton(settings.Emails);
        services.AddSingleton(settings.Accounts);
        services.AddSingleton(settings.Credits);
        services.AddSingleton(settings.Telemetry);
        services.AddSingleton(clock);

        services.AddSingleton(_ => DataSources.Create(settings.Database));
        services.AddSingleton(provider => new Db(provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddSingleton<Schema>();
        services.AddSingleton<AppRole>();
        services.AddSingleton<KekCanary>();
        services.AddSingleton(_ => settings.Secrets.Sealer());

        services.AddSingleton(_ => new ClientAddress(settings.Http.TrustedProxies));
        services.AddSingleton<ServedHosts>();
        services.AddSingleton<TrustedOrigins>();
        services.AddSingleton<StoredLimits>();
        services.AddSingleton<SweepRateLimits>();
        services.AddSingleton<RateLimits>();
        services.AddSingleton<SessionCookies>();
        services.AddSingleton<Observation>();
        services.AddHostedService(provider => provider.GetRequiredService<Observation>());
        services.AddSingleton<ServiceKey>();
        services.AddSingleton<Guard>();
        services.AddSingleton<IRefusalPages, RefusalPages>();

        services.AddSingleton<Mailbox>();
        services.AddSingleton<IMailer>(provider =>
            settings.Emails.SmtpHost is null && settings.IsDevelopment
                ? provider.GetRequiredService<Mailbox>()
                : ActivatorUtilities.CreateInstance<SmtpMailer>(provider)
        );
        services.AddSingleton<JobWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<JobWorker>());
        services.AddSingleton<IReadOnlyList<Recurring>>(Schedule.All);
        services.AddHostedService<RecurringWorker>();
    }

    private static void AddSlices(IServiceCollection services)
    {
        AddSessions(services);
        AddSignIn(services);
        AddPeople(services);
        AddCredits(services);
        AddGifts(services);
    }

    private static void AddSessions(IServiceCollection services)
    {
        services.AddSingleton<Uptime>();
        services.AddSingleton<IHostLifetime, Draining>();
        services.AddSingleton<RotateKeys>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<IFeedReader>(provider => provider.GetRequiredService<SigningKeys>());
        services.AddSingleton<MintAccessToken>();
        services.AddSingleton<CheckAccessToken>();

        services.AddSingleton<Revocations>();
        services.AddSingleton<IFeedReader>(provider => provider.GetRequiredService<Revocations>());
        services.AddSingleton<Feed>();
        services.AddHostedService(provider => provider.GetRequiredService<Feed>());
        services.AddSingleton<LiveSessions>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveSessions>());
        services.AddSingleton<SessionCache>();
        services.AddSingleton<MintHeaderToken>();
        services.AddSingleton<SessionSecrets>();
        services.AddSingleton<OpenSession>();
        services.AddSingleton<FindSession>();
        services.AddSingleton<RevokeSession>();
        services.AddSingleton<FindBrowserSessions>();
        services.AddSingleton<SignOut>();
        services.AddSingleton<SessionHandles>();
        services.AddSingleton<RecordActivity>();
        services.AddSingleton<RevokeOwnSessions>();
        services.AddSingleton<RequireFreshSession>();
        services.AddSingleton<RefreshTokens>();
        services.AddSingleton<RotateLine>();
        services.AddSingleton<SucceedSession>();
        services.AddSingleton<RotateRefreshToken>();
        services.AddSingleton<ShareSession>();
        services.AddSingleton<SweepSessions>();
        services.AddSingleton<SweepRevocations>();
        services.AddSingleton<CheckCaller>();
        services.AddSingleton<ICallers>(provider => provider.GetRequiredService<CheckCaller>());
    }

    private static void AddSignIn(IServiceCollection services)
    {
        services.AddSingleton<Lockout>();
        services.AddSingleton<SweepAttempts>();
        services.AddSingleton<Verifications>();
        services.AddSingleton<SweepVerificationTokens>();

        services.AddSingleton<HashingLane>();
        services.AddSingleton<PasswordRules>();
        services.AddSingleton<StoredFormats>();
        services.AddSingleton<PasswordHashing>();
        services.AddSingleton<CheckPassword>();
        services.AddSingleton<DropUnprovenAccess>();
        services.AddSingleton<CheckOwnPassword>();
        services.AddSingleton<PasswordResetMail>();
        services.AddSingleton<IJobRunner>(provider => provider.GetRequiredService<PasswordResetMail>());
        services.AddSingleton<PasswordChangedMail>();
        services.AddSingleton<IJobRunner>(provider => provider.GetRequiredService<PasswordChangedMail>());
        services.AddSingleton<RequestPasswordReset>();
        services.AddSingleton<ResetPassword>();
        services.AddSingleton<ChangePassword>();
        services.AddSingleton<VerifyPassword>();
        services.AddSingleton<Gate>();
        services.AddSingleton<PasswordSignIn>();
    }

    private static void AddPeople(IServiceCollection services)
    {
        services.AddSingleton<VerificationMail>();
        services.AddSingleton<IJobRunner>(provider => provider.GetRequiredService<VerificationMail>());
        services.AddSingleton<MailLinks>();
        services.AddSingleton<VerifyEmail>();
        services.AddSingleton<RequestEmailChange>();
        services.AddSingleton<EmailChangeMail>();
        services.AddSingleton<IJobRunner>(provider => provider.GetRequiredService<EmailChangeMail>());
        services.AddSingleton<IJobRunner, AddressTakenMail>();
        services.AddSingleton<EmailChangeNotice>();
        services.AddSingleton<IJobRunner>(provider => provider.GetRequiredService<EmailChangeNotice>());
        services.AddSingleton<ChangeEmail>();
        services.AddSingleton<FollowMailLink>();
        services.AddSingleton<ResendVerification>();

        services.AddSingleton<UpdateProfile>();
        services.AddSingleton<KnownAddressMail>();
        services.AddSingleton<IJobRunner>(provider => provider.GetRequiredService<KnownAddressMail>());
        services.AddSingleton<CloseAccount>();
        services.AddSingleton<ClosingMail>();
        services.AddSingleton<IJobRunner>(provider => provider.GetRequiredService<ClosingMail>());
        services.AddSingleton<RequestErasure>();
        services.AddSingleton<FollowErasureLink>();
        services.AddSingleton<ErasureMail>();
        services.AddSingleton<IJobRunner>(provider => provider.GetRequiredService<ErasureMail>());
        services.AddSingleton<FarewellMail>();
        services.AddSingleton<IJobRunner>(provider => provider.GetRequiredService<FarewellMail>());
        services.AddSingleton<ErasePerson>();
        services.AddSingleton<EraseClosedAccounts>();
        services.AddSingleton<RegisterPerson>();
    }

    private static void AddCredits(IServiceCollection services)
    {
        services.AddSingleton(provider => new CheckBooks(
            provider.GetRequiredService<Db>().Within(CheckBooks.Limit),
            provider.GetRequiredService<Sealer>(),
            CheckBooks.SealPatience
        ));
        services.AddSingleton<SealKeys>();
        services.AddSingleton<HeadLog>();
        services.AddSingleton<SealBooks>();
        services.AddSingleton<ReadReceipt>();
        services.AddSingleton<OpeningGrant>();
        services.AddSingleton<PersonalLedger>();
        services.AddSingleton<SpendBatch>();
        services.AddSingleton<SpendQueue>();
        services.AddHostedService(provider => provider.GetRequiredService<SpendQueue>());
        services.AddSingleton<SpendCredits>();
        services.AddSingleton<ReadBalance>();
        services.AddHostedService(provider => provider.GetRequiredService<ReadBalance>());
        services.AddSingleton<ReadPastBalance>();
        services.AddSingleton<GrantCredits>();
        services.AddSingleton<RefundCredits>();
        services.AddSingleton<ReserveCredits>();
        services.AddSingleton<EndReservation>();
        services.AddSingleton<ExpireCredits>();
        services.AddSingleton<ReconcileBooks>();
        services.AddSingleton<LeaveBooks>();
        services.AddSingleton<OrganizationPool>();
        services.AddSingleton<AllocateCredits>();
    }

    private static void AddGifts(IServiceCollection services)
    {
        services.AddSingleton<GiftCodes>();
        services.AddSingleton<CreateGift>();
        services.AddSingleton<RedeemGift>();
        services.AddSingleton<CancelGift>();
    }
}
