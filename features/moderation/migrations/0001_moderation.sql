-- What was decided about articles, by whom and why. Rows are only ever added.
CREATE TABLE decisions (
    id         BIGINT NOT NULL PRIMARY KEY,
    article_id BIGINT NOT NULL REFERENCES articles (id),
    verdict    TEXT   NOT NULL,
    code       TEXT,
    note       TEXT,
    decided_by BIGINT NOT NULL REFERENCES users (id),
    decided_at BIGINT NOT NULL
);
CREATE INDEX decisions_article ON decisions (article_id, id DESC);

CREATE TABLE reports (
    id         BIGINT NOT NULL PRIMARY KEY,
    article_id BIGINT NOT NULL REFERENCES articles (id),
    comment_id BIGINT,
    reason     TEXT   NOT NULL,
    text       TEXT   NOT NULL,
    contact    TEXT,
    user_id    BIGINT REFERENCES users (id),
    created_at BIGINT NOT NULL,
    outcome    TEXT,
    closed_by  BIGINT REFERENCES users (id),
    closed_at  BIGINT
);
CREATE INDEX reports_open ON reports (id DESC) WHERE outcome IS NULL;
CREATE INDEX reports_closed ON reports (id DESC) WHERE outcome IS NOT NULL;
