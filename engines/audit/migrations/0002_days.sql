-- Filters by day: rows of a span of time, without walking the whole log.
CREATE INDEX audit_log_at ON audit_log (at, seq);
