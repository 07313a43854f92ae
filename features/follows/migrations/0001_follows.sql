CREATE TABLE follows (
    user_id    BIGINT NOT NULL REFERENCES users (id),
    author_id  BIGINT NOT NULL REFERENCES authors (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, author_id)
);
CREATE INDEX follows_author ON follows (author_id);

CREATE TABLE favourites (
    user_id    BIGINT NOT NULL REFERENCES users (id),
    article_id BIGINT NOT NULL REFERENCES articles (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, article_id)
);
CREATE INDEX favourites_newest ON favourites (user_id, created_at DESC, article_id DESC);

CREATE TABLE article_likes (
    user_id    BIGINT NOT NULL REFERENCES users (id),
    article_id BIGINT NOT NULL REFERENCES articles (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, article_id)
);
CREATE INDEX article_likes_article ON article_likes (article_id);
