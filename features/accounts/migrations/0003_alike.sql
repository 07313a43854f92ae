-- What handles share that look alike (kernel::confusable). Rows from before get theirs when a program opens the database.
ALTER TABLE users ADD COLUMN skeleton TEXT;
CREATE INDEX users_skeleton ON users (skeleton);
