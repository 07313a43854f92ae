-- What answers a comment: asked when its writer is deleted.
CREATE INDEX comments_parent ON comments (parent_id) WHERE parent_id IS NOT NULL;
-- All that somebody wrote, in any state.
CREATE INDEX comments_by ON comments (user_id, id) WHERE user_id IS NOT NULL;
