//! Signing in with an account elsewhere: OpenID Connect 1.0, the authorization code flow with PKCE (RFC 7636), state and nonce.
//!
//! What stands here knows providers and their protocol, and nothing of users: [`Oidc::begin`] says where a browser is sent, [`Oidc::finish`]
//! what the provider says of whoever comes back. What lies between the two, its caller keeps.
//!
//! An ID token is checked by the crate `openidconnect`: signature, algorithm, issuer, audience, nonce, time. Providers are asked through
//! `outbound`, by a client of its own for each, so that one that hangs takes no turn of another's; redirects are not followed.

mod ask;
mod error;
mod flow;
mod found;
mod provider;

pub use error::Error;
pub use flow::{Begun, Claims, Oidc};
pub use provider::{InvalidProvider, Provider, Providers, Secret};
