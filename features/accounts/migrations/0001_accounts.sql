CREATE TABLE users (
    id         BIGINT PRIMARY KEY,
    handle     TEXT   NOT NULL UNIQUE, -- folded
    name       TEXT   NOT NULL,
    password   TEXT,                   -- argon2id in PHC form; without one nobody can sign in
    roles      BIGINT NOT NULL,        -- a bit a role: see model.rs
    region     TEXT,
    created_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    token_hash TEXT   PRIMARY KEY,     -- SHA-256 of the token; the token itself only its browser has
    user_id    BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE api_tokens (
    id         BIGINT PRIMARY KEY,
    user_id    BIGINT NOT NULL REFERENCES users (id),
    name       TEXT   NOT NULL,
    token_hash TEXT   NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);
CREATE INDEX api_tokens_user ON api_tokens (user_id);
