-- Where and when a session is used, when whoever sits there last proved who they are, and when they did so by more than a password.
-- Sessions from before proved nothing lately.
ALTER TABLE sessions ADD COLUMN seen_at BIGINT;
ALTER TABLE sessions ADD COLUMN network TEXT;   -- an address without its last part
ALTER TABLE sessions ADD COLUMN region TEXT;    -- as kernel::Region is stored
ALTER TABLE sessions ADD COLUMN proved_at BIGINT;
ALTER TABLE sessions ADD COLUMN second_at BIGINT;

-- Codes by the clock (RFC 6238). They count once one of them was typed.
CREATE TABLE totp_secrets (
    user_id      BIGINT PRIMARY KEY REFERENCES users (id),
    secret       TEXT   NOT NULL, -- base 32, as it is: see docs/adr/0032
    made_at      BIGINT NOT NULL,
    confirmed_at BIGINT,
    last_step    BIGINT NOT NULL  -- each step is taken once, and none before it
);

-- What opens the account where the second factor is lost.
CREATE TABLE recovery_codes (
    user_id   BIGINT NOT NULL REFERENCES users (id),
    code_hash TEXT   NOT NULL, -- SHA-256: each has 80 bits of chance
    used_at   BIGINT,
    PRIMARY KEY (user_id, code_hash)
);

CREATE TABLE passkeys (
    id            BIGINT PRIMARY KEY,
    user_id       BIGINT NOT NULL REFERENCES users (id),
    name          TEXT   NOT NULL,
    credential_id TEXT   NOT NULL, -- in hex
    credential    TEXT   NOT NULL, -- JSON: public key, counter, flags
    created_at    BIGINT NOT NULL,
    used_at       BIGINT
);
CREATE UNIQUE INDEX passkeys_credential ON passkeys (credential_id);
CREATE INDEX passkeys_user ON passkeys (user_id);

-- What a browser was asked to sign, until it answers.
CREATE TABLE passkey_ceremonies (
    token_hash TEXT   PRIMARY KEY, -- as in sessions
    user_id    BIGINT REFERENCES users (id), -- who adds one; nobody where it is not known who will come
    state      TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX passkey_ceremonies_expiry ON passkey_ceremonies (expires_at);

-- The password was right, and the second factor is still asked for.
CREATE TABLE pending_sign_ins (
    token_hash TEXT   PRIMARY KEY, -- as in sessions
    user_id    BIGINT NOT NULL REFERENCES users (id),
    tries      BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX pending_sign_ins_user ON pending_sign_ins (user_id);
CREATE INDEX pending_sign_ins_expiry ON pending_sign_ins (expires_at);
