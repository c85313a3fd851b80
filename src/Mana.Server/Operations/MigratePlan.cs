using Mana.Platform.Database.Migrations;

namespace Mana.Operations;

/// <summary>What <c>migrate</c> is to do with the schema.</summary>
public enum MigrateAction
{
    /// <summary>Nothing: only the roles were asked for.</summary>
    None,

    /// <summary>Apply what is pending.</summary>
    Up,

    /// <summary>Apply it and roll it back.</summary>
    DryRun,

    /// <summary>Show what is applied.</summary>
    Status,

    /// <summary>Show it, and fail unless it is all there and unchanged.</summary>
    Verify,
}

/// <summary>The words behind <c>migrate</c>.</summary>
public sealed record MigratePlan(MigrateAction Action, bool MakesRoles)
{
    /// <summary><c>up</c> is understood when no word is given, except that <c>--roles</c> alone makes the roles and nothing else.</summary>
    /// <exception cref="MigrationException">A word is unknown, or two contradict each other.</exception>
    public static MigratePlan Parse(string[] args)
    {
        var makesRoles = args.Contains("--roles");
        var isDryRun = args.Contains("--dry-run");
        var words = args.Where(word => word is not "--roles" and not "--dry-run").ToArray();
        if (isDryRun && makesRoles)
        {
            throw new MigrationException("--dry-run changes nothing and --roles does; ask for one of them");
        }

        return words switch
        {
            [] when isDryRun => new(MigrateAction.DryRun, MakesRoles: false),
            [] when makesRoles => new(MigrateAction.None, MakesRoles: true),
            [] => new(MigrateAction.Up, MakesRoles: false),
            ["up"] => new(isDryRun ? MigrateAction.DryRun : MigrateAction.Up, makesRoles),
            ["status"] when !isDryRun => new(MigrateAction.Status, makesRoles),
            ["verify"] when !isDryRun => new(MigrateAction.Verify, makesRoles),
            _ => throw new MigrationException($"'{string.Join(' ', args)}' is not understood. {Usage}"),
        };
    }

    private const string Usage = "Usage: migrate [up | status | verify] [--dry-run] [--roles]";
}
