-- Pools of organisations (rulings 18 and 18a). The organisation's account holds what is available; what was allocated and what was bought
-- follow from it and from the allocations.

create table credits.credit_allocations (
    organization_id text not null,
    employee_id text not null,
    id uuid not null,
    amount bigint not null,
    allocated_by text,
    reason text not null,
    balance_before bigint not null,
    balance_after bigint not null,
    metadata jsonb,
    created_at timestamptz not null,
    constraint credit_allocations_pkey primary key (organization_id, id),
    constraint credit_allocations_amount_in_range check (amount <> 0 and amount between -1000000000000 and 1000000000000),
    constraint credit_allocations_balance_arithmetic check (balance_after = balance_before + amount and balance_before >= 0)
);
-- Negative where credits were taken back. Both indexes carry the amount, so that sums read no row.
create index credit_allocations_organization_id_idx on credits.credit_allocations (organization_id, employee_id) include (amount);
create index credit_allocations_newest_idx on credits.credit_allocations (organization_id, created_at desc, id desc);
create index credit_allocations_allocated_by_idx on credits.credit_allocations (allocated_by) where allocated_by is not null;
create index credit_allocations_employee_id_idx on credits.credit_allocations (employee_id, created_at desc);
select mana.protect('credits.credit_allocations', 'employee_id', 'Users can view their own allocations');
grant select, insert on credits.credit_allocations to mana_app;

-- The shape of the contract; never a second truth.
create view credits.organization_balances with (security_invoker = true) as
select
    a.owner_id as organization_id,
    (a.paid + s.allocated)::bigint as balance,
    s.allocated::bigint as allocated_credits,
    a.paid as available_credits,
    (a.earned - s.returned)::bigint as total_purchased,
    a.spent as total_allocated,
    a.version,
    a.created_at,
    a.updated_at
from credits.accounts a
cross join lateral (
    select coalesce(sum(c.amount), 0) as allocated, coalesce(-sum(c.amount) filter (where c.amount < 0), 0) as returned
    from credits.credit_allocations c
    where c.organization_id = a.owner_id
) s
where a.owner_kind = 'organization';
grant select on credits.organization_balances to mana_app, mana_read;

-- As it was, and allocations: the member's owner column is marked like every other, what was written about them goes, and who decided it too.
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
    update credits.transactions
    set description = '', metadata = null, idempotency_key = null, fingerprint = null
    where owner_id = owner;
    update credits.holds set reason = '' where owner_id = owner;
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
