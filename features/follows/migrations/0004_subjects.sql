-- What readers follow besides authors: channels, tags and topics. `name` is a slug, a tag in lower case or a topic's id, as `kind` says, so it can
-- refer to none of them; what is not there any more is not shown, and goes with its user.
CREATE TABLE subject_follows (
    user_id    BIGINT NOT NULL REFERENCES users (id),
    kind       TEXT   NOT NULL, -- channel, tag, topic
    name       TEXT   NOT NULL,
    label      TEXT   NOT NULL, -- a tag as it was written where it was followed; else the name again
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, kind, name)
);
-- Those who follow something are told of it in parts, in the order of their ids.
CREATE INDEX subject_follows_name ON subject_follows (kind, name, user_id);
