-- Requests within the running window, for limits that stand before a secret, an account or a mailbox: shared by all instances, and kept when
-- one starts anew. The key says whose requests and on which path; a row is worth nothing once its window is over.

create table auth.rate_limits (
    key text not null,
    count integer not null,
    since timestamptz not null,
    expires_at timestamptz not null,
    constraint rate_limits_pkey primary key (key),
    constraint rate_limits_count_positive check (count > 0)
);
create index rate_limits_expires_at_idx on auth.rate_limits (expires_at);
select mana.protect('auth.rate_limits');
grant select, insert, update, delete on auth.rate_limits to mana_app;
