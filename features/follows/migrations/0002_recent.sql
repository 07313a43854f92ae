-- What was liked and kept lately, wherever.
CREATE INDEX article_likes_recent ON article_likes (created_at);
CREATE INDEX favourites_recent ON favourites (created_at);
