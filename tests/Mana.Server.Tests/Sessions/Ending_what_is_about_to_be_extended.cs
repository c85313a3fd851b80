using Mana.Specs.Faults;
using Mana.Specs.World;

namespace Mana.Specs.Sessions;

/// <summary>A request that began while the session lived may extend it after it has expired; whoever ended it in between has the last word.</summary>
public sealed class Ending_what_is_about_to_be_extended(FeedHouse house) : IClassFixture<FeedHouse>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_that_was_ended_just_after_it_expired_is_not_brought_back(bool isOneByOne)
    {
        var (alice, browser) = await house.SignedIn("alice");
        var id = await house.Database.Read<string>("select id from auth.sessions where user_id = $1", alice.Id);
        house.Clock.Move(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        var telephone = await alice.InAnotherApp();
        await house.Trusted();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        const string extension = "set expires_at =";
        var late = new OneCut(
            extension,
            message => message.IsRequest && message.FlightRuns(extension),
            async cancel =>
            {
                begun.TrySetResult();
                await ended.Task.WaitAsync(cancel);
                return Fate.Forward;
            }
        );
        house.Asking.Watch = late.Inspect;
        var extending = browser.Get("/api/auth/get-session");
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(10));
        house.Clock.Move(TimeSpan.FromSeconds(2));

        (await telephone.Delete(isOneByOne ? $"/api/v1/auth/sessions/{id}" : "/api/v1/auth/sessions/others")).Expect(204);
        ended.SetResult();
        await extending;
        house.Asking.Watch = null;

        Assert.Equal("null", (await browser.Get("/api/auth/get-session")).Expect(200).Body);
        Assert.Equal("revoked", await house.Database.Read<string>("select revoked_reason from auth.sessions where id = $1", id));
    }
}
