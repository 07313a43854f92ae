-- What readers say is wrong with what a user shows of themselves: bio and picture.
CREATE TABLE profile_reports (
    id         BIGINT NOT NULL PRIMARY KEY,
    about_id   BIGINT NOT NULL REFERENCES users (id),
    reason     TEXT   NOT NULL,
    text       TEXT   NOT NULL,
    contact    TEXT,
    user_id    BIGINT REFERENCES users (id),
    created_at BIGINT NOT NULL,
    outcome    TEXT,
    closed_by  BIGINT REFERENCES users (id),
    closed_at  BIGINT
);
CREATE INDEX profile_reports_open ON profile_reports (about_id, id) WHERE outcome IS NULL;
