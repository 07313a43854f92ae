-- Who did what. Rows are only ever added; `hash` vouches for the row and, through the one before it, for all before.
CREATE TABLE audit_log (
    seq          BIGINT NOT NULL PRIMARY KEY,
    at           BIGINT NOT NULL,
    actor        TEXT,
    action       TEXT   NOT NULL,
    target_kind  TEXT   NOT NULL,
    target       TEXT   NOT NULL,
    before_value TEXT,
    after_value  TEXT,
    network      TEXT,
    hash         TEXT   NOT NULL
);
CREATE INDEX audit_log_actor ON audit_log (actor, seq);
CREATE INDEX audit_log_action ON audit_log (action, seq);
CREATE INDEX audit_log_target ON audit_log (target_kind, target, seq);

-- The end of the chain: without it, nobody would see that the last rows are gone.
CREATE TABLE audit_head (
    id   BIGINT NOT NULL PRIMARY KEY,
    seq  BIGINT NOT NULL,
    hash TEXT   NOT NULL
);
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');

CREATE TRIGGER audit_log_update BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'rows of the audit log are never changed'); END;
CREATE TRIGGER audit_log_delete BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'rows of the audit log are never deleted'); END;
