-- Empty: one process has the file, and counts in memory. (On PostgreSQL: until when a key has taken its turns.)
CREATE TABLE rate_limits (
    key TEXT   NOT NULL PRIMARY KEY,
    due BIGINT NOT NULL
);
CREATE INDEX rate_limits_due ON rate_limits (due);
