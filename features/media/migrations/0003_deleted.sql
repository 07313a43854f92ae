-- Pictures that their owners deleted: their addresses answer that they are gone.
CREATE TABLE deleted_pictures (
    hash       TEXT   NOT NULL PRIMARY KEY,
    deleted_at BIGINT NOT NULL
);
