-- Mails that people have put off come back when their time has come.
CREATE INDEX inbound_emails_snoozed ON inbound_emails (snooze_until) WHERE status = 'snoozed';
