-- What editors put into the slots of the site: an article, or on the home page a topic. It stands there from starts_at until ends_at.
CREATE TABLE placements (
    id         BIGINT NOT NULL PRIMARY KEY,
    slot       TEXT   NOT NULL,
    article_id BIGINT REFERENCES articles (id),
    topic_id   BIGINT,
    position   BIGINT NOT NULL,
    note       TEXT,
    starts_at  BIGINT NOT NULL,
    ends_at    BIGINT,
    placed_by  BIGINT NOT NULL REFERENCES users (id),
    placed_at  BIGINT NOT NULL
);
CREATE INDEX placements_slot ON placements (slot, position, id);

-- 专题: articles about one thing, in an editor's order. A language that has no title reads the other one's.
CREATE TABLE topics (
    id           BIGINT  NOT NULL PRIMARY KEY,
    slug         TEXT    NOT NULL,
    zh           TEXT    NOT NULL,
    en           TEXT    NOT NULL,
    summary_zh   TEXT    NOT NULL,
    summary_en   TEXT    NOT NULL,
    -- The article whose cover is the topic's: while it may be seen, so may the picture.
    cover        BIGINT,
    live         BOOLEAN NOT NULL,
    created_at   BIGINT  NOT NULL,
    changed_at   BIGINT  NOT NULL,
    published_at BIGINT
);
CREATE UNIQUE INDEX topics_slug ON topics (slug);
CREATE INDEX topics_live ON topics (published_at DESC, id DESC) WHERE live;

CREATE TABLE topic_articles (
    topic_id   BIGINT NOT NULL REFERENCES topics (id),
    article_id BIGINT NOT NULL REFERENCES articles (id),
    position   BIGINT NOT NULL,
    -- Articles of one section stand together under it; empty for those before all sections.
    section    TEXT   NOT NULL,
    PRIMARY KEY (topic_id, article_id)
);
CREATE INDEX topic_articles_article ON topic_articles (article_id);

-- What editors did, with all that was known of it then. Rows are only ever added.
CREATE TABLE editorial_log (
    id         BIGINT NOT NULL PRIMARY KEY,
    deed       TEXT   NOT NULL,
    slot       TEXT,
    article_id BIGINT,
    topic_id   BIGINT,
    from_place BIGINT,
    to_place   BIGINT,
    starts_at  BIGINT,
    ends_at    BIGINT,
    note       TEXT,
    done_by    BIGINT NOT NULL REFERENCES users (id),
    done_at    BIGINT NOT NULL
);
