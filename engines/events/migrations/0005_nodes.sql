-- The processes that serve the site: each says now and then that it is there, and how far behind its followers are.
CREATE TABLE nodes (
    id         TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL, -- of the machine
    version    TEXT   NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    lags       TEXT   NOT NULL  -- JSON: milliseconds by follower
);
