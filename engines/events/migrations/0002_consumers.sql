-- How far each durable consumer came. Moved in the transaction of what it wrote.
CREATE TABLE consumers (
    name         TEXT   PRIMARY KEY,
    tx           BIGINT NOT NULL,
    seq          BIGINT NOT NULL,
    -- Of many processes one works: this one, until then.
    holder       TEXT   NOT NULL,
    leased_until BIGINT NOT NULL,
    -- Tries of what comes next that failed, and why the last did.
    failures     BIGINT NOT NULL DEFAULT 0,
    error        TEXT,
    moved_at     BIGINT NOT NULL
);
-- What a consumer could not apply, and went on without.
CREATE TABLE parked_events (
    consumer  TEXT    NOT NULL,
    seq       BIGINT  NOT NULL,
    tx        BIGINT  NOT NULL,
    kind      TEXT    NOT NULL,
    payload   TEXT    NOT NULL,
    at        BIGINT  NOT NULL,
    error     TEXT    NOT NULL,
    parked_at BIGINT  NOT NULL,
    -- Somebody asked for another try.
    again     BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (consumer, seq)
);
-- The last event that was pruned: whoever stands before it has missed something. One row.
CREATE TABLE journal_pruned (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    tx  BIGINT NOT NULL,
    seq BIGINT NOT NULL
);
