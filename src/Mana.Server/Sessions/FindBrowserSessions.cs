using Mana.Platform;
using Mana.Platform.Http;

namespace Mana.Sessions;

/// <summary>A session of somebody in this browser, as the wire shows it.</summary>
public sealed record DeviceSession(BetterAuthSession Session, BetterAuthUser User);

/// <summary>Which of the sessions a browser holds live, in the order of its cookies, one for each person (wire section 12.2).</summary>
public sealed class FindBrowserSessions(FindSession sessions)
{
    public async Task<Outcome<IReadOnlyList<(string Token, FoundSession Found)>>> Run(IEnumerable<string> tokens, CancellationToken cancel)
    {
        var living = new List<(string Token, FoundSession Found)>();
        foreach (var token in tokens)
        {
            var found = await sessions.Run(token, mayRenew: false, cancel);
            if (!found.IsRefused && !living.Exists(one => one.Found.User.Id == found.Value.User.Id))
            {
                living.Add((token, found.Value));
            }
            else if (found.IsRefused && !found.Refusal!.Is(Refusals.InvalidSession))
            {
                return found.Refusal!; // nobody could look: that is not the same as no session
            }
        }

        return living;
    }
}
