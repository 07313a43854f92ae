CREATE TABLE channels (
    slug     TEXT   NOT NULL PRIMARY KEY,
    zh       TEXT   NOT NULL,
    en       TEXT   NOT NULL,
    colour   TEXT   NOT NULL,
    position BIGINT NOT NULL
);

-- What lists need. The texts are in article_bodies, so that a list never reads them.
CREATE TABLE articles (
    id              BIGINT  NOT NULL PRIMARY KEY,
    author_id       BIGINT  NOT NULL REFERENCES authors (id),
    channel         TEXT    REFERENCES channels (slug),
    state           TEXT    NOT NULL,
    -- The revision that the columns show, and the newest one saved. They differ while a live article's changes wait.
    version         BIGINT  NOT NULL,
    latest          BIGINT  NOT NULL,
    pending         BOOLEAN NOT NULL,
    title           TEXT    NOT NULL,
    subtitle        TEXT,
    excerpt         TEXT    NOT NULL,
    language        TEXT    NOT NULL,
    covers          TEXT    NOT NULL,
    declarations    TEXT    NOT NULL,
    source_name     TEXT,
    source_url      TEXT,
    canonical_url   TEXT,
    region          TEXT,
    reading_minutes BIGINT  NOT NULL,
    created_at      BIGINT  NOT NULL,
    updated_at      BIGINT  NOT NULL,
    publish_at      BIGINT,
    published_at    BIGINT,
    edited_at       BIGINT,
    return_code     TEXT,
    return_note     TEXT,
    retract_code    TEXT,
    external_id     TEXT
);
CREATE UNIQUE INDEX articles_external ON articles (external_id);
CREATE INDEX articles_latest ON articles (published_at DESC, id DESC) WHERE state = 'live';
CREATE INDEX articles_channel ON articles (channel, published_at DESC, id DESC) WHERE state = 'live';
CREATE INDEX articles_author ON articles (author_id, published_at DESC, id DESC) WHERE state = 'live';
CREATE INDEX articles_studio ON articles (author_id, updated_at DESC, id DESC);
CREATE INDEX articles_waiting ON articles (state, updated_at DESC, id DESC) WHERE state <> 'live';
CREATE INDEX articles_pending ON articles (updated_at DESC, id DESC) WHERE pending;

CREATE TABLE article_bodies (
    article_id BIGINT NOT NULL PRIMARY KEY REFERENCES articles (id),
    format     TEXT   NOT NULL,
    source     TEXT   NOT NULL,
    html       TEXT   NOT NULL
);

-- published_at is a copy (0 until live), so that a tag's page is one index range.
CREATE TABLE article_tags (
    article_id   BIGINT NOT NULL REFERENCES articles (id),
    folded       TEXT   NOT NULL,
    tag          TEXT   NOT NULL,
    position     BIGINT NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (article_id, folded)
);
CREATE INDEX article_tags_tag ON article_tags (folded, published_at DESC, article_id DESC);

-- Everything an author ever saved, newest last; content is the draft as JSON.
CREATE TABLE revisions (
    article_id BIGINT NOT NULL REFERENCES articles (id),
    version    BIGINT NOT NULL,
    content    TEXT   NOT NULL,
    saved_by   BIGINT NOT NULL,
    saved_at   BIGINT NOT NULL,
    PRIMARY KEY (article_id, version)
);
