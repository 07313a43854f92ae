-- What was searched for and found, as sums: how often on a day (days since 1970, UTC), and from how many networks. Nobody who asked
-- can be told from it.
CREATE TABLE search_queries (
    text     TEXT   NOT NULL,
    day      BIGINT NOT NULL,
    asked    BIGINT NOT NULL,
    networks BIGINT NOT NULL,
    PRIMARY KEY (text, day)
);
CREATE INDEX search_queries_recent ON search_queries (day);
