-- Where the addresses of channels that were renamed or merged lead to.
CREATE TABLE channel_redirects (
    slug     TEXT   NOT NULL PRIMARY KEY,
    target   TEXT   NOT NULL REFERENCES channels (slug),
    since    BIGINT NOT NULL
);
