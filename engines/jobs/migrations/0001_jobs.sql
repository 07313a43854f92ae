-- Work that is to be done, is being done, or could not be done. What is done has no row.
CREATE TABLE jobs (
    id           BIGINT PRIMARY KEY,
    kind         TEXT   NOT NULL,
    payload      TEXT   NOT NULL,
    -- One with the same key that still waits is enough.
    key          TEXT,
    -- Less is sooner.
    priority     BIGINT NOT NULL,
    -- 'queued', 'running' or 'failed' (for good).
    state        TEXT   NOT NULL,
    run_at       BIGINT NOT NULL,
    tries        BIGINT NOT NULL DEFAULT 0,
    -- Who works at it, and until when nobody else may.
    holder       TEXT,
    leased_until BIGINT,
    done         BIGINT NOT NULL DEFAULT 0,
    total        BIGINT NOT NULL DEFAULT 0,
    -- Why the last try failed.
    error        TEXT,
    created_at   BIGINT NOT NULL,
    -- When the last try began or, where it failed for good, ended.
    changed_at   BIGINT NOT NULL
);
CREATE INDEX jobs_due ON jobs (state, priority, run_at, id);
CREATE INDEX jobs_next ON jobs (state, run_at);
CREATE UNIQUE INDEX jobs_key ON jobs (kind, key) WHERE state = 'queued';
CREATE INDEX jobs_running ON jobs (kind, key) WHERE state = 'running';
-- When each turn of a schedule was taken last.
CREATE TABLE schedules (
    name TEXT   PRIMARY KEY,
    turn BIGINT NOT NULL
);
