-- Single-use secrets for more than the first verification (ruling 12a).

-- Each is bound to the mailbox it was sent to: once a person has another address, what the old mailbox still holds proves nothing. Null for
-- rows of binaries that do not know the column; they were sent to the address the person had.
alter table auth.verification_tokens add column mailbox text;

-- What these purposes allow, the former check allowed already, so nothing that is stored can violate the new one.
alter table auth.verification_tokens
    drop constraint verification_tokens_purpose_known,
    add constraint verification_tokens_purpose_known check (
        purpose in ('email_verification', 'password_reset', 'email_change', 'account_deletion', 'magic_link', 'invitation'));
