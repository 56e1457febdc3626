-- Rises whenever a campaign is woken: a look that began before must not put its own result over that.
ALTER TABLE campaign_sending ADD COLUMN wakes BIGINT NOT NULL DEFAULT 0;
