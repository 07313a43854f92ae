-- Addresses that users have shown to be theirs. One that somebody only typed stands in email_tokens, and blocks nobody.
CREATE TABLE user_emails (
    user_id     BIGINT PRIMARY KEY REFERENCES users (id),
    address     TEXT   NOT NULL,
    mailbox     TEXT   NOT NULL, -- where it leads: in small letters, without what stands behind a plus sign
    locale      TEXT   NOT NULL, -- the language of mail to it
    verified_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX user_emails_mailbox ON user_emails (mailbox);

-- What a mail carries for whoever reads it. What is over stays for a while, to say why it opens nothing.
CREATE TABLE email_tokens (
    token_hash TEXT   PRIMARY KEY,     -- as in sessions
    user_id    BIGINT NOT NULL REFERENCES users (id),
    purpose    TEXT   NOT NULL,        -- verify, reset
    address    TEXT   NOT NULL,
    locale     TEXT   NOT NULL,
    code_hash  TEXT,                   -- argon2id: six digits are soon tried out by whoever has the table
    tries      BIGINT NOT NULL,        -- of the code
    expires_at BIGINT NOT NULL,
    ended      TEXT                    -- used, replaced
);
CREATE INDEX email_tokens_user ON email_tokens (user_id, purpose);
CREATE INDEX email_tokens_expiry ON email_tokens (expires_at);
