//! Who may set a site up.

use std::sync::Arc;

/// The secret that makes somebody the first operator. Of no use once there is one.
#[derive(Clone)]
pub struct SetupKey(Arc<str>);

impl SetupKey {
    pub fn new(token: String) -> Self {
        Self(token.into())
    }

    /// Where the set-up begins, below the site's address.
    pub fn path(&self) -> String {
        format!("/setup?key={}", self.0)
    }

    /// Takes as long for any wrong key, so that none can be found letter by letter.
    pub(crate) fn is(&self, key: &str) -> bool {
        let differ = self.0.bytes().zip(key.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b));
        self.0.len() == key.len() && differ == 0
    }
}
