-- Roles that a site makes of actions, beside those that every site has (actions.rs).
CREATE TABLE roles (
    name       TEXT   NOT NULL PRIMARY KEY, -- a slug; no built-in role is called so
    title      TEXT   NOT NULL,
    actions    TEXT   NOT NULL,             -- their names, a space between them
    changed_at BIGINT NOT NULL
);

CREATE TABLE user_roles (
    user_id BIGINT NOT NULL REFERENCES users (id),
    role    TEXT   NOT NULL REFERENCES roles (name) ON DELETE CASCADE,
    PRIMARY KEY (user_id, role)
);
CREATE INDEX user_roles_role ON user_roles (role, user_id);
