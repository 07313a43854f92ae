-- What owners want to be shown of an author from now on, until a reviewer has looked at it: one row an author, the newest wish.
CREATE TABLE author_changes (
    author_id  BIGINT NOT NULL PRIMARY KEY REFERENCES authors (id),
    name       TEXT   NOT NULL,
    bio        TEXT   NOT NULL,
    avatar     TEXT,   -- hash of a picture
    asked_by   BIGINT NOT NULL REFERENCES users (id),
    asked_at   BIGINT NOT NULL,
    code       TEXT,   -- why it was returned (reject-… in the locale files), and in the reviewer's words
    note       TEXT,
    decided_by BIGINT REFERENCES users (id)
);
CREATE INDEX author_changes_waiting ON author_changes (author_id) WHERE code IS NULL;
