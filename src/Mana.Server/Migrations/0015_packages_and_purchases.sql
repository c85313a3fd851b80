-- What can be bought, and what was bought (contract 2.3). How credits are paid for comes with the payment provider; until then these are
-- tables to read. As everywhere in this schema no foreign key leads to auth.

create table credits.packages (
    id uuid not null,
    name text not null,
    description text,
    credits bigint not null,
    price_euro_cents bigint not null,
    stripe_price_id text,
    active boolean not null default true,
    sort_order integer not null default 0,
    metadata jsonb,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint packages_pkey primary key (id),
    constraint packages_stripe_price_id_unique unique (stripe_price_id),
    constraint packages_credits_in_range check (credits between 1 and 1000000000000),
    constraint packages_price_in_range check (price_euro_cents between 1 and 1000000000000)
);
select mana.protect('credits.packages');
grant select on credits.packages to mana_app;

-- 100 credits cost one euro, whatever the package (contract 3.5).
insert into credits.packages (id, name, description, credits, price_euro_cents, sort_order, created_at, updated_at)
values
    ('0198c000-0000-7000-8000-000000000001', 'Starter', '100 credits', 100, 100, 1, now(), now()),
    ('0198c000-0000-7000-8000-000000000002', 'Regular', '500 credits', 500, 500, 2, now(), now()),
    ('0198c000-0000-7000-8000-000000000003', 'Large', '1,000 credits', 1000, 1000, 3, now(), now()),
    ('0198c000-0000-7000-8000-000000000004', 'Huge', '2,000 credits', 2000, 2000, 4, now(), now());

-- Credits and price are copied: a package that changes later changes no purchase.
create table credits.purchases (
    user_id text not null,
    id uuid not null,
    package_id uuid,
    organization_id text,
    credits bigint not null,
    price_euro_cents bigint not null,
    status credits.transaction_status not null default 'pending',
    stripe_payment_intent_id text,
    stripe_checkout_session_id text,
    stripe_customer_id text,
    metadata jsonb,
    created_at timestamptz not null,
    completed_at timestamptz,
    constraint purchases_pkey primary key (user_id, id),
    constraint purchases_package_id_packages_id_fk foreign key (package_id) references credits.packages (id),
    constraint purchases_stripe_payment_intent_id_unique unique (stripe_payment_intent_id),
    constraint purchases_stripe_checkout_session_id_unique unique (stripe_checkout_session_id),
    constraint purchases_credits_in_range check (credits between 1 and 1000000000000),
    constraint purchases_price_in_range check (price_euro_cents between 1 and 1000000000000),
    constraint purchases_completed_whole check ((status = 'completed') = (completed_at is not null))
);
create index purchases_user_id_idx on credits.purchases (user_id, created_at desc, id desc);
select mana.protect('credits.purchases', 'user_id', 'Users can view their own purchases');
grant select on credits.purchases to mana_app;
