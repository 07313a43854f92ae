-- Folders of files that no picture has: an upload is on its way, or the picture was deleted. What is here is removed by and by.
CREATE TABLE unclaimed_files (
    hash     TEXT    NOT NULL PRIMARY KEY,
    free_at  BIGINT  NOT NULL, -- until then they belong to an upload, or to whoever removes them
    removing BOOLEAN NOT NULL
);
