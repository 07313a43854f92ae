-- Empty: one process has the file. (On PostgreSQL: what each node counted of late.)
CREATE TABLE read_deltas (
    id      BIGINT NOT NULL PRIMARY KEY,
    tx      BIGINT NOT NULL,
    node    TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    counted TEXT   NOT NULL
);
CREATE INDEX read_deltas_order ON read_deltas (tx, id);
