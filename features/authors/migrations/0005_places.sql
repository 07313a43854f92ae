-- An author's place waits for a reviewer, too, and a wish outlives whoever asked for it.
CREATE TABLE author_wishes (
    author_id  BIGINT NOT NULL PRIMARY KEY REFERENCES authors (id),
    name       TEXT   NOT NULL,
    bio        TEXT   NOT NULL,
    avatar     TEXT,   -- hash of a picture
    region     TEXT,
    asked_by   BIGINT REFERENCES users (id),
    asked_at   BIGINT NOT NULL,
    code       TEXT,   -- why it was returned (reject-… in the locale files), and in the reviewer's words
    note       TEXT,
    decided_by BIGINT REFERENCES users (id)
);
INSERT INTO author_wishes (author_id, name, bio, avatar, region, asked_by, asked_at, code, note, decided_by)
    SELECT c.author_id, c.name, c.bio, c.avatar, a.region, c.asked_by, c.asked_at, c.code, c.note, c.decided_by
    FROM author_changes c JOIN authors a ON a.id = c.author_id;
DROP TABLE author_changes;
ALTER TABLE author_wishes RENAME TO author_changes;
CREATE INDEX author_changes_waiting ON author_changes (author_id) WHERE code IS NULL;
