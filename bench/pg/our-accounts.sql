-- Accounts of their own for pgbench in the product's tables, opened as the product opens them, so that the books stay whole.
insert into credits.accounts (
    owner_id, owner_kind, free, paid, held, earned, spent, version, daily_granted_at, due_at, created_at, updated_at)
select 'pgbench-' || n, 'person', 1000000000000, 0, 0, 0, 0, 1, now(), now() + interval '1 day', now(), now()
from generate_series(1, 256) n;

insert into credits.transactions (
    owner_id, seq, id, type, status, amount, balance_before, balance_after, app_id, description, created_at, completed_at)
select 'pgbench-' || n, 1, gen_random_uuid(), 'bonus', 'completed', 1000000000000, 0, 1000000000000, 'system', 'Signup bonus', now(), now()
from generate_series(1, 256) n;

insert into credits.transfers (owner_id, seq, ordinal, from_account, to_account, amount)
select 'pgbench-' || n, 1, 1, 'issuer', 'free', 1000000000000
from generate_series(1, 256) n;

vacuum (analyze) credits.accounts, credits.transactions, credits.transfers;
