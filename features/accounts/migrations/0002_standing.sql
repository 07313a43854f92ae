-- When an operator shut somebody out, and who; when a user was deleted, of whom only this row stays, for what refers to it.
ALTER TABLE users ADD COLUMN suspended_at BIGINT;
ALTER TABLE users ADD COLUMN suspended_by BIGINT REFERENCES users (id);
ALTER TABLE users ADD COLUMN deleted_at BIGINT;

-- What the browser called itself, in a few words.
ALTER TABLE sessions ADD COLUMN agent TEXT;

-- Browsers in which somebody signed in before: what others guess elsewhere does not slow these down.
CREATE TABLE devices (
    user_id    BIGINT NOT NULL REFERENCES users (id),
    token_hash TEXT   NOT NULL, -- as in sessions
    used_at    BIGINT NOT NULL,
    PRIMARY KEY (user_id, token_hash)
);
CREATE INDEX devices_oldest ON devices (used_at);
