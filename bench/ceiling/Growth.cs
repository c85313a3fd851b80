using System.Diagnostics;
using Npgsql;

namespace Ceiling;

/// <summary>
/// Years of spending in the product's tables: debits of many owners in turn, one transaction a round, each row linked to the one before it
/// (docs/reference/proofs.md), so that the books stay whole. The parts of the hash that never change are written out.
/// </summary>
internal static class Growth
{
    private const string Open = """
        insert into credits.accounts (
            owner_id, owner_kind, free, paid, held, earned, spent, version, daily_granted_at, due_at, created_at, updated_at,
            chain_id, chain_salt, chain_tail)
        select 'growth-' || lpad(n::text, 6, '0'), 'person', 1000000000, 0, 0, 0, 0, 0, now(), now() + interval '1 day', now(), now(),
            gen_random_uuid(), uuid_send(gen_random_uuid()), decode(repeat('00', 32), 'hex')
        from generate_series(1, $1::bigint) n
        on conflict do nothing
        """;

    private const string Bonus = """
        with made as materialized (
            select a.owner_id, a.chain_id, a.chain_salt, a.chain_tail, gen_random_uuid() as id,
                int8send((extract(epoch from now()) * 1000000)::bigint) as at
            from credits.accounts a
            where a.owner_id like 'growth-%'
        ), linked as materialized (
            select m.owner_id, m.id, sha256('mana-row-v1'::bytea || m.chain_tail || sha256(
                'mana-content-v1'::bytea || uuid_send(m.chain_id) || int8send(1) || uuid_send(m.id)
                    || '\x0100000005626f6e75730100000009636f6d706c65746564'
                    || int8send(1000000000) || int8send(0) || int8send(1000000000) || m.at || '\x0100000008' || m.at
                    || '\x00' || '\x010000000673797374656d'
                    || sha256('mana-text-v1'::bytea
                        || sha256('mana-salt-v1'::bytea || m.chain_salt || uuid_send(m.chain_id) || int8send(1))
                        || '\x010000000c5369676e757020626f6e7573' || '\x0000000000')
                    || '\x000000010100000006697373756572' || '\x010000000466726565'
                    || int8send(1000000000) || '\x00' || '\x000000000000')) as hash
            from made m
        ), opened as (
            update credits.accounts a set version = 1, chain_tail = l.hash from linked l where a.owner_id = l.owner_id
        ), moved as (
            insert into credits.transfers (owner_id, seq, ordinal, from_account, to_account, amount)
            select owner_id, 1, 1, 'issuer', 'free', 1000000000 from linked
        )
        insert into credits.transactions (
            owner_id, seq, id, type, status, amount, balance_before, balance_after, app_id, description, created_at, completed_at, hash, xid)
        select owner_id, 1, id, 'bonus', 'completed', 1000000000, 0, 1000000000, 'system', 'Signup bonus', now(), now(), hash,
            (select credits.current_xid())
        from linked
        """;

    private static readonly TimeSpan PatienceWithSeals = TimeSpan.FromMinutes(30);

    // In no order, as people come; the keys and ids look like the product's.
    private const string Debits = """
        with made as materialized (
            select a.owner_id, a.chain_id, a.chain_salt, a.chain_tail, a.version + 1 as seq, a.free + a.paid as balance,
                int8send((extract(epoch from now()) * 1000000)::bigint) as at,
                'key-' || substring(a.owner_id from 8) || '-' || a.version as key,
                encode(
                    substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
                        || substring(uuid_send(gen_random_uuid()) from 7),
                    'hex')::uuid as id
            from credits.accounts a
            where a.owner_id like $1
            order by random()
        ), linked as materialized (
            select m.owner_id, m.seq, m.balance, m.key, m.id, sha256('mana-row-v1'::bytea || m.chain_tail || sha256(
                'mana-content-v1'::bytea || uuid_send(m.chain_id) || int8send(m.seq) || uuid_send(m.id)
                    || '\x010000000575736167650100000009636f6d706c65746564'
                    || int8send(-1) || int8send(m.balance) || int8send(m.balance - 1) || m.at || '\x0100000008' || m.at
                    || '\x00' || '\x010000000463686174'
                    || sha256('mana-text-v1'::bytea
                        || sha256('mana-salt-v1'::bytea || m.chain_salt || uuid_send(m.chain_id) || int8send(m.seq))
                        || '\x01000000076d657373616765' || '\x00' || '\x01' || int4send(octet_length(m.key)) || m.key::bytea
                        || '\x0100000020' || decode(repeat('00', 32), 'hex') || '\x0000')
                    || '\x00000001010000000466726565' || '\x01000000086170703a63686174'
                    || int8send(1) || '\x00' || '\x000000000000')) as hash
            from made m
        ), spent as (
            update credits.accounts a
            set free = a.free - 1, spent = a.spent + 1, version = l.seq, updated_at = now(), chain_tail = l.hash
            from linked l
            where a.owner_id = l.owner_id
        ), moved as (
            insert into credits.transfers (owner_id, seq, ordinal, from_account, to_account, amount)
            select owner_id, seq, 1, 'free', 'app:chat', 1 from linked
        )
        insert into credits.transactions (
            owner_id, seq, id, type, status, amount, balance_before, balance_after, app_id, description, idempotency_key, fingerprint,
            created_at, completed_at, hash, xid)
        select owner_id, seq, id, 'usage', 'completed', -1, balance, balance - 1, 'chat', 'message', key,
            '\x0000000000000000000000000000000000000000000000000000000000000000', now(), now(), hash, (select credits.current_xid())
        from linked
        """;

    /// <summary>Opens that many owners, unless there are some, and lets each spend that many times.</summary>
    public static async Task<int> Make(string admin, string name, long owners, int debitsEach)
    {
        await using var database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(admin) { Database = name, CommandTimeout = 0 }
        );
        if (await Run(database, Open, owners) > 0)
        {
            await Run(database, Bonus);
        }

        await Spend(database, "growth-%", debitsEach);
        await Databases.Run(database, "vacuum (analyze) credits.accounts, credits.transactions, credits.transfers");

        return 0;
    }

    /// <summary>Lets one person spend that many times, and says the id of the row in the middle of their history.</summary>
    public static async Task<int> Deepen(string admin, string name, string email, int debits)
    {
        await using var database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(admin) { Database = name, CommandTimeout = 0 }
        );
        var owner = await Value(database, "select id from auth.users where email = $1", email);
        await Spend(database, owner, debits);
        Console.WriteLine(
            await Value(
                database,
                "select t.id::text from credits.transactions t join credits.accounts a using (owner_id) where t.owner_id = $1 and t.seq = a.version / 2",
                owner
            )
        );

        return 0;
    }

    /// <summary>What was written in bulk is sealed in bulk, and no server does that while it is measured.</summary>
    public static async Task<int> UntilSealed(string admin, string name)
    {
        const string isSealed = """
            select case when (select max(t.xid) from credits.transactions t) < (select max(s.xid_below) from credits.seals s) then 'yes' else 'no' end
            """;
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(admin) { Database = name });
        var waited = Stopwatch.StartNew();
        while (await Value(database, isSealed) != "yes")
        {
            if (waited.Elapsed > PatienceWithSeals)
            {
                throw new TimeoutException($"{name} is not sealed after {PatienceWithSeals}.");
            }

            await Task.Delay(TimeSpan.FromSeconds(1));
        }

        return 0;
    }

    private static async Task Spend(NpgsqlDataSource database, string owners, int debitsEach)
    {
        for (var round = 0; round < debitsEach; round++)
        {
            await Run(database, Debits, owners);
        }
    }

    private static async Task<int> Run(NpgsqlDataSource database, string sql, params object[] values)
    {
        await using var command = Command(database, sql, values);

        return await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> Value(NpgsqlDataSource database, string sql, params object[] values)
    {
        await using var command = Command(database, sql, values);

        return (string?)await command.ExecuteScalarAsync() ?? throw new InvalidOperationException($"No row: {sql}");
    }

    private static NpgsqlCommand Command(NpgsqlDataSource database, string sql, object[] values)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.AddRange(Array.ConvertAll(values, value => new NpgsqlParameter { Value = value }));

        return command;
    }
}
