-- What is to be sent to a webhook, and how it went; kept for 30 days. message_id: of the event, the same on each try. payload: the body,
-- as it is signed. state: pending, delivered or failed. response_status: of the last answer, 0 for none; response: its
-- first bytes; error: a person's words for the last failure.
CREATE TABLE webhook_deliveries (
  id {id},
  account_id BIGINT NOT NULL,
  webhook_id BIGINT NOT NULL,
  message_id TEXT NOT NULL,
  event_type TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'pending',
  attempts BIGINT NOT NULL DEFAULT 0,
  response_status BIGINT NOT NULL DEFAULT 0,
  response TEXT NOT NULL DEFAULT '',
  error TEXT NOT NULL DEFAULT '',
  next_try_at BIGINT NOT NULL,
  tried_at BIGINT,
  delivered_at BIGINT,
  created_at BIGINT NOT NULL
  {primary_key:account_id, id}
);
CREATE INDEX webhook_deliveries_of_webhook ON webhook_deliveries (account_id, webhook_id, id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (account_id, webhook_id, next_try_at, id)
  WHERE state = 'pending';
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at);
