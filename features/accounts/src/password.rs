//! Hashing and checking passwords, off the async threads and two at a time: each takes 19 MiB and some 20 ms of a core.

use std::sync::Arc;
use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use kernel::{Env, Error, Result};
use tokio::sync::Semaphore;

const AT_ONCE: usize = 2;
/// Whoever has waited this long for a turn is told to come again.
const PATIENCE: Duration = Duration::from_secs(10);

/// A hash of no password. Where there is no user, or one without password, this is what is checked against, so that
/// the answer takes as long as for anybody else.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$Ynl5bGluZS1ub2JvZHkhIQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// OWASP Password Storage Cheat Sheet: argon2id, 19 MiB, two passes, one lane.
fn argon2id() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

#[derive(Clone)]
pub(crate) struct Passwords(Arc<Semaphore>);

impl Passwords {
    pub fn new() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }

    /// The PHC string to store.
    pub async fn hash(&self, env: &Env, password: &str) -> Result<String> {
        let mut salt = [0; argon2::RECOMMENDED_SALT_LEN];
        env.fill(&mut salt);
        let password = password.to_owned();
        self.in_turn(move || {
            let hash: PasswordHash = argon2id().hash_password_with_salt(password.as_bytes(), &salt)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether `password` is the one that was hashed; never for `None`. Takes the same time either way.
    pub async fn verify(&self, password: &str, stored: Option<String>) -> Result<bool> {
        let password = password.to_owned();
        self.in_turn(move || {
            let hash = PasswordHash::new(stored.as_deref().unwrap_or(NOBODY))?;
            match argon2id().verify_password(password.as_bytes(), &hash) {
                Ok(()) => Ok(stored.is_some()),
                Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Box<dyn std::error::Error + Send + Sync>> + Send + 'static,
    ) -> Result<T> {
        let turn = tokio::time::timeout(PATIENCE, self.0.clone().acquire_owned())
            .await
            .map_err(|_| Error::Unavailable("passwords".into()))?
            .map_err(Error::internal)?;
        let work = move || {
            let _turn = turn; // held by the work, not by the asker, who may go away meanwhile
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)?.map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_that_was_hashed() {
        let (env, passwords) = (Env::system(), Passwords::new());
        let stored = passwords.hash(&env, "正确的口令").await.unwrap();
        assert_ne!(stored, passwords.hash(&env, "正确的口令").await.unwrap());
        assert!(passwords.verify("正确的口令", Some(stored.clone())).await.unwrap());
        assert!(!passwords.verify("错误的口令", Some(stored.clone())).await.unwrap());
        assert!(!passwords.verify("", None).await.unwrap());
        assert!(passwords.verify("x", Some("not a hash".into())).await.is_err());
        // Checking nobody costs what checking somebody costs.
        let settings = |phc: &str| phc.rsplitn(3, '$').nth(2).map(str::to_owned);
        assert_eq!(settings(&stored), settings(NOBODY));
        assert_eq!(stored.len(), NOBODY.len());
    }
}
