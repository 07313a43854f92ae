-- What somebody said, newest first, for their page.
CREATE INDEX comments_by_writer ON comments (user_id, id) WHERE state = 'live';
