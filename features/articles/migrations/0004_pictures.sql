-- Which pictures an article has, in body and covers. shown: 'live' where readers see it in the article, 'was' where they saw it before,
-- 'draft' where they never did.
CREATE TABLE article_pictures (
    article_id BIGINT NOT NULL REFERENCES articles (id),
    hash       TEXT   NOT NULL,
    shown      TEXT   NOT NULL,
    PRIMARY KEY (article_id, hash)
);
CREATE INDEX article_pictures_hash ON article_pictures (hash, shown);

-- Articles from before this table: their rows are still to be made.
CREATE TABLE article_pictures_due (
    article_id BIGINT NOT NULL PRIMARY KEY
);
INSERT INTO article_pictures_due SELECT id FROM articles;
