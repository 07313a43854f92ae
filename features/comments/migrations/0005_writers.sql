-- What somebody said under an article: readers who mute them have it folded.
CREATE INDEX comments_writer ON comments (user_id, article_id) WHERE state = 'live';
