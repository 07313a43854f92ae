-- Whether it stands at /notifications and counts there, or is only sent.
ALTER TABLE notifications ADD COLUMN shown BOOLEAN NOT NULL DEFAULT TRUE;

-- What is to be sent besides, and what was sent lately: for each thing no more often than once in a while.
CREATE TABLE notification_sendings (
    user_id   BIGINT NOT NULL REFERENCES users (id),
    way       TEXT   NOT NULL, -- mail, push
    kind      TEXT   NOT NULL,
    group_key TEXT   NOT NULL,
    due_at    BIGINT,          -- none: nothing waits
    sent_at   BIGINT,
    PRIMARY KEY (user_id, way, kind, group_key)
);
CREATE INDEX notification_sendings_sent ON notification_sendings (sent_at) WHERE due_at IS NULL;

-- When somebody is sent a digest; nobody is who is not here.
CREATE TABLE notification_digests (
    user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id),
    every   TEXT   NOT NULL, -- day, week
    hour    BIGINT NOT NULL, -- of the day, on the user's clock
    weekday BIGINT NOT NULL, -- 1 is Monday
    next_at BIGINT NOT NULL,
    last_at BIGINT           -- what changed since then was in none
);
CREATE INDEX notification_digests_next ON notification_digests (next_at);

-- Browsers that are told something while nobody looks (Web Push).
CREATE TABLE notification_devices (
    id         BIGINT NOT NULL PRIMARY KEY,
    user_id    BIGINT NOT NULL REFERENCES users (id),
    session    TEXT   NOT NULL, -- as in sessions: with it the browser is forgotten
    endpoint   TEXT   NOT NULL UNIQUE,
    p256dh     TEXT   NOT NULL,
    auth       TEXT   NOT NULL,
    agent      TEXT,
    locale     TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX notification_devices_user ON notification_devices (user_id);

-- Secrets of the site: by which push services know it (vapid), by which links in mail are known to be ours (links). Made when they are first needed.
CREATE TABLE notification_keys (
    name       TEXT   NOT NULL PRIMARY KEY,
    secret     TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
