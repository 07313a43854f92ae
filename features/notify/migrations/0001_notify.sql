-- What users are told: a row for each kind and each thing (group_key) that it is about, however often it happened.
CREATE TABLE notifications (
    user_id    BIGINT NOT NULL REFERENCES users (id),
    kind       TEXT   NOT NULL,
    group_key  TEXT   NOT NULL,
    id         BIGINT NOT NULL, -- the same for all who are told of one article
    actors     BIGINT NOT NULL, -- how many people did it, or how many things wait; 0: nothing is left of it
    told       BIGINT NOT NULL, -- as many as there ever were
    actor_id   BIGINT,          -- the last of them, where it is told who it was
    article_id BIGINT,          -- what it is about, as long as that is visible
    comment_id BIGINT,
    detail     TEXT,            -- how it ended, or which queue: see model.rs
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    read_at    BIGINT,
    PRIMARY KEY (user_id, kind, group_key)
);
CREATE UNIQUE INDEX notifications_id ON notifications (user_id, id);
CREATE INDEX notifications_newest ON notifications (user_id, changed_at DESC, id DESC);
CREATE INDEX notifications_unread ON notifications (user_id) WHERE read_at IS NULL AND actors > 0;
CREATE INDEX notifications_article ON notifications (article_id, user_id);
CREATE INDEX notifications_comment ON notifications (comment_id) WHERE comment_id IS NOT NULL;
CREATE INDEX notifications_actor ON notifications (actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX notifications_waiting ON notifications (group_key) WHERE kind = 'waiting';
CREATE INDEX notifications_oldest ON notifications (changed_at);

-- The answers that a row of the kind `answer` is made of, until it was read and another came.
CREATE TABLE notification_answers (
    comment_id  BIGINT NOT NULL PRIMARY KEY,
    user_id     BIGINT NOT NULL REFERENCES users (id), -- who is told
    answered_id BIGINT NOT NULL,                       -- what they wrote
    actor_id    BIGINT NOT NULL                        -- who answers
);
CREATE INDEX notification_answers_of ON notification_answers (user_id, answered_id);
CREATE INDEX notification_answers_actor ON notification_answers (actor_id);

-- What users want to be told of, and how: only what differs from what everybody begins with.
CREATE TABLE notification_choices (
    user_id BIGINT  NOT NULL REFERENCES users (id),
    kind    TEXT    NOT NULL,
    way     TEXT    NOT NULL,
    wanted  BOOLEAN NOT NULL,
    PRIMARY KEY (user_id, kind, way)
);

-- From when until when nothing is sent that somebody would hear (minutes after midnight).
CREATE TABLE notification_quiet (
    user_id     BIGINT NOT NULL PRIMARY KEY REFERENCES users (id),
    quiet_from  BIGINT NOT NULL,
    quiet_until BIGINT NOT NULL
);
