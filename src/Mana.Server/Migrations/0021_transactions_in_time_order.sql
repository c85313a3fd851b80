-- mana:no-transaction
-- Ids of transactions begin with the time, so an index over them alone is written at its right end. With the owner in front every debit
-- met another page of it, which costs most where the books are long (ADR-0018).
set lock_timeout = '10min';

create unique index concurrently if not exists transactions_id_alone_unique on credits.transactions (id);
