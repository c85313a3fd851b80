-- The index that was built in 0021 takes the place of the one with the owner in front. Looking a row up by owner and id finds it by its id.
alter table credits.transactions
    drop constraint transactions_id_unique,
    add constraint transactions_id_unique unique using index transactions_id_alone_unique;
