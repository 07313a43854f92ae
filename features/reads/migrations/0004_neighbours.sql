-- What is read together with an article: of its neighbours the heaviest, as JSON [[id, weight, hour], …], each weight as of its hour
-- (since 1970, UTC). One row an article: a row for each pair grew without a bound, and cost a search of the table for each neighbour.
CREATE TABLE neighbours (
    article_id BIGINT NOT NULL PRIMARY KEY,
    others     TEXT NOT NULL,
    at         BIGINT NOT NULL -- when something was added last
);
INSERT INTO neighbours (article_id, others, at)
    SELECT article_id, '[' || string_agg('[' || other_id || ',' || weight || ',' || (at / 3600000) || ']', ',') || ']', MAX(at)
    FROM read_together GROUP BY article_id;
CREATE INDEX neighbours_oldest ON neighbours (at);
DROP TABLE read_together;

-- What the hot list and the lists of readers sum up when they are read: from the index alone.
DROP INDEX read_hours_recent;
CREATE INDEX read_hours_recent ON read_hours (hour, article_id, reads);

-- Files of reads that were brought in, and how far: a line counts once, also where an import was broken off.
CREATE TABLE read_imports (
    digest TEXT NOT NULL PRIMARY KEY, -- SHA-256 of the file
    lines  BIGINT NOT NULL,
    at     BIGINT NOT NULL
);
