-- Archives of what is somebody's. The newest of a user counts; one that waits is being made.
CREATE TABLE exports (
    id         BIGINT NOT NULL PRIMARY KEY,
    user_id    BIGINT NOT NULL REFERENCES users (id),
    state      TEXT   NOT NULL, -- waiting, ready, failed
    locale     TEXT   NOT NULL, -- of its pages
    problem    TEXT,            -- why it failed: export-problem-… in the locale files
    token_hash TEXT,            -- of the link in the mail, as in sessions
    bytes      BIGINT NOT NULL DEFAULT 0,
    asked_at   BIGINT NOT NULL,
    ready_at   BIGINT,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX exports_waiting ON exports (user_id) WHERE state = 'waiting';
CREATE UNIQUE INDEX exports_token ON exports (token_hash);
CREATE INDEX exports_user ON exports (user_id, id);
CREATE INDEX exports_expiry ON exports (expires_at);
