-- Of whom a reader wants to see nothing. `target_id` is of `users` or `authors`, as `target_kind` says, so it can refer to neither: whoever
-- is deleted is taken out both ways.
CREATE TABLE blocks (
    user_id     BIGINT NOT NULL REFERENCES users (id),
    target_kind TEXT   NOT NULL, -- user, author
    target_id   BIGINT NOT NULL,
    how         TEXT   NOT NULL, -- mute, block
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (user_id, target_kind, target_id)
);
CREATE INDEX blocks_newest ON blocks (user_id, created_at DESC, target_id DESC);
CREATE INDEX blocks_target ON blocks (target_kind, target_id);
