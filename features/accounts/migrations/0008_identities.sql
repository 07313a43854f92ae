-- Accounts elsewhere that are a user's: whoever comes back from there is that user. By the issuer and not by what the configuration calls it, which
-- may be given to another provider, whose subjects are other people.
CREATE TABLE identities (
    id         BIGINT PRIMARY KEY,
    issuer     TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    user_id    BIGINT NOT NULL REFERENCES users (id),
    name       TEXT,             -- what they call themselves there, to be known by in a list
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX identities_subject ON identities (issuer, subject);
CREATE INDEX identities_user ON identities (user_id);

-- Browsers that were sent to a provider and are not back yet. Each comes back once.
CREATE TABLE oidc_flows (
    state_hash   TEXT   PRIMARY KEY, -- as in sessions
    browser_hash TEXT   NOT NULL,    -- of a cookie
    provider     TEXT   NOT NULL,    -- as the configuration calls it
    nonce        TEXT   NOT NULL,
    verifier     TEXT   NOT NULL,
    user_id      BIGINT REFERENCES users (id), -- who wants to link it
    invitation   TEXT,               -- the hash of one that is carried along
    back         TEXT   NOT NULL,
    expires_at   BIGINT NOT NULL
);
CREATE INDEX oidc_flows_expiry ON oidc_flows (expires_at);
CREATE INDEX oidc_flows_user ON oidc_flows (user_id);

-- Those who came back and are nobody here yet, until they have said how they want to be called.
CREATE TABLE oidc_arrivals (
    browser_hash TEXT   PRIMARY KEY,
    provider     TEXT   NOT NULL,
    issuer       TEXT   NOT NULL,
    subject      TEXT   NOT NULL,
    username     TEXT,
    name         TEXT,
    email        TEXT,               -- one that the provider has verified
    invitation   TEXT,
    back         TEXT   NOT NULL,
    expires_at   BIGINT NOT NULL
);
CREATE INDEX oidc_arrivals_expiry ON oidc_arrivals (expires_at);

CREATE TABLE invitations (
    id         BIGINT PRIMARY KEY,
    token_hash TEXT   NOT NULL UNIQUE,
    made_by    BIGINT REFERENCES users (id), -- nobody: whoever runs the machine
    role       TEXT,             -- what whoever comes by it holds from the beginning
    address    TEXT,             -- whom it was mailed to, until it is used
    most       BIGINT NOT NULL,
    used       BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX invitations_maker ON invitations (made_by);
CREATE INDEX invitations_expiry ON invitations (expires_at);
