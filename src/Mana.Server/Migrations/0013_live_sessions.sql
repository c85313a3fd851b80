-- mana:no-transaction
-- The live sessions of a person are counted at every sign-in and listed; ended ones stay thirty days and may be many.

create index concurrently if not exists sessions_user_id_live_idx on auth.sessions (user_id) where revoked_at is null;
