-- Work that happens after the commit that asked for it. A row written in the caller's transaction is the outbox.

create table jobs.jobs (
    id uuid not null,
    kind text not null,
    payload jsonb not null,
    sealed text,
    user_id text,
    run_at timestamptz not null,
    attempts integer not null default 0,
    leased_until timestamptz,
    parked_at timestamptz,
    last_error text,
    created_at timestamptz not null,
    constraint jobs_pkey primary key (id),
    constraint jobs_attempts_in_range check (attempts between 0 and 100),
    constraint jobs_user_id_users_id_fk foreign key (user_id) references auth.users (id) on delete cascade
);
create index jobs_due_idx on jobs.jobs (run_at) where parked_at is null;
create index jobs_user_id_idx on jobs.jobs (user_id);
select mana.protect('jobs.jobs', 'user_id');
grant select, insert, update, delete on jobs.jobs to mana_app;
