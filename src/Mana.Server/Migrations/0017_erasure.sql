-- Erasing a person (rulings 18a and 24). Whatever belongs to them below auth and jobs goes with their row by foreign keys; the books stay
-- and lose the person.

grant delete on auth.users to mana_app;

-- Closed accounts are found by this when their time is over; almost nobody's is closed.
create index users_deleted_at_idx on auth.users (deleted_at) where deleted_at is not null;

-- An event outlives its person without anything that leads back to them (B-83). The foreign key takes the id away; with it goes where they
-- were, what they used, and whatever else was noted.
create function auth.forget_person() returns trigger
    language plpgsql
    set search_path = pg_catalog
as $$
begin
    new.ip_address := '';
    new.user_agent := '';
    new.metadata := null;
    return new;
end
$$;

create trigger security_events_orphaned
    before update of user_id on auth.security_events
    for each row when (old.user_id is not null and new.user_id is null)
    execute function auth.forget_person();

-- The account of somebody who is gone: nothing is granted to it any more.
alter table credits.accounts drop constraint accounts_owner_kind_known;
alter table credits.accounts add constraint accounts_owner_kind_known check (owner_kind in ('person', 'organization', 'erased'));

-- Gifts to an address that is erased are found by it.
create index gifts_target_email_idx on credits.gifts (target_email) where target_email is not null;

-- The books are append-only for the service, so their owner's name is changed by their owner's database role: in every table of the
-- schema whose owner column is marked, so that a table added later is not forgotten. What people wrote goes; amounts, times and apps stay.
-- An idempotency key protects a caller who can no longer call. A gift to the address of somebody who is gone is for nobody: it must not
-- become one anybody may take, and its giver gets it back when its time is over. The payment stays with a purchase, as accountants need it;
-- whose customer paid does not.
create function credits.detach_owner(owner text, address text, pseudonym text) returns void
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
    update credits.transactions
    set description = '', metadata = null, idempotency_key = null, fingerprint = null
    where owner_id = owner;
    update credits.holds set reason = '' where owner_id = owner;
    update credits.purchases set metadata = null, stripe_customer_id = null, stripe_checkout_session_id = null where user_id = owner;
    update credits.gifts set message = null, target_email = case when target_email is not null then '' end where creator_id = owner;
    update credits.gifts set target_email = '' where target_email = address;
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

revoke execute on function credits.detach_owner(text, text, text) from public;
grant execute on function credits.detach_owner(text, text, text) to mana_app;
