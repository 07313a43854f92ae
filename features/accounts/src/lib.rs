//! Users, sign-in, sessions, roles, API tokens
