-- What one instance must learn from another within a second: that a session ended, and that a person's role, address, profile or state
-- changed. Sign-in and renewal never notify: NOTIFY takes a lock of the whole cluster at commit (rulings, section 5).

alter table auth.users add column banned_at timestamptz;

-- The last hour of such changes. An instance whose feed was broken reads it again; rows of deleted sessions are found nowhere else.
-- subject is 's' and a session's id, or 'u' and a person's.
create table auth.revocations (
    id uuid not null default gen_random_uuid(),
    subject text not null,
    at timestamptz not null default clock_timestamp(),
    constraint revocations_pkey primary key (id),
    constraint revocations_subject_known check (subject ~ '^[su].')
);
create index revocations_at_idx on auth.revocations (at);
select mana.protect('auth.revocations');
grant select, insert, delete on auth.revocations to mana_app;

create function auth.announce() returns trigger
    language plpgsql
    set search_path = pg_catalog
as $$
begin
    insert into auth.revocations (subject) values (tg_argv[0] || old.id);
    perform pg_notify('mana_feed', tg_argv[0] || old.id);
    return null;
end
$$;

create trigger sessions_ended
    after update of revoked_at on auth.sessions
    for each row when (old.revoked_at is null and new.revoked_at is not null)
    execute function auth.announce('s');

create trigger sessions_deleted
    after delete on auth.sessions
    for each row when (old.revoked_at is null)
    execute function auth.announce('s');

create trigger users_changed
    after update on auth.users
    for each row when (old.* is distinct from new.*)
    execute function auth.announce('u');

create trigger users_deleted
    after delete on auth.users
    for each row
    execute function auth.announce('u');
