-- A revision that was sent in, or stood before readers, stays. Of those from before this was noted, all may have been.
ALTER TABLE revisions ADD COLUMN sent BOOLEAN NOT NULL DEFAULT TRUE;

-- What an author has added: in the hour of that number since 1970, and in all.
CREATE TABLE author_usage (
    author_id      BIGINT NOT NULL PRIMARY KEY REFERENCES authors (id),
    hour           BIGINT NOT NULL,
    hour_revisions BIGINT NOT NULL,
    hour_bytes     BIGINT NOT NULL,
    revisions      BIGINT NOT NULL,
    bytes          BIGINT NOT NULL
);
INSERT INTO author_usage (author_id, hour, hour_revisions, hour_bytes, revisions, bytes)
SELECT a.author_id, 0, 0, 0, COUNT(*), CAST(SUM(OCTET_LENGTH(r.content)) AS BIGINT)
FROM revisions r JOIN articles a ON a.id = r.article_id GROUP BY a.author_id;
