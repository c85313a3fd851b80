-- Schemas, the two functions every policy asks, and the one way a table is protected.
-- Everything is owned by mana_owner; the service connects as mana_app and never owns anything (D13).

create schema auth;
create schema credits;
create schema jobs;
create schema mana;

grant usage on schema auth, credits, jobs to mana_app, mana_read;

-- Text, because ids are opaque (B-05). Unset and empty both mean nobody: after a transaction the setting is '' and not NULL.
create function auth.uid() returns text
    language sql stable parallel safe
    return nullif(current_setting('app.user_id', true), '');

create function auth.role() returns text
    language sql stable parallel safe
    return nullif(current_setting('app.role', true), '');

grant execute on function auth.uid(), auth.role() to mana_app, mana_read;

-- Row-level security for one table: forced, open to migrations, readable for operations, open to the service in service scope.
-- With an owner column a person sees their own rows; the column is marked in the catalogue so that specs and exports find it.
create function mana.protect(target regclass, owner_column text default null, policy_name text default null) returns void
    language plpgsql
as $$
begin
    execute format('alter table %s enable row level security, force row level security', target);
    execute format('create policy migrations on %s to mana_owner using (true) with check (true)', target);
    execute format('create policy operations on %s for select to mana_read using (true)', target);
    execute format(
        'create policy service on %s to mana_app using ((select auth.role()) = ''service'') with check ((select auth.role()) = ''service'')',
        target);
    execute format('grant select on %s to mana_read', target);
    if owner_column is not null then
        execute format('comment on column %s.%I is ''mana:owner''', target, owner_column);
    end if;
    if policy_name is not null then
        execute format(
            'create policy %I on %s for select to mana_app using (%I = (select auth.uid()) or (select auth.role()) = ''admin'')',
            policy_name, target, owner_column);
    end if;
end
$$;

revoke execute on function mana.protect(regclass, text, text) from public;
