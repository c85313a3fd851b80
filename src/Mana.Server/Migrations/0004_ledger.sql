-- The double-entry ledger (rulings 15 to 18b). A ledger account is (owner, kind). The kinds of one owner share one row, so a movement
-- takes one lock; system accounts (issuer, app:…, breakage, …) keep no running balance, otherwise every spend would queue on one row.
-- No foreign key leads to auth: the books stay when a person goes.

create type credits.transaction_type as enum ('purchase', 'usage', 'refund', 'bonus', 'expiry', 'adjustment', 'grant', 'gift');
create type credits.transaction_status as enum ('pending', 'completed', 'failed', 'cancelled');

create table credits.accounts (
    owner_id text not null,
    owner_kind text not null,
    free bigint not null,
    paid bigint not null,
    held bigint not null,
    earned bigint not null,
    spent bigint not null,
    version bigint not null,
    daily_granted_at timestamptz not null,
    due_at timestamptz not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint accounts_pkey primary key (owner_id),
    constraint accounts_owner_present check (owner_id <> ''),
    constraint accounts_owner_kind_known check (owner_kind in ('person', 'organization')),
    constraint accounts_free_in_range check (free between 0 and 1000000000000000),
    constraint accounts_paid_in_range check (paid between 0 and 1000000000000000),
    constraint accounts_held_in_range check (held between 0 and 1000000000000000),
    constraint accounts_earned_in_range check (earned between 0 and 1000000000000000),
    constraint accounts_spent_in_range check (spent between 0 and 1000000000000000),
    constraint accounts_version_in_range check (version >= 0)
) with (fillfactor = 70);
select mana.protect('credits.accounts', 'owner_id', 'Users can view their own balance');
grant select, insert, update on credits.accounts to mana_app;

-- The history a person sees. seq is the account's version taken under its lock, so positions have no gaps; id is unique per owner.
create table credits.transactions (
    owner_id text not null,
    seq bigint not null,
    id uuid not null,
    type credits.transaction_type not null,
    status credits.transaction_status not null,
    amount bigint not null,
    balance_before bigint not null,
    balance_after bigint not null,
    app_id text not null,
    description text not null,
    organization_id text,
    metadata jsonb,
    idempotency_key text,
    fingerprint bytea,
    created_at timestamptz not null,
    completed_at timestamptz,
    constraint transactions_pkey primary key (owner_id, seq),
    constraint transactions_id_unique unique (owner_id, id),
    constraint transactions_seq_positive check (seq > 0),
    constraint transactions_amount_in_range check (amount <> 0 and amount between -1000000000000 and 1000000000000),
    constraint transactions_balance_positive check (balance_before >= 0 and balance_after >= 0),
    constraint transactions_balance_arithmetic check (balance_after = balance_before + amount),
    constraint transactions_key_with_fingerprint check ((idempotency_key is null) = (fingerprint is null))
);
create unique index transactions_idempotency_key_unique on credits.transactions (owner_id, idempotency_key)
    where idempotency_key is not null;
select mana.protect('credits.transactions', 'owner_id', 'Users can view their own transactions');
grant select, insert on credits.transactions to mana_app;

-- Credits leaving one account for another. Append-only: a mistake is reversed, never edited.
create table credits.transfers (
    owner_id text not null,
    seq bigint not null,
    ordinal smallint not null,
    from_account text not null,
    to_account text not null,
    amount bigint not null,
    constraint transfers_pkey primary key (owner_id, seq, ordinal),
    constraint transfers_amount_in_range check (amount between 1 and 1000000000000),
    constraint transfers_between_two check (from_account <> to_account),
    constraint transfers_name_their_owner check (from_account in ('free', 'paid', 'held') or to_account in ('free', 'paid', 'held'))
);
select mana.protect('credits.transfers', 'owner_id', 'Users can view their own transfers');
grant select, insert on credits.transfers to mana_app;

-- The shape of the contract; never a second truth.
create view credits.balances with (security_invoker = true) as
select
    owner_id as user_id,
    paid as balance,
    free as free_credits_remaining,
    daily_granted_at as last_daily_reset_at,
    earned as total_earned,
    spent as total_spent,
    version,
    created_at,
    updated_at
from credits.accounts
where owner_kind = 'person';
grant select on credits.balances to mana_app, mana_read;
