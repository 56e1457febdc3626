-- 1: its server could not be used for more than an hour. Its status is error until it can; sending is tried again
-- by itself.
ALTER TABLE mailbox_states ADD COLUMN is_away BIGINT NOT NULL DEFAULT 0;
