-- Gifts: credits set aside by one person until somebody who has the code takes them. The credits themselves are a hold of the giver, so they
-- come back by themselves when the time is over, and how a gift stands is read from its hold.

alter table credits.holds add column kind text not null default 'reservation';
alter table credits.holds add constraint holds_kind_known check (kind in ('reservation', 'gift'));

-- The id is that of the hold. Of the code there is a keyed hash only.
create table credits.gifts (
    creator_id text not null,
    id uuid not null,
    code_hash bytea not null,
    amount bigint not null,
    target_email text,
    message text,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    constraint gifts_pkey primary key (creator_id, id),
    constraint gifts_id_unique unique (id),
    constraint gifts_code_hash_unique unique (code_hash),
    constraint gifts_amount_in_range check (amount between 1 and 10000),
    constraint gifts_message_short check (length(message) <= 500)
);
create index gifts_creator_id_idx on credits.gifts (creator_id, created_at desc, id desc);
select mana.protect('credits.gifts', 'creator_id', 'Users can view the gifts they made');
grant select, insert on credits.gifts to mana_app;

-- Tries of people who had the code: at most one row of each outcome for each person and gift.
create table credits.gift_redemptions (
    redeemer_id text not null,
    gift_id uuid not null,
    status text not null,
    credits_received bigint not null default 0,
    transaction_id uuid,
    created_at timestamptz not null,
    constraint gift_redemptions_pkey primary key (redeemer_id, gift_id, status),
    constraint gift_redemptions_gift_id_fk foreign key (gift_id) references credits.gifts (id),
    constraint gift_redemptions_status_known check (
        status in ('success', 'failed_wrong_user', 'failed_expired', 'failed_already_claimed', 'failed_cancelled')),
    constraint gift_redemptions_success_whole check ((status = 'success') = (transaction_id is not null and credits_received > 0))
);
-- A gift is taken once, whoever comes at the same time; the giver's lock decides, this is the second net (B-37).
create unique index gift_redemptions_once on credits.gift_redemptions (gift_id) where status = 'success';
create index gift_redemptions_redeemer_idx on credits.gift_redemptions (redeemer_id, created_at desc, gift_id desc);
select mana.protect('credits.gift_redemptions', 'redeemer_id', 'Users can view the gifts they took');
grant select, insert on credits.gift_redemptions to mana_app;
