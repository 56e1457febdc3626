-- One mail that came into several mailboxes is found by its Message-ID.
CREATE INDEX inbound_sources_by_message_id ON inbound_sources (account_id, message_id);
