-- Accounts of their own for pgbench in the product's tables, opened as the product opens them, so that the books stay whole.
begin;

insert into credits.accounts (
    owner_id, owner_kind, free, paid, held, earned, spent, version, daily_granted_at, due_at, created_at, updated_at,
    chain_id, chain_salt, chain_tail)
select 'pgbench-' || n, 'person', 1000000000000, 0, 0, 0, 0, 1, now(), now() + interval '1 day', now(), now(),
    gen_random_uuid(), uuid_send(gen_random_uuid()), decode(repeat('00', 32), 'hex')
from generate_series(1, 256) n;

-- The first row of each chain; the parts that never change are written out (docs/reference/proofs.md).
with opened as (
    select a.owner_id, a.chain_id, a.chain_salt, a.chain_tail, gen_random_uuid() as id,
        int8send((extract(epoch from now()) * 1000000)::bigint) as at
    from credits.accounts a
    where a.owner_id like 'pgbench-%'
)
insert into credits.transactions (
    owner_id, seq, id, type, status, amount, balance_before, balance_after, app_id, description, created_at, completed_at, hash, xid)
select o.owner_id, 1, o.id, 'bonus', 'completed', 1000000000000, 0, 1000000000000, 'system', 'Signup bonus', now(), now(),
    sha256('mana-row-v1'::bytea || o.chain_tail || sha256(
        'mana-content-v1'::bytea || uuid_send(o.chain_id) || int8send(1) || uuid_send(o.id)
            || '\x0100000005626f6e75730100000009636f6d706c65746564' -- bonus, completed
            || int8send(1000000000000) || int8send(0) || int8send(1000000000000) || o.at || '\x0100000008' || o.at
            || '\x00' || '\x010000000673797374656d' -- reverses nothing, system
            || sha256('mana-text-v1'::bytea
                || sha256('mana-salt-v1'::bytea || o.chain_salt || uuid_send(o.chain_id) || int8send(1))
                || '\x010000000c5369676e757020626f6e7573' || '\x0000000000')
            || '\x000000010100000006697373756572' || '\x010000000466726565' -- one transfer, from the issuer to free
            || int8send(1000000000000) || '\x00' || '\x000000000000')),
    credits.current_xid()
from opened o;

insert into credits.transfers (owner_id, seq, ordinal, from_account, to_account, amount)
select 'pgbench-' || n, 1, 1, 'issuer', 'free', 1000000000000
from generate_series(1, 256) n;

update credits.accounts a
set chain_tail = t.hash
from credits.transactions t
where t.owner_id = a.owner_id and t.seq = 1 and a.owner_id like 'pgbench-%';

commit;

vacuum (analyze) credits.accounts, credits.transactions, credits.transfers;
