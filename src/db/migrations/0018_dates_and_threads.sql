-- The Date that a mail carries, from its first try on: the same one in whatever is tried again, and in the copy in
-- the sent folder. Null: it was not tried yet, or before there was this column (then its created_at is its Date).
ALTER TABLE outreach_emails ADD COLUMN dated_at BIGINT;
ALTER TABLE sent_replies ADD COLUMN dated_at BIGINT;
-- 1: its attempt had no subject of its own, so it answers the mails before it. Null: a mail from before there was
-- this column answers when its subject begins with "Re: ".
ALTER TABLE outreach_emails ADD COLUMN answers BIGINT;
