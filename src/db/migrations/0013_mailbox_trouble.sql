-- Which use of the mailbox the trouble is of: sending or reading. That the other one works says nothing about it.
ALTER TABLE mailbox_states ADD COLUMN failing_use TEXT NOT NULL DEFAULT '';
-- From now on lease_until of a mail in the outbox that is unknown says when it was lost (0: see first_try_at).
