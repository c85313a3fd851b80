using Mana.Platform;
using Mana.Platform.Database;
using Mana.Protocols.Sealing;

namespace Mana.Tokens;

/// <summary>
/// Turns the signing keys under one lock, so that any number of instances and operators may do it at once: whoever comes second finds it
/// done. Instances hear of it through the feed.
/// </summary>
public sealed class RotateKeys(Db db, Sealer sealer, TokenSettings settings, TimeProvider clock)
{
    private const long TurningLock = 987_654_323;

    private static readonly Scope Turning = Scope.Service("turn the signing keys");

    /// <summary>Does what is due: makes the first key, announces the next, lets it sign, removes what nobody needs.</summary>
    public Task<Outcome<Done>> Run(CancellationToken cancel) =>
        Turn<Done>(
            async (tx, keys, now) =>
            {
                await Apply(tx, KeyPlan.Of(keys, settings, now), keys, now);

                return Done.Yes;
            },
            cancel
        );

    /// <summary>Announces a key now, not when the active one is old enough.</summary>
    /// <returns>The announced key; the one that was announced already, if there is one.</returns>
    public Task<Outcome<KeyRow>> Announce(CancellationToken cancel) =>
        Turn<KeyRow>(
            async (tx, keys, now) =>
            {
                if (KeyPlan.Find(keys, KeyState.Announced) is { } waiting)
                {
                    return waiting;
                }

                if (!KeyPlan.HasRoom(keys))
                {
                    return Refusals.Busy with
                    {
                        Message = "So many keys are published that another has to wait until retired ones are gone",
                    };
                }

                var next = KeyRow.New(sealer, now, activeAt: null);
                await tx.Run(next.Insert());

                return next;
            },
            cancel
        );

    /// <summary>
    /// For a key that leaked: it is gone at once, and every token it signed with it. If it was the one that signs, the announced key takes its
    /// place, which everybody has already, or a new one, which those who verify by themselves have to fetch first.
    /// </summary>
    /// <returns>The key that signs now; <see cref="Refusals.NotFound"/> when there is no such key.</returns>
    public Task<Outcome<KeyRow>> Revoke(string kid, CancellationToken cancel) =>
        Turn<KeyRow>(
            async (tx, keys, now) =>
            {
                if (keys.All(key => key.Kid != kid))
                {
                    return Refusals.NotFound;
                }

                await tx.Run(Remove([kid]));
                var left = keys.Where(key => key.Kid != kid).ToArray();
                await Apply(tx, KeyPlan.Of(left, settings, now), left, now);
                var active = KeyPlan.Find(await tx.All<KeyRow>(KeyRow.All()), KeyState.Active);
                Invariant.Holds(active is not null);

                return active;
            },
            cancel
        );

    private Task<Outcome<T>> Turn<T>(Func<Tx, List<KeyRow>, DateTimeOffset, Task<Outcome<T>>> turn, CancellationToken cancel) =>
        db.Transact<T>(
            Turning,
            async tx =>
            {
                await tx.Run($"select pg_advisory_xact_lock({TurningLock})");

                return await turn(tx, await tx.All<KeyRow>(KeyRow.All()), clock.Now());
            },
            cancel
        );

    private async Task Apply(Tx tx, KeyPlan plan, IReadOnlyList<KeyRow> keys, DateTimeOffset now)
    {
        if (plan.Gone.Count > 0)
        {
            await tx.Run(Remove([.. plan.Gone.Select(key => key.Kid)]));
        }

        if (plan.Next is { } next)
        {
            if (KeyPlan.Find(keys, KeyState.Active) is { } old)
            {
                await tx.Run($"update auth.jwks set retired_at = {now}, expires_at = {now + settings.KeyRetire} where id = {old.Kid}");
            }

            await tx.Run($"update auth.jwks set active_at = {now} where id = {next.Kid}");
        }

        if (plan.Makes is { } state)
        {
            await tx.Run(KeyRow.New(sealer, now, state == KeyState.Active ? now : null).Insert());
        }
    }

    private static Sql Remove(string[] kids) => $"delete from auth.jwks where id = any ({kids})";
}
