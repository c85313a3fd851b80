// Makes the tables in an empty database: Better Auth by its own migrations, the credits of the peer below. Everybody owns enough to spend.
import { getMigrations } from "better-auth/db/migration";
import { auth, pool } from "./auth.mjs";

const { runMigrations } = await getMigrations(auth.options);
await runMigrations();
await pool.query(`
  create schema credits;
  create table credits.balances (
    user_id text primary key,
    balance bigint not null default 1000000000000,
    free_credits_remaining bigint not null default 150,
    daily_free_credits bigint not null default 5,
    last_daily_reset_at timestamptz not null default now(),
    total_earned bigint not null default 0,
    total_spent bigint not null default 0,
    version int not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  ) with (fillfactor = 70);
  create table credits.transactions (
    id uuid primary key default gen_random_uuid(),
    user_id text not null,
    type text not null,
    status text not null,
    amount bigint not null,
    balance_before bigint not null,
    balance_after bigint not null,
    app_id text not null,
    description text not null,
    metadata jsonb,
    idempotency_key text unique,
    created_at timestamptz not null default now(),
    completed_at timestamptz
  );
  create index transactions_user_created on credits.transactions (user_id, created_at desc);
  create table credits.entries (
    transaction_id uuid not null,
    side smallint not null,
    account text not null,
    amount bigint not null,
    primary key (transaction_id, side)
  );
`);
await pool.end();
