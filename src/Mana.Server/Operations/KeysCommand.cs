using System.Globalization;
using Mana.Platform.Database;
using Mana.Tokens;

namespace Mana.Operations;

/// <summary>
/// <c>keys</c>: shows the signing keys, announces the next, or takes one away that leaked. Exit code 0, 1 when it could not be done, 2 when it
/// was not understood.
/// </summary>
public static class KeysCommand
{
    private const string Usage = """
        keys status       the signing keys, and what becomes of them when
        keys rotate       announces the next key now; it signs once everybody can have it (JWT_KEY_ANNOUNCE)
        keys revoke KID   takes a key away at once: every token it signed is refused within a second
        """;

    private static readonly Scope Reading = Scope.Service("show the signing keys to an operator");

    public static Task<int> Run(
        string[] arguments,
        IReadOnlyDictionary<string, string> environment,
        TextWriter output,
        CancellationToken cancel
    ) =>
        arguments switch
        {
            ["status"] => OperatorCommand.Run(environment, output, (settings, db) => Status(settings, db, output, cancel)),
            ["rotate"] => OperatorCommand.Run(environment, output, (settings, db) => Rotate(settings, db, output, cancel)),
            ["revoke", var kid] => OperatorCommand.Run(environment, output, (settings, db) => Revoke(settings, db, kid, output, cancel)),
            _ => OperatorCommand.Misunderstood(output, Usage),
        };

    private static async Task<int> Status(Settings settings, Db db, TextWriter output, CancellationToken cancel)
    {
        var keys = await db.All<KeyRow>(Reading, KeyRow.All(), cancel);
        foreach (var key in keys)
        {
            await output.WriteLineAsync($"{key.Kid}  {Life(key, settings.Tokens)}");
        }

        if (KeyPlan.Find(keys, KeyState.Active) is null)
        {
            await output.WriteLineAsync("No key signs: the next instance that starts makes one.");
        }

        return OperatorCommand.Done;
    }

    private static async Task<int> Rotate(Settings settings, Db db, TextWriter output, CancellationToken cancel)
    {
        var announced = await (await Keys(settings, db, cancel)).Announce(cancel);
        await output.WriteLineAsync(
            announced.IsRefused
                ? $"{announced.Refusal!.Message}."
                : $"{announced.Value.Kid} is announced; it signs from {At(announced.Value.CreatedAt + settings.Tokens.KeyAnnounce)} on."
        );

        return announced.IsRefused ? OperatorCommand.Wrong : OperatorCommand.Done;
    }

    private static async Task<int> Revoke(Settings settings, Db db, string kid, TextWriter output, CancellationToken cancel)
    {
        var signing = await (await Keys(settings, db, cancel)).Revoke(kid, cancel);
        await output.WriteLineAsync(
            signing.IsRefused ? $"There is no key {kid}." : $"{kid} is gone, and with it every token it signed. {signing.Value.Kid} signs."
        );

        return signing.IsRefused ? OperatorCommand.Wrong : OperatorCommand.Done;
    }

    /// <summary>The canary first: what this command seals, every instance must be able to open.</summary>
    private static async Task<RotateKeys> Keys(Settings settings, Db db, CancellationToken cancel)
    {
        var sealer = settings.Secrets.Sealer();
        await new KekCanary(db, sealer, TimeProvider.System).Check(cancel);

        return new RotateKeys(db, sealer, settings.Tokens, TimeProvider.System);
    }

    private static string Life(KeyRow key, TokenSettings settings) =>
        key.State switch
        {
            KeyState.Announced => $"announced  {At(key.CreatedAt)}, signs from {At(key.CreatedAt + settings.KeyAnnounce)}",
            KeyState.Active => $"active     {At(key.ActiveAt!.Value)}, signs until {At(key.ActiveAt.Value + settings.KeyRotate)}",
            _ => $"retired    {At(key.RetiredAt!.Value)}, accepted until {At(key.ExpiresAt!.Value)}",
        };

    private static string At(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
