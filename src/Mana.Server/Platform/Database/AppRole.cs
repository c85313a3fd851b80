using Npgsql;

namespace Mana.Platform.Database;

/// <summary>
/// Refuses to serve as anything more than the application's role: a superuser, an owner or a role that bypasses row-level security would
/// make every policy a decoration (D13, B-60).
/// </summary>
public sealed class AppRole(NpgsqlDataSource source)
{
    /// <exception cref="TooPowerfulRoleException"/>
    public async Task Check(CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var command = new NpgsqlCommand(
            """
            select r.rolsuper or r.rolbypassrls or r.rolcreaterole
                or exists (
                    select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                    where n.nspname in ('auth', 'credits', 'jobs') and pg_has_role(r.oid, c.relowner, 'member'))
            from pg_roles r
            where r.rolname = current_user
            """,
            connection
        );
        if (await command.ExecuteScalarAsync(cancel) is true)
        {
            throw new TooPowerfulRoleException();
        }
    }
}

public sealed class TooPowerfulRoleException()
    : Exception("DATABASE_URL connects as a superuser, an owner or a role that bypasses row-level security; use mana_app.");
