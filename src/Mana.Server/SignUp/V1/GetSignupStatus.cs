using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;

namespace Mana.SignUp.V1;

public static class GetSignupStatus
{
    private static readonly Scope Counting = Scope.Service("tell how many may still register today");

    public sealed record Response(bool RegistrationOpen, long? SpotsRemaining, long TotalToday, int Limit, string ResetsAt);

    /// <summary>Tells whether people may register now, and when the next day begins if not. Without a limit nothing is counted.</summary>
    public static async Task<Answer<Response>> Handle(Db db, SignUpSettings settings, TimeProvider clock, CancellationToken cancel)
    {
        if (settings.DailyMax == 0)
        {
            return new Response(true, null, 0, 0, "");
        }

        var now = clock.Now();
        var today = await db.Find<One<long>>(Counting, SignUpQuota.Count(now), cancel);
        var quota = new SignUpQuota(settings.DailyMax, today!.Value, SignUpQuota.NextDay(now));

        return new Response(quota.Left > 0, quota.Left, quota.Today, quota.Limit, WireJson.Text(quota.ResetsAt));
    }
}
