using Npgsql;

namespace Mana.Operations.Docs;

/// <summary>
/// What the catalogue says about the schemas of the product. Everything is ordered by name, because the order of the catalogue is that of
/// an accident. Read with plain statements: this is not a slice and asks for nobody's rows.
/// </summary>
internal sealed record Catalogue(
    string[] Tables,
    ILookup<string, string[]> Columns,
    ILookup<string, string> Details,
    IReadOnlyList<string[]> Views,
    IReadOnlyList<string[]> Types,
    IReadOnlyList<string[]> Functions
)
{
    public static async Task<Catalogue> Read(NpgsqlConnection connection, CancellationToken cancel)
    {
        var columns = await All(connection, ColumnsOfTables, cancel);
        var details = await All(connection, DetailsOfTables, cancel);

        return new Catalogue(
            [.. columns.Select(row => row[0]).Distinct(StringComparer.Ordinal)],
            columns.ToLookup(row => row[0], row => row[1..], StringComparer.Ordinal),
            details.ToLookup(row => row[0], row => row[1], StringComparer.Ordinal),
            await All(connection, ColumnsOfViews, cancel),
            await All(connection, ValuesOfTypes, cancel),
            await All(connection, FunctionsOfSchemas, cancel)
        );
    }

    private const string ColumnsOfTables = """
        select n.nspname || '.' || c.relname, '`' || a.attname || '`', format_type(a.atttypid, a.atttypmod),
            case when a.attnotnull then '' else 'null' end,
            coalesce('`' || pg_get_expr(d.adbin, d.adrelid) || '`', ''),
            case when col_description(c.oid, a.attnum) = 'mana:owner' then 'Owner' else '' end
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
        where n.nspname in ('auth', 'credits', 'jobs') and c.relkind in ('r', 'p')
        order by n.nspname collate "C", c.relname collate "C", a.attnum
        """;

    // Constraints, then the indexes no constraint made, then policies beside the common three, triggers, and what the service may do. A
    // table that is not protected as all the others says so first.
    private const string DetailsOfTables = """
        with tables as (
            select c.oid, c.relname, n.nspname, n.nspname || '.' || c.relname as name,
                c.relrowsecurity and c.relforcerowsecurity as is_forced
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('auth', 'credits', 'jobs') and c.relkind in ('r', 'p')
        ),
        policies as (
            select t.name, p.policyname, p.roles, p.cmd, p.qual, p.with_check,
                (p.policyname, p.roles::text, p.cmd) in (
                    ('migrations', '{mana_owner}', 'ALL'), ('operations', '{mana_read}', 'SELECT'), ('service', '{mana_app}', 'ALL'))
                as is_common
            from tables t
            join pg_policies p on p.schemaname = t.nspname and p.tablename = t.relname
        ),
        details (name, part, label, line) as (
            select t.name, 0, '', '**Not protected like the other tables.**'
            from tables t
            where not t.is_forced or 3 <> (select count(*) from policies p where p.name = t.name and p.is_common)
            union all
            select t.name, 1, k.conname::text, '`' || k.conname || '`: `' || pg_get_constraintdef(k.oid) || '`'
            from tables t
            join pg_constraint k on k.conrelid = t.oid
            where k.contype in ('p', 'u', 'f', 'c')
            union all
            select t.name, 2, i.relname::text, '`' || i.relname || '`: `' || pg_get_indexdef(i.oid) || '`'
            from tables t
            join pg_index x on x.indrelid = t.oid
            join pg_class i on i.oid = x.indexrelid
            where not exists (select from pg_constraint k where k.conindid = i.oid and k.conrelid = t.oid)
            union all
            select p.name, 3, p.policyname::text,
                'Policy “' || p.policyname || '”: ' || lower(p.cmd) || ' to ' || array_to_string(p.roles, ', ')
                    || coalesce(' using `' || p.qual || '`', '') || coalesce(' with check `' || p.with_check || '`', '')
            from policies p
            where not p.is_common
            union all
            select t.name, 4, g.tgname::text, '`' || g.tgname || '`: `' || pg_get_triggerdef(g.oid) || '`'
            from tables t
            join pg_trigger g on g.tgrelid = t.oid
            where not g.tgisinternal
            union all
            select t.name, 5, '', '`mana_app` may ' || string_agg(lower(g.privilege), ', ' order by g.place)
            from tables t
            join (values (1, 'SELECT'), (2, 'INSERT'), (3, 'UPDATE'), (4, 'DELETE')) as g (place, privilege)
                on has_table_privilege('mana_app', t.oid, g.privilege)
            group by t.name
        )
        select name, line from details order by name collate "C", part, label collate "C"
        """;

    private const string ColumnsOfViews = """
        select '`' || n.nspname || '.' || c.relname || '`', string_agg('`' || a.attname || '`', ', ' order by a.attnum)
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
        where n.nspname in ('auth', 'credits', 'jobs') and c.relkind = 'v'
        group by n.nspname, c.relname
        order by n.nspname collate "C", c.relname collate "C"
        """;

    private const string ValuesOfTypes = """
        select '`' || n.nspname || '.' || t.typname || '`', string_agg('`' || e.enumlabel || '`', ', ' order by e.enumsortorder)
        from pg_type t
        join pg_namespace n on n.oid = t.typnamespace
        join pg_enum e on e.enumtypid = t.oid
        where n.nspname in ('auth', 'credits', 'jobs')
        group by n.nspname, t.typname
        order by n.nspname collate "C", t.typname collate "C"
        """;

    private const string FunctionsOfSchemas = """
        select '`' || n.nspname || '.' || p.proname || '(' || pg_get_function_arguments(p.oid) || ')`',
            '`' || pg_get_function_result(p.oid) || '`'
        from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in ('auth', 'credits', 'jobs', 'mana')
        order by n.nspname collate "C", p.proname collate "C"
        """;

    private static async Task<List<string[]>> All(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<string[]>();
        while (await reader.ReadAsync(cancel))
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
        }

        return rows;
    }
}
