using System.Text;
using Mana.Protocols.Sealing;

namespace Mana.Platform.Database;

/// <summary>
/// One sealed word per key-encryption key. A start with a wrong key under a known name fails here, before anything is sealed that nobody
/// could open again (ruling 31).
/// </summary>
public sealed class KekCanary(Db db, Sealer sealer, TimeProvider clock)
{
    private const string Word = "mana-kek-canary-v1";

    private static readonly Scope Checking = Scope.Service("check the key-encryption key");

    /// <exception cref="WrongKekException"/>
    public async Task Check(CancellationToken cancel)
    {
        var id = sealer.ActiveKeyId;
        var context = new SealContext("kek-canary", "auth.kek_canaries.sealed", id);
        var sealedWord = sealer.Seal(Encoding.UTF8.GetBytes(Word), context);
        await db.Transact<Done>(
            Checking,
            async tx =>
            {
                await tx.Run(
                    $"""
                    insert into auth.kek_canaries (kek_id, sealed, created_at)
                    values ({id}, {sealedWord}, {clock.Now()})
                    on conflict (kek_id) do nothing
                    """
                );
                var stored = await tx.Value<string>($"select sealed from auth.kek_canaries where kek_id = {id}");
                var opened = sealer.Open(stored!, context);

                return opened is not null && Encoding.UTF8.GetString(opened) == Word
                    ? Done.Yes
                    : throw new WrongKekException($"the canary of {id}");
            },
            cancel
        );
    }
}
