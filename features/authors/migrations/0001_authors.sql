CREATE TABLE authors (
    id         BIGINT  NOT NULL PRIMARY KEY,
    handle     TEXT    NOT NULL UNIQUE, -- folded
    name       TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    bio        TEXT    NOT NULL,
    field      TEXT,
    verified   BOOLEAN NOT NULL,
    region     TEXT,
    avatar     TEXT,                    -- hash of a picture
    trusted    BOOLEAN NOT NULL,
    created_at BIGINT  NOT NULL
);

CREATE TABLE author_owners (
    author_id BIGINT NOT NULL REFERENCES authors (id),
    user_id   BIGINT NOT NULL REFERENCES users (id),
    PRIMARY KEY (author_id, user_id)
);
CREATE INDEX author_owners_user ON author_owners (user_id, author_id);

CREATE TABLE applications (
    id         BIGINT NOT NULL PRIMARY KEY,
    user_id    BIGINT NOT NULL REFERENCES users (id),
    handle     TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    bio        TEXT   NOT NULL,
    reason     TEXT   NOT NULL,
    state      TEXT   NOT NULL,
    code       TEXT,
    note       TEXT,
    author_id  BIGINT REFERENCES authors (id),
    decided_by BIGINT REFERENCES users (id),
    created_at BIGINT NOT NULL,
    decided_at BIGINT
);
-- One open application a user.
CREATE UNIQUE INDEX applications_open ON applications (user_id) WHERE state = 'open';
CREATE INDEX applications_user ON applications (user_id, id DESC);
CREATE INDEX applications_state ON applications (state, id DESC);
