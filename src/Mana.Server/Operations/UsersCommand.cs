using Mana.Admin;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Sessions;

namespace Mana.Operations;

/// <summary><c>users</c>: bans somebody, lifts a ban, opens a closed account again, changes a role. Exit code 0, 1 when it could not be done, 2 when it was not understood.</summary>
public static class UsersCommand
{
    private static readonly string Usage = $"""
        users ban EMAIL [REASON]   ends every session of the person; nobody signs in as them
        users unban EMAIL          lets them sign in again
        users restore EMAIL        opens an account again that its person has closed; within 30 days
        users role EMAIL ROLE      ROLE is one of {string.Join(", ", ChangeRole.Roles)}; their access tokens are void at once
        """;

    public static Task<int> Run(
        string[] arguments,
        IReadOnlyDictionary<string, string> environment,
        TextWriter output,
        CancellationToken cancel
    ) =>
        arguments switch
        {
            ["ban", var email, .. var reason] => OperatorCommand.Run(
                environment,
                output,
                async (_, db) =>
                    await Say(
                        output,
                        await Ban(db).Run(Address(email), Text(reason), Operator("ban"), cancel),
                        isNew => isNew ? $"{email} is banned." : $"{email} was banned already."
                    )
            ),
            ["unban", var email] => OperatorCommand.Run(
                environment,
                output,
                async (_, db) =>
                    await Say(
                        output,
                        await Ban(db).Lift(Address(email), Operator("unban"), cancel),
                        isNew => isNew ? $"{email} may sign in again." : $"{email} was not banned."
                    )
            ),
            ["restore", var email] => OperatorCommand.Run(
                environment,
                output,
                async (_, db) =>
                    await Say(
                        output,
                        await Restore(db).Run(Address(email), Operator("restore"), cancel),
                        isNew =>
                            isNew ? $"{email} has their account back; every device signs in anew." : $"The account of {email} was open."
                    )
            ),
            ["role", var email, var role] when ChangeRole.Roles.Contains(role, StringComparer.Ordinal) => OperatorCommand.Run(
                environment,
                output,
                async (_, db) =>
                    await Say(
                        output,
                        await new ChangeRole(db, Memory(db), TimeProvider.System).Run(Address(email), role, Operator("role"), cancel),
                        before => before == role ? $"{email} was {role} already." : $"{email} was {before} and is {role} now."
                    )
            ),
            _ => OperatorCommand.Misunderstood(output, Usage),
        };

    private static BanPerson Ban(Db db)
    {
        var memory = Memory(db);

        return new BanPerson(db, new RevokeSession(memory, TimeProvider.System), memory, TimeProvider.System);
    }

    private static RestoreAccount Restore(Db db)
    {
        var memory = Memory(db);

        return new RestoreAccount(db, new RevokeSession(memory, TimeProvider.System), memory, TimeProvider.System);
    }

    // The verbs tell the memory of their own instance; this one ends with the command.
    private static Revocations Memory(Db db) => new(db, TimeProvider.System);

    private static async Task<int> Say<T>(TextWriter output, Outcome<T> outcome, Func<T, string> sentence)
    {
        await output.WriteLineAsync(outcome.IsRefused ? $"{outcome.Refusal!.Message}." : sentence(outcome.Value));

        return outcome.IsRefused ? OperatorCommand.Wrong : OperatorCommand.Done;
    }

    private static Requester Operator(string verb) => OperatorCommand.As($"users {verb}");

    private static string Address(string email) => email.Trim().ToLowerInvariant();

    private static string? Text(string[] words) => words is [] ? null : string.Join(' ', words);
}
