-- How often it was told since it waits: what is told while a job looks whether there is anything to send is looked at once more.
ALTER TABLE notification_sendings ADD COLUMN told BIGINT NOT NULL DEFAULT 0;
