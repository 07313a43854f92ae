CREATE TABLE journal (
    seq     BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    tx      BIGINT NOT NULL,
    kind    TEXT   NOT NULL,
    payload TEXT   NOT NULL,
    at      BIGINT NOT NULL
);
CREATE INDEX journal_order ON journal (tx, seq);
