-- Until when a key has taken its turns. Not logged: after a crash of the database everybody begins anew.
CREATE UNLOGGED TABLE rate_limits (
    key TEXT   NOT NULL PRIMARY KEY, -- a hash of the limit's name and of who it is about
    due BIGINT NOT NULL              -- by the database's clock, milliseconds since 1970
);
CREATE INDEX rate_limits_due ON rate_limits (due);
