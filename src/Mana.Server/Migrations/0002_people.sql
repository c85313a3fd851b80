-- People, their credentials, sessions and mail secrets. Times are always given by the caller, so that one clock decides.

create type auth.user_role as enum ('user', 'admin', 'service');
create type auth.access_tier as enum ('guest', 'public', 'beta', 'alpha', 'founder');

create table auth.users (
    id text not null,
    name text not null,
    email text not null,
    email_verified boolean not null default false,
    image text,
    role auth.user_role not null default 'user',
    access_tier auth.access_tier not null default 'public',
    two_factor_enabled boolean not null default false,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    constraint users_pkey primary key (id),
    constraint users_id_present check (id <> ''),
    constraint users_email_unique unique (email),
    constraint users_email_lowercase check (email = lower(email))
);
select mana.protect('auth.users', 'id', 'Users can view their own profile');
grant select, insert, update on auth.users to mana_app;

-- How somebody can prove who they are: 'credential' for a password, otherwise the name of a provider.
create table auth.accounts (
    id text not null,
    user_id text not null,
    provider_id text not null,
    account_id text not null,
    scope text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint accounts_pkey primary key (id),
    constraint accounts_provider_account_unique unique (provider_id, account_id),
    constraint accounts_user_id_users_id_fk foreign key (user_id) references auth.users (id) on delete cascade
);
create index accounts_user_id_idx on auth.accounts (user_id);
select mana.protect('auth.accounts', 'user_id', 'Users can view their own accounts');
grant select, insert, update, delete on auth.accounts to mana_app;

-- The hash lives here and nowhere else (B-55). No policy for people: nobody reads a hash but the service.
create table auth.passwords (
    user_id text not null,
    hashed_password text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint passwords_pkey primary key (user_id),
    constraint passwords_user_id_users_id_fk foreign key (user_id) references auth.users (id) on delete cascade
);
select mana.protect('auth.passwords', 'user_id');
grant select, insert, update, delete on auth.passwords to mana_app;

-- One row is one sign-in on one device. The refresh token is computed from id, refresh_count and refresh_salt (ruling 4); neither it
-- nor the session token is stored, only the keyed hash of the latter.
create table auth.sessions (
    id text not null,
    user_id text not null,
    token_hash bytea not null,
    expires_at timestamptz not null,
    remember_me boolean not null,
    lifetime_seconds integer not null,
    refresh_count integer not null default 0,
    refresh_salt bytea not null,
    refresh_rotated_at timestamptz,
    refresh_expires_at timestamptz not null,
    ip_address text not null,
    user_agent text not null,
    device_id text,
    device_name text,
    active_organization_id text,
    last_activity_at timestamptz not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    revoked_at timestamptz,
    revoked_reason text,
    constraint sessions_pkey primary key (id),
    constraint sessions_token_unique unique (token_hash),
    constraint sessions_refresh_count_positive check (refresh_count >= 0),
    constraint sessions_revoked_with_reason check ((revoked_at is null) = (revoked_reason is null)),
    constraint sessions_user_id_users_id_fk foreign key (user_id) references auth.users (id) on delete cascade
);
create index sessions_user_id_idx on auth.sessions (user_id);
create index sessions_expires_at_idx on auth.sessions (expires_at);
select mana.protect('auth.sessions', 'user_id', 'Users can view their own sessions');
grant select, insert, update, delete on auth.sessions to mana_app;

-- Single-use secrets sent to a mailbox. Expired rows stay a day, so that "expired" and "invalid" can differ (ruling 12a).
create table auth.verification_tokens (
    id text not null,
    purpose text not null,
    secret_hash bytea not null,
    user_id text,
    payload jsonb,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    constraint verification_tokens_pkey primary key (id),
    constraint verification_tokens_secret_unique unique (secret_hash),
    constraint verification_tokens_purpose_known check (purpose in ('email_verification')),
    constraint verification_tokens_user_id_users_id_fk foreign key (user_id) references auth.users (id) on delete cascade
);
create index verification_tokens_user_id_purpose_idx on auth.verification_tokens (user_id, purpose);
create index verification_tokens_expires_at_idx on auth.verification_tokens (expires_at);
select mana.protect('auth.verification_tokens', 'user_id');
grant select, insert, update, delete on auth.verification_tokens to mana_app;

-- The audit trail. Append-only by privilege; it outlives the person, without their id (B-83).
create table auth.security_events (
    id uuid not null,
    user_id text,
    event_type text not null,
    ip_address text not null,
    user_agent text not null,
    metadata jsonb,
    created_at timestamptz not null,
    constraint security_events_pkey primary key (id),
    constraint security_events_user_id_users_id_fk foreign key (user_id) references auth.users (id) on delete set null
);
create index security_events_user_id_created_at_idx on auth.security_events (user_id, created_at desc);
create index security_events_event_type_created_at_idx on auth.security_events (event_type, created_at);
select mana.protect('auth.security_events', 'user_id', 'Users can view their own security events');
grant select, insert on auth.security_events to mana_app;
