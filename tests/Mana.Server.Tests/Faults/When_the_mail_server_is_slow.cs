using System.Net;
using Mana.Specs.World;

namespace Mana.Specs.Faults;

/// <summary>Somebody else's mail server takes its time with as many mails as are sent side by side; nobody who asks us anything notices.</summary>
[Trait("Category", "Faults")]
public sealed class When_the_mail_server_is_slow : IAsyncLifetime
{
    private const int Mails = 16;

    /// <summary>Fewer than there are mails, so that mails which held them would leave none.</summary>
    private const string Threads = "6";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private TaskCompletionSource _accepts = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SmtpSink _mail = null!;

    private Database _database = null!;

    [Fact]
    public async Task Requests_are_answered_and_every_mail_arrives_once()
    {
        var settings = ShippedServer.Development(_database.AppUrl, _mail);
        settings["DOTNET_ThreadPool_ForceMaxWorkerThreads"] = Threads;
        await using var server = ShippedServer.Start(settings);
        await server.Ready();
        await SignUp(server, "first@example.com");
        await Begun(1);
        var emails = Enumerable.Range(0, Mails).Select(number => $"slow-{number}@example.com").ToList();
        await Task.WhenAll(emails.Select(email => SignUp(server, email)));
        var first = _accepts;
        _mail.Accepting = (_accepts = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        first.SetResult(); // and so the worker takes all others at once
        await Begun(1 + Mails);

        using var patience = new CancellationTokenSource(Patience);
        using var ready = await server.Http.GetAsync("/health/ready", patience.Token);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        await SignUp(server, "late@example.com").WaitAsync(Patience);

        _accepts.SetResult();
        await _mail.MailTo("late@example.com");
        Assert.All(emails, email => Assert.Single(_mail.TextsTo(email)));
    }

    public async ValueTask InitializeAsync() => (_mail, _database) = (new SmtpSink { Accepting = _accepts.Task }, await Databases.Create());

    public async ValueTask DisposeAsync()
    {
        _accepts.TrySetResult();
        await _mail.DisposeAsync();
        await Databases.Drop(_database.Name);
    }

    /// <summary>So many texts have arrived at the mail server; none of the last was accepted.</summary>
    private async Task Begun(int mails)
    {
        for (var waited = 0; _mail.Mails.Count < mails; waited++)
        {
            Assert.True(waited < 500, $"only {_mail.Mails.Count} mails were begun");
            await Task.Delay(20);
        }
    }

    private static async Task SignUp(ShippedServer server, string email) =>
        (await server.Post("/api/v1/auth/register", new { email, password = Phrases.Right })).Expect(201);
}
