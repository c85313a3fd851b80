using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Mana.Ledger;
using Mana.Platform.Database;
using Mana.Protocols.Sealing;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Mana.Specs.Ledger;

/// <summary>One thing somebody with the superuser's password might do to the books.</summary>
/// <param name="Owner">Who has to be named; "seals" for the seals.</param>
/// <param name="Seqs">One of these positions has to be named with them.</param>
public sealed record Misdeed(string Sql, string Owner, long[] Seqs);

/// <summary>A small book with everything in it, and deeds of every kind, chosen by a number that repeats them.</summary>
public sealed class Tampering(House house)
{
    private const string Seals = "seals";

    private const string Texts = "credits.text_digest(t.r, t.chain_id, t.chain_salt)";

    private static readonly (string Column, string Value)[] HistoryColumns =
    [
        ("id", "gen_random_uuid()"),
        ("type", "case when type = 'gift' then 'grant' else 'gift' end::credits.transaction_type"),
        ("status", "case when status = 'failed' then 'pending' else 'failed' end::credits.transaction_status"),
        ("amount", "amount + 1, balance_after = balance_after + 1"),
        ("balance_before", "balance_before + 1, balance_after = balance_after + 1"),
        ("app_id", "app_id || 'x'"),
        ("description", "description || 'x'"),
        ("organization_id", "coalesce(organization_id, '') || 'x'"),
        ("metadata", "coalesce(metadata, '{}') || '{\"x\": 1}'"),
        ("idempotency_key", "coalesce(idempotency_key, '') || 'x', fingerprint = coalesce(fingerprint, '')"),
        ("fingerprint", "sha256(coalesce(fingerprint, '')), idempotency_key = coalesce(idempotency_key, '')"),
        ("created_at", "created_at + interval '1 microsecond'"),
        ("completed_at", "coalesce(completed_at, created_at) + interval '1 microsecond'"),
        ("reverses", "coalesce(reverses, 0) + 1"),
        ("hash", "sha256(hash)"),
        ("text_digest", "sha256(hash)"),
        ("text_digest", "sha256(hash) || sha256(hash)"),
        ("created_at", "'20000-01-01'"),
        ("completed_at", "'-infinity'"),
        ("balance_before", "null"),
        ("xid", "null"),
        ("hash", "null"),
        ("amount", "9223372036854775807"),
    ];

    private static readonly (string Column, string Value)[] AccountColumns =
    [
        ("free", "free + 1"),
        ("free", "9223372036854775807"),
        ("paid", "paid + 1"),
        ("paid", "-1"),
        ("spent", "null"),
        ("chain_id", "null"),
        ("owner_kind", "'erased'"),
        ("daily_granted_at", "'infinity'"),
        ("held", "held + 1"),
        ("earned", "earned + 1"),
        ("spent", "spent + 1"),
        ("version", "version + 1"),
        ("expires_at", "coalesce(expires_at, created_at) + interval '1 year'"),
        ("chain_id", "gen_random_uuid()"),
        ("chain_salt", "uuid_send(gen_random_uuid())"),
        ("chain_tail", "sha256(chain_tail)"),
    ];

    private static readonly (string Column, string Value)[] SealColumns =
    [
        ("xid_from", "xid_from - 1"),
        ("xid_below", "xid_below + 1"),
        ("rows", "rows + 1"),
        ("leaves", "leaves + 1"),
        ("root", "sha256(root)"),
        ("entries", "entries || '\\x00'"),
        ("previous", "sha256(previous)"),
        ("sealed_at", "sealed_at - interval '1 day'"),
        ("signature", "sha256(signature) || sha256(root)"),
        ("head", "sha256(head)"),
        ("head", "null"),
        ("sealed_at", "'20000-01-01'"),
    ];

    /// <summary>Whoever can alter rows past every policy can also take the constraints away that would refuse it.</summary>
    public const string NoMoreChecks = """
        do $$
        declare
            c record;
        begin
            for c in select conname, conrelid::regclass as name from pg_constraint where contype = 'c' and connamespace = 'credits'::regnamespace
            loop
                execute format('alter table %s drop constraint %I', c.name, c.conname);
            end loop;
            for c in
                select a.attname as column_name, a.attrelid::regclass as name
                from pg_attribute a
                join pg_class r on r.oid = a.attrelid
                where r.relnamespace = 'credits'::regnamespace and r.relkind = 'r' and a.attnum > 0 and a.attnotnull
                    and not exists (select from pg_index i where i.indrelid = r.oid and i.indisprimary and a.attnum = any(i.indkey))
            loop
                execute format('alter table %s alter column %I drop not null', c.name, c.column_name);
            end loop;
        end
        $$
        """;

    private List<(string Owner, long Version)> _owners = [];

    private List<(string Owner, long Seq)> _lots = [];

    private List<(string Owner, Guid Id, long Seq, long? Ended)> _holds = [];

    private long _seals;

    /// <summary>People with lots, holds, refunds and keys, in several seals.</summary>
    public async Task Prepare()
    {
        var service = house.Service();
        var people = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => house.Person($"p{number}")));
        for (var round = 0; round < 3; round++)
        {
            foreach (var person in people)
            {
                (await person.Use(3 + round, key: $"k{round}")).Expect(200);
                (await person.Use(1)).Expect(200);
                (await service.Grant(person, 20, $"r{round}", expiresAt: house.Clock.GetUtcNow().AddDays(9 - round))).Expect(200);
                var hold = (await service.Reserve(person, 25)).Expect(200).Text("reservationId");
                if (round < 2)
                {
                    (await (round == 0 ? service.Commit(hold, 20) : service.Release(hold))).Expect(200);
                }

                var spent = (await person.Use(7)).Expect(200).Json.GetProperty("transaction").GetProperty("id").GetString()!;
                (await service.Refund(person, spent, 4)).Expect(200);
            }

            await KeptBooks.Sealed(house.Database);
        }

        await house.Database.Tamper(NoMoreChecks);
        _owners = await Rows("select owner_id, version from credits.accounts", row => (row.GetString(0), row.GetInt64(1)));
        _lots = await Rows("select owner_id, id from credits.lots", row => (row.GetString(0), row.GetInt64(1)));
        _holds = await Rows(
            "select owner_id, id, seq, ended_seq from credits.holds",
            row => (row.GetString(0), row.GetGuid(1), row.GetInt64(2), row.IsDBNull(3) ? (long?)null : row.GetInt64(3))
        );
        _seals = await house.Database.Read<long>("select max(number) from credits.seals");
    }

    /// <summary>What deed this number stands for. The same number is the same deed.</summary>
    public Misdeed Of(int number)
    {
        var dice = new Dice(number);

        return dice.Next(6) switch
        {
            0 => History(dice),
            1 => Transfers(dice),
            2 => Account(dice),
            3 => LotOrHold(dice),
            4 => Seal(dice),
            _ => Recomputed(dice),
        };
    }

    /// <summary>Does it, checks the books, and answers whether owner and position were named.</summary>
    public async Task<string?> Escapes(KeptBooks books, Misdeed deed)
    {
        var touched = await books.Tamper(deed.Sql);
        var check = new CheckBooks(
            house.Services.GetRequiredService<Db>().Within(CheckBooks.Limit),
            house.Services.GetRequiredService<Sealer>(),
            patience: TimeSpan.Zero
        );
        var faults = (await check.Run(CancellationToken.None)).Faults;
        await books.Restore();
        if (touched == 0)
        {
            return $"nothing was done by {deed.Sql}";
        }

        var isNamed = faults.Any(fault => fault.Owner == deed.Owner && fault.Seq is { } seq && deed.Seqs.Contains(seq));

        return isNamed ? null : $"{deed.Sql}\n  wants {deed.Owner} at {string.Join(" or ", deed.Seqs)}, found {string.Join("; ", faults)}";
    }

    private Misdeed History(Dice dice)
    {
        var (owner, version) = dice.Of(_owners);
        var seq = 1 + dice.Next((int)version);
        var other = 1 + dice.Next((int)version);
        var place = $"owner_id = '{owner}' and seq = {seq}";
        switch (dice.Next(5))
        {
            case 0:
                return new Misdeed($"delete from credits.transactions where {place}", owner, [seq, seq + 1]);
            case 1:
                return new Misdeed(
                    $"""
                    insert into credits.transactions
                    select owner_id, {version
                        + 1}, gen_random_uuid(), type, status, amount, balance_before, balance_after, app_id, description,
                        organization_id, metadata, null, null, created_at, completed_at, reverses, sha256(hash), xid, null
                    from credits.transactions where {place}
                    """,
                    owner,
                    [version, version + 1]
                );
            case 2 when seq != other:
                return new Misdeed(
                    $"""
                    update credits.transactions set seq = -seq + 1000 where {place};
                    update credits.transactions set seq = {seq} where owner_id = '{owner}' and seq = {other};
                    update credits.transactions set seq = {other} where owner_id = '{owner}' and seq = {1000 - seq}
                    """,
                    owner,
                    [Math.Min(seq, other)]
                );
            case 3:
                return new Misdeed($"update credits.transactions set xid = xid + 1000000000 where {place}", owner, [seq]);
            default:
                var (column, value) = dice.Of(HistoryColumns);
                return new Misdeed($"update credits.transactions set {column} = {value} where {place}", owner, [seq]);
        }
    }

    private Misdeed Transfers(Dice dice)
    {
        var (owner, version) = dice.Of(_owners);
        var seq = 1 + dice.Next((int)version);
        var place = $"owner_id = '{owner}' and seq = {seq} and ordinal = 1";
        var sql = dice.Next(8) switch
        {
            0 => $"delete from credits.transfers where {place}",
            1 =>
                $"insert into credits.transfers select owner_id, seq, 99, from_account, to_account, amount, lot from credits.transfers where {place}",
            2 => $"update credits.transfers set ordinal = 99, lot = coalesce(lot, 0) + 1 where {place}",
            3 => $"update credits.transfers set from_account = from_account || 'x' where {place}",
            4 => $"update credits.transfers set to_account = to_account || 'x' where {place}",
            5 => $"update credits.transfers set amount = -9223372036854775808 where {place}",
            6 => $"update credits.transfers set from_account = null where {place}",
            _ => $"update credits.transfers set amount = amount + 1 where {place}",
        };

        return new Misdeed(sql, owner, [seq]);
    }

    private Misdeed Account(Dice dice)
    {
        var (owner, version) = dice.Of(_owners);
        var (column, value) = dice.Of(AccountColumns);

        return dice.Next(9) switch
        {
            0 => new Misdeed($"delete from credits.accounts where owner_id = '{owner}'", owner, [version]),
            1 => new Misdeed($"select credits.forget_texts('{owner}', '{owner}')", owner, [version]),
            _ => new Misdeed(
                $"update credits.accounts set {column} = {value} where owner_id = '{owner}'",
                owner,
                [1, version, version + 1]
            ),
        };
    }

    private Misdeed LotOrHold(Dice dice)
    {
        if (dice.Next(2) == 0)
        {
            var (owner, id) = dice.Of(_lots);
            var version = _owners.Single(each => each.Owner == owner).Version;
            var place = $"owner_id = '{owner}' and id = {id}";
            string[] changes =
            [
                "remaining = remaining + 1",
                "held = held + 1",
                "bucket = case bucket when 'free' then 'paid' else 'free' end",
                "priority = priority + 1",
                "expires_at = expires_at + interval '1 second'",
                "opened_at = opened_at - interval '1 second'",
                "opened_at = null",
                "expires_at = '20000-01-01'",
                "held = 9223372036854775807",
                "id = id + 256000",
            ];

            return new Misdeed(
                dice.Next(7) == 0 ? $"delete from credits.lots where {place}" : $"update credits.lots set {dice.Of(changes)} where {place}",
                owner,
                [id / 256, version]
            );
        }

        var hold = dice.Of(_holds);
        var at = $"owner_id = '{hold.Owner}' and id = '{hold.Id}'";
        string[] edits =
        [
            "amount = amount + 1",
            "app_id = app_id || 'x'",
            "reason = reason || 'x'",
            "kind = case kind when 'gift' then 'reservation' else 'gift' end",
            "expires_at = expires_at + interval '1 second'",
            "created_at = created_at - interval '1 second'",
            "created_at = '-infinity'",
            "reason = null",
            "amount = 9223372036854775807",
            "id = gen_random_uuid()",
            "seq = seq + 1000",
            "ended_seq = coalesce(ended_seq, 0) + 1000, ended_as = coalesce(ended_as, 'released')",
        ];

        return new Misdeed(
            dice.Next(9) == 0 ? $"delete from credits.holds where {at}" : $"update credits.holds set {dice.Of(edits)} where {at}",
            hold.Owner,
            hold.Ended is { } ended ? [hold.Seq, ended] : [hold.Seq, hold.Seq + 1000, 1000, 1001]
        );
    }

    private Misdeed Seal(Dice dice)
    {
        var number = 1 + dice.Next((int)_seals);
        var (column, value) = dice.Of(SealColumns);

        return dice.Next(8) switch
        {
            0 when number < _seals => new Misdeed($"delete from credits.seals where number = {number}", Seals, [number + 1]),
            1 => new Misdeed(
                $"""
                insert into credits.seals
                select {_seals
                    + 1}, xid_below + 100000, xid_below + 100001, rows, leaves, root, entries, head, sealed_at, key_id, signature, head
                from credits.seals where number = {_seals}
                """,
                Seals,
                [_seals + 1]
            ),
            2 => new Misdeed("update credits.seal_keys set public_key = sha256(public_key)", Seals, [1]),
            3 => new Misdeed("delete from credits.seal_keys", Seals, [1]),
            4 when number < _seals => new Misdeed(
                $"""
                update credits.seals set number = 1000 where number = {number};
                update credits.seals set number = {number} where number = {number + 1};
                update credits.seals set number = {number + 1} where number = 1000
                """,
                Seals,
                [number]
            ),
            _ => new Misdeed($"update credits.seals set {column} = {value} where number = {number}", Seals, [number]),
        };
    }

    /// <summary>A change, and behind it every hash made to fit again, up to the account. Only the key is missing.</summary>
    private Misdeed Recomputed(Dice dice)
    {
        var (owner, version) = dice.Of(_owners);
        var seq = 1 + dice.Next((int)version);
        var place = $"owner_id = '{owner}' and seq = {seq}";
        var change = dice.Next(4) switch
        {
            0 => $"update credits.transactions set description = description || 'x' where {place}",
            1 => $"update credits.transactions set created_at = created_at - interval '1 day' where {place}",
            2 => $"update credits.transactions set app_id = app_id || 'x' where {place}",
            _ => $"""
                update credits.transactions set amount = amount + 1, balance_after = balance_after + 1 where {place};
                update credits.transactions set balance_before = balance_before + 1, balance_after = balance_after + 1
                where owner_id = '{owner}' and seq > {seq};
                update credits.transfers set amount = amount + case when to_account in ('free', 'paid') then 1 else -1 end
                where {place} and ordinal = 1;
                update credits.accounts set free = free + 1 where owner_id = '{owner}'
                """,
        };

        return new Misdeed(change + ";" + Rechaining(), owner, [.. Enumerable.Range(1, (int)seq).Select(each => (long)each)]);
    }

    /// <summary>The migration that chained what was there computes every hash in SQL.</summary>
    public static string Rechaining()
    {
        var folder = Path.Combine(Tidy.Repository.Root, "src", "Mana.Server", "Migrations");
        var migration = File.ReadAllText(Directory.GetFiles(folder, "*_proofs.sql").Single());
        var block = migration[migration.IndexOf("do $$", StringComparison.Ordinal)..];

        return block[..block.IndexOf("$$;", StringComparison.Ordinal)]
                .Replace(", xid = credits.current_xid()", "", StringComparison.Ordinal)
                // Of somebody who was erased only the digest is left; when this migrates, nobody was erased with a salt.
                .Replace(Texts, $"coalesce((t.r).text_digest, {Texts})", StringComparison.Ordinal) + "$$";
    }

    private async Task<List<T>> Rows<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var connection = await house.Database.AsAdmin();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Numbers that look random and are the same every time.</summary>
    private sealed class Dice(int seed)
    {
        private int _thrown;

        public int Next(int sides)
        {
            var thrown = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{_thrown++}"));

            return (int)(BinaryPrimitives.ReadUInt32BigEndian(thrown) % (uint)sides);
        }

        public T Of<T>(IReadOnlyList<T> choices) => choices[Next(choices.Count)];
    }
}
