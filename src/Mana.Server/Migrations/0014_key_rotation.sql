-- Signing keys take turns (ruling 31): announced, active, retired, gone. Each instant is written by whoever turned the key; expires_at
-- is when a retired key stops verifying. A key without active_at is announced: published, and not used yet.

alter table auth.jwks add column active_at timestamptz, add column retired_at timestamptz;

-- Until now there was one key, and it signed from the beginning. If there are more, the newest signs.
update auth.jwks set active_at = created_at;
update auth.jwks older
set retired_at = newest.created_at, expires_at = newest.created_at + interval '7 days'
from (select id, created_at from auth.jwks order by created_at desc, id desc limit 1) newest
where older.id <> newest.id;

alter table auth.jwks
    add constraint jwks_retired_after_active check (retired_at is null or active_at is not null),
    add constraint jwks_retired_with_end check ((retired_at is null) = (expires_at is null));

-- One key signs and at most one waits for its turn, whoever turns them.
create unique index jwks_one_active on auth.jwks ((true)) where active_at is not null and retired_at is null;
create unique index jwks_one_announced on auth.jwks ((true)) where active_at is null;

grant update (active_at, retired_at, expires_at), delete on auth.jwks to mana_app;

-- Keys are told like sessions and people: subject 'k' and the id of the key.
alter table auth.revocations drop constraint revocations_subject_known;
alter table auth.revocations add constraint revocations_subject_known check (subject ~ '^[suk].');

-- A notification carries less than 8000 bytes. What is longer is told as '*': read again what was written down.
create or replace function auth.announce() returns trigger
    language plpgsql
    set search_path = pg_catalog
as $$
declare
    change text := tg_argv[0] || coalesce(old.id, new.id);
begin
    insert into auth.revocations (subject) values (change);
    perform pg_notify('mana_feed', case when octet_length(change) < 8000 then change else '*' end);
    return null;
end
$$;

create trigger keys_turned
    after insert or update or delete on auth.jwks
    for each row
    execute function auth.announce('k');

-- Sessions that expired long ago are swept by the hundred and interest nobody: no access token of theirs is left.
drop trigger sessions_deleted on auth.sessions;
create trigger sessions_deleted
    after delete on auth.sessions
    for each row when (old.revoked_at is null and old.expires_at > clock_timestamp() - interval '1 day')
    execute function auth.announce('s');
