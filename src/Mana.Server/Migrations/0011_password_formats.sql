-- Hashes that are not of the default format: imported ones, and those made before the cost was raised. Which formats there are is found by
-- walking from one to the next, however many people there are; where nobody was imported the index is empty.

create index passwords_format_idx on auth.passwords (hashed_password collate "C")
    where hashed_password not like '$argon2id$v=19$m=19456,t=2,p=1$%';
