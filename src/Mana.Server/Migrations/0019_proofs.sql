-- Books that can be proven (ruling 18d): every history row carries the hash of the one before it. The format is documented in
-- docs/reference/proofs.md; nothing that names a person goes into a hash, and texts only behind a salt that can be thrown away.

-- Transaction ids order the rows for sealing. They begin anew in another cluster, so a dump that is restored there goes on above
-- everything it contains: each cluster has an offset of its own.
create table credits.clusters (
    system_identifier bigint not null,
    xid_offset bigint not null,
    constraint clusters_pkey primary key (system_identifier)
);
select mana.protect('credits.clusters');
grant select, insert on credits.clusters to mana_app;

insert into credits.clusters (system_identifier, xid_offset) select system_identifier, 0 from pg_control_system();

-- NULL in a cluster nobody has registered yet; then nothing can be written to the books.
create function credits.current_xid() returns bigint
    language sql stable
    set search_path = pg_catalog
    return (
        select pg_current_xact_id()::text::bigint + c.xid_offset
        from credits.clusters c
        where c.system_identifier = (select s.system_identifier from pg_control_system() s)
    );

revoke execute on function credits.current_xid() from public;
grant execute on function credits.current_xid() to mana_app;

-- A part that may be absent: 0, or 1, its length and its bytes.
create function credits.proof_part(part bytea) returns bytea
    language sql immutable
    return case when part is null then '\x00'::bytea else '\x01'::bytea || int4send(octet_length(part)) || part end;

-- What a row's texts contribute to its hash. The salt is thrown away with the texts when a person is erased; this stays.
create function credits.text_digest(t credits.transactions, chain_id uuid, chain_salt bytea) returns bytea
    language sql stable
    return sha256(
        'mana-text-v1'::bytea
            || sha256('mana-salt-v1'::bytea || chain_salt || uuid_send(chain_id) || int8send(t.seq))
            || credits.proof_part(convert_to(t.description, 'UTF8'))
            || credits.proof_part(convert_to(t.metadata::text, 'UTF8'))
            || credits.proof_part(convert_to(t.idempotency_key, 'UTF8'))
            || credits.proof_part(t.fingerprint)
            || credits.proof_part(convert_to(t.organization_id, 'UTF8'))
            || credits.proof_part(convert_to(
                (select h.reason from credits.holds h where h.owner_id = t.owner_id and h.seq = t.seq), 'UTF8'))
    );

revoke execute on function credits.proof_part(bytea), credits.text_digest(credits.transactions, uuid, bytea) from public;

-- The chain of an owner: its random name, its salt, and the hash of its newest row, read with the lock that is taken anyway.
alter table credits.accounts
    add column chain_id uuid not null default gen_random_uuid(),
    add column chain_salt bytea default uuid_send(gen_random_uuid()),
    add column chain_tail bytea not null default decode(repeat('00', 32), 'hex');
alter table credits.accounts
    alter column chain_id drop default,
    alter column chain_salt drop default,
    alter column chain_tail drop default,
    add constraint accounts_chain_id_unique unique (chain_id),
    add constraint accounts_chain_salt_length check (octet_length(chain_salt) = 16),
    add constraint accounts_chain_tail_length check (octet_length(chain_tail) = 32);

alter table credits.transactions
    add column hash bytea,
    add column xid bigint,
    add column text_digest bytea;

-- Who looks a position up by the hold that ended there.
create index holds_ended_seq_idx on credits.holds (owner_id, ended_seq) where ended_seq is not null;

-- History that is there already is chained as if it had been from the beginning.
do $$
declare
    t record;
    previous bytea;
    before text;
begin
    for t in
        select r, a.chain_id, a.chain_salt
        from credits.transactions r
        join credits.accounts a on a.owner_id = r.owner_id
        order by r.owner_id, r.seq
    loop
        if (t.r).owner_id is distinct from before then
            previous := decode(repeat('00', 32), 'hex');
            before := (t.r).owner_id;
        end if;
        previous := sha256('mana-row-v1'::bytea || previous || sha256(
            'mana-content-v1'::bytea || uuid_send(t.chain_id) || int8send((t.r).seq) || uuid_send((t.r).id)
                || credits.proof_part((t.r).type::text::bytea) || credits.proof_part((t.r).status::text::bytea)
                || int8send((t.r).amount) || int8send((t.r).balance_before) || int8send((t.r).balance_after)
                || int8send((extract(epoch from (t.r).created_at) * 1000000)::bigint)
                || credits.proof_part(int8send((extract(epoch from (t.r).completed_at) * 1000000)::bigint))
                || credits.proof_part(int8send((t.r).reverses))
                || credits.proof_part(convert_to((t.r).app_id, 'UTF8'))
                || credits.text_digest(t.r, t.chain_id, t.chain_salt)
                || (
                    select int4send(count(*)::integer) || coalesce(string_agg(
                        credits.proof_part(convert_to(f.from_account, 'UTF8')) || credits.proof_part(convert_to(f.to_account, 'UTF8'))
                            || int8send(f.amount) || credits.proof_part(int8send(f.lot)), '' order by f.ordinal), '')
                    from credits.transfers f where f.owner_id = (t.r).owner_id and f.seq = (t.r).seq
                )
                || (
                    select int4send(count(*)::integer) || coalesce(string_agg(
                        int8send(l.id) || credits.proof_part(l.bucket::bytea) || int8send(l.priority)
                            || credits.proof_part(int8send((extract(epoch from l.expires_at) * 1000000)::bigint))
                            || int8send((extract(epoch from l.opened_at) * 1000000)::bigint), '' order by l.id), '')
                    from credits.lots l where l.owner_id = (t.r).owner_id and l.id / 256 = (t.r).seq
                )
                || coalesce((
                    select '\x01'::bytea || uuid_send(h.id) || credits.proof_part(h.kind::bytea) || int8send(h.amount) || credits.proof_part(convert_to(h.app_id, 'UTF8'))
                        || int8send((extract(epoch from h.expires_at) * 1000000)::bigint)
                        || int8send((extract(epoch from h.created_at) * 1000000)::bigint)
                    from credits.holds h where h.owner_id = (t.r).owner_id and h.seq = (t.r).seq
                ), '\x00'::bytea)
                || coalesce((
                    select '\x01'::bytea || uuid_send(h.id) || credits.proof_part(h.ended_as::bytea)
                    from credits.holds h where h.owner_id = (t.r).owner_id and h.ended_seq = (t.r).seq
                ), '\x00'::bytea)));
        update credits.transactions u
        set hash = previous, xid = credits.current_xid()
        where u.owner_id = (t.r).owner_id and u.seq = (t.r).seq;
        update credits.accounts a set chain_tail = previous where a.owner_id = (t.r).owner_id;
    end loop;
end
$$;

alter table credits.transactions
    alter column hash set not null,
    alter column xid set not null,
    add constraint transactions_hash_length check (octet_length(hash) = 32),
    add constraint transactions_xid_positive check (xid > 0);
create index transactions_xid_idx on credits.transactions (xid);

-- For whoever erases a person: what the texts contribute is kept, then the salt goes, so that nobody can test a guess at them.
create function credits.forget_texts(owner text) returns void
    language plpgsql
    set search_path = pg_catalog
as $$
begin
    -- The sealer rolls up usage under the name it has read; it finishes first, or begins afterwards.
    perform pg_advisory_xact_lock(987654327);
    update credits.transactions t
    set text_digest = credits.text_digest(t, a.chain_id, a.chain_salt)
    from credits.accounts a
    where t.owner_id = owner and a.owner_id = owner and a.chain_salt is not null;
    update credits.transactions
    set description = '', metadata = null, idempotency_key = null, fingerprint = null, organization_id = null
    where owner_id = owner;
    update credits.holds set reason = '' where owner_id = owner;
    update credits.accounts set chain_salt = null where owner_id = owner;
end
$$;

revoke execute on function credits.forget_texts(text) from public;

-- As before, but for the texts.
create or replace function credits.detach_owner(owner text, address text, pseudonym text) returns void
    language plpgsql
    security definer
    set search_path = pg_catalog
as $$
declare
    marked record;
begin
    if auth.role() is distinct from 'service' then
        raise exception 'owners are detached in service scope only' using errcode = 'insufficient_privilege';
    end if;
    perform credits.forget_texts(owner);
    update credits.purchases set metadata = null, stripe_customer_id = null, stripe_checkout_session_id = null where user_id = owner;
    update credits.gifts set message = null, target_email = case when target_email is not null then '' end where creator_id = owner;
    update credits.gifts set target_email = '' where target_email = address;
    update credits.credit_allocations set reason = '', metadata = null where employee_id = owner;
    update credits.credit_allocations set allocated_by = null where allocated_by = owner;
    update credits.accounts set owner_kind = 'erased' where owner_id = owner;
    for marked in
        select c.oid::regclass as table_name, a.attname as column_name
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid
        where n.nspname = 'credits' and c.relkind in ('r', 'p') and not c.relispartition
            and col_description(c.oid, a.attnum) = 'mana:owner'
        order by c.oid
    loop
        execute format('update %s set %I = $1 where %I = $2', marked.table_name, marked.column_name, marked.column_name)
            using pseudonym, owner;
    end loop;
end
$$;

-- Keys that sign seals. They are kept for ever, because every seal is checked with the key that made it.
create table credits.seal_keys (
    id text not null,
    public_key bytea not null,
    private_key text not null,
    created_at timestamptz not null,
    constraint seal_keys_pkey primary key (id),
    constraint seal_keys_public_key_length check (octet_length(public_key) = 32)
);
select mana.protect('credits.seal_keys');
grant select, insert on credits.seal_keys to mana_app;

-- A signed root over the newest rows of every history that grew: all rows whose transaction id lies in the range. Each seal names the
-- head of the one before it, so that none can be taken away or exchanged alone.
create table credits.seals (
    number bigint not null,
    xid_from bigint not null,
    xid_below bigint not null,
    rows bigint not null,
    leaves integer not null,
    root bytea not null,
    entries bytea not null,
    previous bytea not null,
    sealed_at timestamptz not null,
    key_id text not null,
    signature bytea not null,
    head bytea not null,
    constraint seals_pkey primary key (number),
    constraint seals_xid_below_unique unique (xid_below),
    constraint seals_number_positive check (number > 0),
    constraint seals_range_not_empty check (xid_from < xid_below),
    constraint seals_hash_lengths check (octet_length(root) = 32 and octet_length(previous) = 32 and octet_length(head) = 32),
    constraint seals_signature_length check (octet_length(signature) = 64),
    constraint seals_key_id_fkey foreign key (key_id) references credits.seal_keys (id)
);
-- Parts of random ids and hashes: nothing that could be compressed.
alter table credits.seals alter column entries set storage external;
select mana.protect('credits.seals');
grant select, insert on credits.seals to mana_app;

-- What an owner spent in an app on one day of UTC, rolled up with the seal that covers it.
create table credits.usage_stats (
    owner_id text not null,
    day date not null,
    app_id text not null,
    used bigint not null,
    refunded bigint not null,
    uses bigint not null,
    constraint usage_stats_pkey primary key (owner_id, day, app_id)
) with (fillfactor = 70);
select mana.protect('credits.usage_stats', 'owner_id', 'Users can view their own usage stats');
grant select, insert, update (used, refunded, uses) on credits.usage_stats to mana_app;
