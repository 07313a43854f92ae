-- What each node counted of late, for the hot lists of the others: rows live for some minutes, and after a crash of the database none need
-- be there.
CREATE UNLOGGED TABLE read_deltas (
    id      BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    tx      BIGINT NOT NULL, -- the transaction that wrote it
    node    TEXT   NOT NULL,
    at      BIGINT NOT NULL, -- by the node's clock
    counted TEXT   NOT NULL  -- JSON: [[article, slot of five minutes since 1970, counts by name], …]
);
CREATE INDEX read_deltas_order ON read_deltas (tx, id);
