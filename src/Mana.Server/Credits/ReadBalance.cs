using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Credits;

/// <summary>
/// What somebody has now. Always the committed row, read after the question came in; who asks while a look-up is on its way is answered by
/// the next one, together with all others. What is due is posted first. Only people are found: a pool is for its organisation to show.
/// </summary>
public sealed class ReadBalance : BackgroundService
{
    private static readonly Scope Reading = Scope.Service("read the balances that are asked for");

    private static readonly Scope Settling = Scope.Service("post what is due before a balance is read");

    private readonly Db _db;

    private readonly CreditSettings _settings;

    private readonly PersonalLedger _ledger;

    private readonly TimeProvider _clock;

    private readonly GroupRead<OwnerId, LedgerAccount> _accounts;

    public ReadBalance(Db db, CreditSettings settings, PersonalLedger ledger, TimeProvider clock)
    {
        (_db, _settings, _ledger, _clock) = (db, settings, ledger, clock);
        _accounts = new GroupRead<OwnerId, LedgerAccount>(settings.QueueMax, Find);
    }

    public async ValueTask<Outcome<LedgerAccount>> Run(UserId userId, CancellationToken cancel)
    {
        var found = await _accounts.Find(new OwnerId(userId.Value));
        if (found.IsRefused)
        {
            return found.Refusal!;
        }

        if (found.Value is { OwnerKind: not LedgerAccount.Person })
        {
            return Refusals.UserNotFound;
        }

        if (found.Value is { } account && !DuePostings.AreDue(account, _settings.DailyFree, _clock.Now()))
        {
            return account;
        }

        // Under the lock the question is asked again: of two readers one posts.
        return await _ledger.Move(Settling, userId, decision => Task.FromResult(Say.Later(_ => decision.Draft.Holdings.Account)), cancel);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _accounts.Run(stoppingToken);

    // Fenced off like the look-up of sessions: one index look-up for each owner is the only plan there is.
    private async Task<IReadOnlyDictionary<OwnerId, LedgerAccount>> Find(OwnerId[] owners, CancellationToken cancel)
    {
        var asked = Array.ConvertAll(owners, owner => owner.Value);
        var rows = await _db.All<LedgerAccount>(
            Reading,
            $"""
            select found.owner_id, found.owner_kind, found.free, found.paid, found.held, found.earned, found.spent, found.version,
                found.daily_granted_at, found.expires_at
            from unnest({asked}) as asked (owner_id)
            cross join lateral (
                select a.owner_id, a.owner_kind, a.free, a.paid, a.held, a.earned, a.spent, a.version, a.daily_granted_at, a.expires_at
                from credits.accounts a
                where a.owner_id = asked.owner_id
                offset 0) found
            """,
            cancel
        );

        return rows.ToDictionary(row => row.Owner);
    }
}
