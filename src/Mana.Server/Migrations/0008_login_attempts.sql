-- Tries of a factor by the address they were made for, whether or not anybody has it. A row is written before the factor is looked at and
-- becomes a failure afterwards, so that parallel tries cannot pass the limit together. A right factor deletes the rows of its address.

create table auth.login_attempts (
    id uuid not null,
    email text not null,
    method text not null,
    ip_address text not null,
    attempted_at timestamptz not null,
    failed_at timestamptz,
    locked_until timestamptz,
    constraint login_attempts_pkey primary key (id),
    constraint login_attempts_email_lowercase check (email = lower(email)),
    constraint login_attempts_only_failures_lock check (locked_until is null or failed_at is not null)
);
create index login_attempts_email_method_time_idx on auth.login_attempts (email, method, attempted_at);
create index login_attempts_attempted_at_idx on auth.login_attempts (attempted_at);
select mana.protect('auth.login_attempts');
grant select, insert, update, delete on auth.login_attempts to mana_app;
