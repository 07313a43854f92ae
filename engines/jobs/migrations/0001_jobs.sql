-- Work that is to be done, is being done, or could not be done. What is done has no row.
CREATE TABLE jobs (
    id           BIGINT PRIMARY KEY,
    kind         TEXT   NOT NULL,
    payload      TEXT   NOT NULL,
    -- One with the same key that still waits is enough.
    key          TEXT,
    -- 'queued', 'running' or 'failed' (for good).
    state        TEXT   NOT NULL,
    run_at       BIGINT NOT NULL,
    -- A wait that holds though another with its key is enqueued meanwhile.
    not_before   BIGINT NOT NULL DEFAULT 0,
    tries        BIGINT NOT NULL DEFAULT 0,
    -- Which claim, and until when nobody else may.
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
CREATE INDEX jobs_due ON jobs (state, kind, run_at, id);
CREATE UNIQUE INDEX jobs_waiting ON jobs (kind, key) WHERE state = 'queued';
CREATE UNIQUE INDEX jobs_running ON jobs (kind, key) WHERE state = 'running';
-- When each turn of a schedule was taken last, and what was done once.
CREATE TABLE schedules (
    name TEXT   PRIMARY KEY,
    turn BIGINT NOT NULL
);
