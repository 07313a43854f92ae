-- How often an article was read in each hour (hours since 1970, UTC). No reference to articles: one id that is not there
-- would refuse everybody's reads.
CREATE TABLE read_hours (
    article_id BIGINT NOT NULL,
    hour       BIGINT NOT NULL,
    reads      BIGINT NOT NULL,
    PRIMARY KEY (article_id, hour)
);
CREATE INDEX read_hours_recent ON read_hours (hour);
