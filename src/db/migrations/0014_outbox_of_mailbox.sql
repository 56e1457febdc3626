-- The mails that wait for one mailbox, without those of the others.
CREATE INDEX outbox_of_mailbox ON outbox (account_id, email_account_id, send_at, id) WHERE state = 'pending';
