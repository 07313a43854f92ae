-- What names and handles share that look alike (kernel::confusable): no two authors have one name. Rows from before get theirs when a
-- program opens the database; of several of one name the first keeps it, the others are told apart by their id behind a `#`.
ALTER TABLE authors ADD COLUMN name_key TEXT;
ALTER TABLE authors ADD COLUMN skeleton TEXT;
CREATE UNIQUE INDEX authors_name ON authors (name_key);
CREATE INDEX authors_skeleton ON authors (skeleton);
