-- Decisions about comments stand beside those about articles, and a report keeps the reason that was given for its outcome.
ALTER TABLE decisions ADD COLUMN comment_id BIGINT;
ALTER TABLE reports ADD COLUMN code TEXT;
CREATE INDEX decisions_comment ON decisions (comment_id, id DESC) WHERE comment_id IS NOT NULL;
