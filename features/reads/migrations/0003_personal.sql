-- Whether a reader lets the site learn from what they read. No row: yes. Not a part of what is learned.
CREATE TABLE personal_switches (
    user_id    BIGINT NOT NULL PRIMARY KEY REFERENCES users (id),
    learns     BOOLEAN NOT NULL,
    changed_at BIGINT NOT NULL
);

-- What readers read who let the site learn, each article once, as it was read last. No reference to articles: one id that is not
-- there would refuse everybody's reads.
CREATE TABLE personal_reads (
    user_id    BIGINT NOT NULL REFERENCES users (id),
    article_id BIGINT NOT NULL,
    read_at    BIGINT NOT NULL,
    seconds    BIGINT NOT NULL,
    finished   BOOLEAN NOT NULL,
    PRIMARY KEY (user_id, article_id)
);
CREATE INDEX personal_reads_newest ON personal_reads (user_id, read_at DESC);

-- What readers said they want more of, or none of: kind is author, channel, tag or article.
CREATE TABLE personal_wishes (
    user_id    BIGINT NOT NULL REFERENCES users (id),
    kind       TEXT NOT NULL,
    name       TEXT NOT NULL,
    wanted     BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, kind, name)
);

-- How often two articles were read by one visitor, both ways, fading: the weight as of a time. Who it was is not kept.
CREATE TABLE read_together (
    article_id BIGINT NOT NULL,
    other_id   BIGINT NOT NULL,
    weight     DOUBLE PRECISION NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (article_id, other_id)
);
CREATE INDEX read_together_heaviest ON read_together (article_id, weight DESC);
CREATE INDEX read_together_oldest ON read_together (at);

-- What a list offered (the features of each place, as JSON) and which place was chosen: what the ranking is learned from.
-- Who chose is not kept.
CREATE TABLE choices (
    id         BIGINT NOT NULL PRIMARY KEY,
    model      BIGINT NOT NULL,
    chosen     BIGINT NOT NULL,
    offered    TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX choices_newest ON choices (created_at);

-- Models that were learned: weights by name as JSON, and how well each and the one before it told the choices it had not seen.
CREATE TABLE models (
    version    BIGINT NOT NULL PRIMARY KEY,
    weights    TEXT NOT NULL,
    choices    BIGINT NOT NULL,
    figure     DOUBLE PRECISION NOT NULL,
    before     DOUBLE PRECISION NOT NULL,
    state      TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- How the lists do, in sums by the day (days since 1970, UTC): what was shown, opened and read to its end, by list, source and model;
-- in the rows of the source `all`, lists, and the authors and channels among the first ten of each.
CREATE TABLE list_days (
    day      BIGINT NOT NULL,
    list     TEXT NOT NULL,
    source   TEXT NOT NULL,
    model    BIGINT NOT NULL,
    shown    BIGINT NOT NULL,
    opened   BIGINT NOT NULL,
    finished BIGINT NOT NULL,
    lists    BIGINT NOT NULL,
    authors  BIGINT NOT NULL,
    channels BIGINT NOT NULL,
    PRIMARY KEY (day, list, source, model)
);
