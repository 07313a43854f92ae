-- Those who follow an author are told of a new article in parts, in the order of their ids.
DROP INDEX follows_author;
CREATE INDEX follows_author ON follows (author_id, user_id);
