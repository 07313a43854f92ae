-- Pictures that somebody who wrote for an author brought into its articles: whoever writes for it sees them, also when that one has gone.
CREATE TABLE author_pictures (
    hash      TEXT   NOT NULL,
    author_id BIGINT NOT NULL REFERENCES authors (id),
    PRIMARY KEY (hash, author_id)
);
