CREATE TABLE comments (
    id          BIGINT NOT NULL PRIMARY KEY,
    article_id  BIGINT NOT NULL REFERENCES articles (id),
    parent_id   BIGINT REFERENCES comments (id),
    user_id     BIGINT REFERENCES users (id), -- none: imported
    name        TEXT   NOT NULL,              -- as the writer was called then
    region      TEXT,
    text        TEXT   NOT NULL,
    state       TEXT   NOT NULL,
    likes       BIGINT NOT NULL,
    heat        BIGINT NOT NULL,              -- what the hot sort goes by: see model.rs
    created_at  BIGINT NOT NULL,
    external_id TEXT
);
CREATE UNIQUE INDEX comments_external ON comments (article_id, external_id);
CREATE INDEX comments_new ON comments (article_id, created_at DESC, id DESC) WHERE state = 'live';
CREATE INDEX comments_hot ON comments (article_id, heat DESC, id DESC) WHERE state = 'live';
CREATE INDEX comments_recent ON comments (created_at) WHERE state = 'live';
CREATE INDEX comments_held ON comments (id DESC) WHERE state = 'held';
CREATE INDEX comments_mine ON comments (user_id, article_id) WHERE state = 'held';

-- article_id is a copy, so that what a reader liked on a page is one index range.
CREATE TABLE comment_likes (
    user_id    BIGINT NOT NULL REFERENCES users (id),
    article_id BIGINT NOT NULL REFERENCES articles (id),
    comment_id BIGINT NOT NULL REFERENCES comments (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, article_id, comment_id)
);

-- How many live comments an article has, kept with every write.
CREATE TABLE comment_counts (
    article_id BIGINT NOT NULL PRIMARY KEY REFERENCES articles (id),
    live       BIGINT NOT NULL
);
