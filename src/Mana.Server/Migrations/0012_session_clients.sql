-- Web apps that share one sign-in by its cookie (single sign-on). Each keeps its refresh token in a storage of its own and knows nothing of
-- the others, so each has a count of its own: with one count for all, the app that refreshes second would look like a thief.

create table auth.session_clients (
    session_id text not null,
    id text not null,
    user_id text not null,
    origin text not null,
    refresh_count integer not null default 0,
    refresh_rotated_at timestamptz,
    user_agent text not null,
    device_id text,
    used_at timestamptz not null,
    created_at timestamptz not null,
    constraint session_clients_pkey primary key (session_id, id),
    constraint session_clients_origin_unique unique (session_id, origin),
    constraint session_clients_id_present check (id <> ''),
    constraint session_clients_refresh_count_positive check (refresh_count >= 0),
    constraint session_clients_session_id_sessions_id_fk foreign key (session_id) references auth.sessions (id) on delete cascade
);
select mana.protect('auth.session_clients', 'user_id');
grant select, insert, update, delete on auth.session_clients to mana_app;
