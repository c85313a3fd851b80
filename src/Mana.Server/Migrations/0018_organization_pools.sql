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
