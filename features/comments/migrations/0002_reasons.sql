-- Why a comment was removed; none where it was not, or before reasons were asked for.
ALTER TABLE comments ADD COLUMN removed_for TEXT;
-- Whoever wrote it is told.
CREATE INDEX comments_mine_removed ON comments (user_id, article_id) WHERE state = 'removed';
