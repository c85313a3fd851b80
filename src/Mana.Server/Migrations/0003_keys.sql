-- Signing keys, their private half sealed with the key-encryption key, and one canary per such key: a start with the wrong one fails.

create table auth.jwks (
    id text not null,
    public_key text not null,
    private_key text not null,
    alg text not null default 'EdDSA',
    created_at timestamptz not null,
    expires_at timestamptz,
    constraint jwks_pkey primary key (id),
    constraint jwks_alg_known check (alg = 'EdDSA')
);
select mana.protect('auth.jwks');
grant select, insert on auth.jwks to mana_app;

create table auth.kek_canaries (
    kek_id text not null,
    sealed text not null,
    created_at timestamptz not null,
    constraint kek_canaries_pkey primary key (kek_id)
);
select mana.protect('auth.kek_canaries');
grant select, insert on auth.kek_canaries to mana_app;
