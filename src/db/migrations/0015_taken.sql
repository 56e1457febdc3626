-- outbox.state has one more: taken. A server has taken the mail, at send_at, and the books do not have it yet.
CREATE INDEX outbox_taken ON outbox (send_at, account_id, id) WHERE state = 'taken';
