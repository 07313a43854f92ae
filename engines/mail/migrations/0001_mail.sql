-- Mail that waits to be sent. What was sent has no row.
CREATE TABLE mails (
    id          BIGINT PRIMARY KEY,
    template    TEXT   NOT NULL,
    locale      TEXT   NOT NULL,
    address     TEXT   NOT NULL,
    -- What the template is filled with (JSON).
    data        TEXT   NOT NULL,
    -- Where one click ends mail of this kind; of digests only.
    unsubscribe TEXT,
    -- A newer one of the same template and key takes its place.
    key         TEXT,
    created_at  BIGINT NOT NULL
);
CREATE INDEX mails_key ON mails (template, key) WHERE key IS NOT NULL;
-- Addresses that take no mail: a mail server said so for good.
CREATE TABLE mail_refusals (
    address TEXT   PRIMARY KEY, -- a hash of it
    code    BIGINT NOT NULL,    -- the server's reply (RFC 5321, section 4.2)
    at      BIGINT NOT NULL
);
