-- Users who asked to be deleted, and when they will be. Until then nobody acts as them, and they may still say no.
CREATE TABLE deletions (
    user_id       BIGINT  NOT NULL PRIMARY KEY REFERENCES users (id),
    keep_comments BOOLEAN NOT NULL, -- the places of comments that others answered stay, emptied
    with_authors  BOOLEAN NOT NULL, -- they agreed that authors go that nobody else owns
    asked_at      BIGINT  NOT NULL,
    due_at        BIGINT  NOT NULL
);
CREATE INDEX deletions_due ON deletions (due_at);
