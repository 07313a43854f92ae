CREATE TABLE pictures (
    id          BIGINT  NOT NULL PRIMARY KEY,
    hash        TEXT    NOT NULL,
    width       BIGINT  NOT NULL,
    height      BIGINT  NOT NULL,
    colour      TEXT    NOT NULL,
    transparent BOOLEAN NOT NULL,
    animated    BOOLEAN NOT NULL,
    widths      TEXT    NOT NULL,
    created_at  BIGINT  NOT NULL
);
CREATE UNIQUE INDEX pictures_hash ON pictures (hash);

-- Who uploaded it: the same picture may be in several people's libraries.
CREATE TABLE picture_owners (
    user_id     BIGINT NOT NULL,
    picture_id  BIGINT NOT NULL REFERENCES pictures (id),
    uploaded_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, picture_id)
);
CREATE INDEX picture_owners_recent ON picture_owners (user_id, uploaded_at, picture_id);
CREATE INDEX picture_owners_picture ON picture_owners (picture_id);
