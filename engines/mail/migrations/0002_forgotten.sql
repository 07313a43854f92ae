-- Addresses of users who were deleted: what a folder of any node keeps of mail to them goes. As in mail_refusals, a row does not say whose it is.
CREATE TABLE mail_forgotten (
    address TEXT   NOT NULL PRIMARY KEY,
    at      BIGINT NOT NULL
);
CREATE INDEX mail_forgotten_oldest ON mail_forgotten (at);
