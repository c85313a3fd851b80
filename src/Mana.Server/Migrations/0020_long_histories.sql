-- Erasing somebody with a long history, and sealing after a database has come back to a cluster it was in before.

-- Whoever erases a person waits while this runs, so each row of a history is written once: what its texts contribute to the hash is kept,
-- the texts go, and the name changes with them. Holds come after the rows, because the digest of a row needs the reason of its hold. The salt
-- goes last, so that nobody can test a guess at a text.
drop function credits.forget_texts(text);

create function credits.forget_texts(owner text, pseudonym text) returns void
    language plpgsql
    set search_path = pg_catalog
as $$
declare
    chain record;
begin
    -- The sealer rolls up usage under the name it has read; it finishes first, or begins afterwards.
    perform pg_advisory_xact_lock(987654327);
    select a.chain_id, a.chain_salt into chain from credits.accounts a where a.owner_id = owner;
    update credits.transactions t
    set text_digest = case
            when chain.chain_salt is null then t.text_digest
            else credits.text_digest(t, chain.chain_id, chain.chain_salt)
        end,
        description = '', metadata = null, idempotency_key = null, fingerprint = null, organization_id = null, owner_id = pseudonym
    where t.owner_id = owner;
    update credits.holds set reason = '', owner_id = pseudonym where owner_id = owner;
    update credits.accounts set chain_salt = null where owner_id = owner;
end
$$;

revoke execute on function credits.forget_texts(text, text) from public;

-- As before, but for the history and the holds, which have their new name already.
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
    perform credits.forget_texts(owner, pseudonym);
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
            and c.oid not in ('credits.transactions'::regclass, 'credits.holds'::regclass)
        order by c.oid
    loop
        execute format('update %s set %I = $1 where %I = $2', marked.table_name, marked.column_name, marked.column_name)
            using pseudonym, owner;
    end loop;
end
$$;

-- A database that comes back to a cluster it was in before finds its old offset there, which is too low by now.
grant update (xid_offset) on credits.clusters to mana_app;
