-- What failed for good under a key is looked up by it, as what waits and what is done is.
CREATE INDEX jobs_failed ON jobs (kind, key) WHERE state = 'failed';
