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

CREATE FUNCTION audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'rows of the audit log are never changed or deleted'; END $$;
CREATE TRIGGER audit_log_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
FOR EACH STATEMENT EXECUTE FUNCTION audit_log_is_append_only();
