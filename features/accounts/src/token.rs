//! Tokens: long random words that stand for a user. Whoever has one is that user, so only their hashes are stored.

use std::fmt::{self, Write};

use kernel::Env;
use sha2::{Digest, Sha256};

/// What an API token begins with, so that people and secret scanners know one when they see it.
pub(crate) const API_PREFIX: &str = "byl_";

/// What the browser of a signed-in user holds as a cookie.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(String);

impl SessionToken {
    pub(crate) fn fresh(env: &Env) -> Self {
        Self(env.token())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a browser keeps in which somebody signed in before, also while nobody is.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceToken(String);

impl DeviceToken {
    /// The browser's own if it has one, so that it stays one browser for all who sign in there.
    pub(crate) fn of(device: Option<&str>, env: &Env) -> Self {
        let has_form = |token: &&str| {
            token.len() == 43 && token.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        };
        Self(device.filter(has_form).map_or_else(|| env.token(), str::to_owned))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a browser holds whose sign-in waits for its second step.
#[derive(Clone, PartialEq, Eq)]
pub struct PendingToken(String);

impl PendingToken {
    pub(crate) fn fresh(env: &Env) -> Self {
        Self(env.token())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PendingToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PendingToken(…)")
    }
}

/// Stays out of logs, as the next does.
impl fmt::Debug for DeviceToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceToken(…)")
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

/// SHA-256 in hex. A token has 256 bits of chance, so nothing slower is needed, and looking a hash up in an index
/// tells nothing by its timing: nobody can choose a token by what its hash begins with.
pub(crate) fn hash(token: &str) -> String {
    Sha256::digest(token).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}"); // a String takes everything
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_and_hides() {
        // FIPS 180-2, appendix B.1
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(!format!("{:?}", SessionToken::fresh(&Env::system())).contains(char::is_numeric));
    }
}
