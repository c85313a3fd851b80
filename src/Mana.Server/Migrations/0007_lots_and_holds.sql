-- Credits with an expiry or a priority (lots), and credits set aside for an operation that is still running (holds), ruling 18b.

alter table credits.accounts add column expires_at timestamptz;
-- Whatever expires without anybody calling is found here; most accounts have nothing that does.
create index accounts_expires_at_idx on credits.accounts (expires_at) where expires_at is not null;

-- Plain credits have no lot. What is left of a lot is part of the bucket it belongs to; the transfers that name it prove how much.
create table credits.lots (
    owner_id text not null,
    id bigint not null,
    bucket text not null,
    priority smallint not null,
    expires_at timestamptz,
    remaining bigint not null,
    held bigint not null,
    opened_at timestamptz not null,
    constraint lots_pkey primary key (owner_id, id),
    constraint lots_bucket_known check (bucket in ('free', 'paid')),
    constraint lots_priority_in_range check (priority between 0 and 1000),
    constraint lots_remaining_in_range check (remaining between 0 and 1000000000000000),
    constraint lots_held_in_range check (held between 0 and 1000000000000000)
) with (fillfactor = 70);
create index lots_open_idx on credits.lots (owner_id) where remaining > 0 or held > 0;
select mana.protect('credits.lots', 'owner_id', 'Users can view their own lots');
grant select, insert, update on credits.lots to mana_app;

-- What a hold took stands in the transfers of its position. It ends once: the column that says how is filled under the owner's lock.
create table credits.holds (
    owner_id text not null,
    id uuid not null,
    seq bigint not null,
    amount bigint not null,
    app_id text not null,
    reason text not null,
    expires_at timestamptz not null,
    created_at timestamptz not null,
    ended_seq bigint,
    ended_as text,
    constraint holds_pkey primary key (owner_id, id),
    constraint holds_seq_unique unique (owner_id, seq),
    constraint holds_amount_in_range check (amount between 1 and 1000000000000),
    constraint holds_ended_as_known check (ended_as in ('committed', 'released', 'expired')),
    constraint holds_ended_whole check ((ended_seq is null) = (ended_as is null))
);
-- Whoever commits knows the hold and not its owner.
create index holds_id_idx on credits.holds (id);
create index holds_open_idx on credits.holds (owner_id) where ended_seq is null;
select mana.protect('credits.holds', 'owner_id', 'Users can view their own holds');
grant select, insert, update (ended_seq, ended_as) on credits.holds to mana_app;

alter table credits.transfers add column lot bigint;

-- A refund names the position it gives back. A hold that is committed whole changes nothing that can be spent.
alter table credits.transactions add column reverses bigint;
create index transactions_reverses_idx on credits.transactions (owner_id, reverses) where reverses is not null;
alter table credits.transactions drop constraint transactions_amount_in_range;
alter table credits.transactions add constraint transactions_amount_in_range
    check (amount between -1000000000000 and 1000000000000);
