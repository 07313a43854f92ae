//! Hashing and checking passwords, off the async threads and two at a time: each takes 19 MiB and some 20 ms of a core.

use std::sync::Arc;
use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use kernel::{Env, Error, Result};
use tokio::sync::Semaphore;

use crate::policy::{PASSWORD_BYTES, normalise};

const AT_ONCE: usize = 2;
/// How many may wait for a turn: more than are served in the time that anybody waits are turned away at once.
const IN_LINE: usize = 100;
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
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    line: Arc<Semaphore>,
}

/// What came of checking a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Checked {
    Wrong,
    Right,
    /// Right as it was typed, but not as it is normalised now: hashed before that was done.
    RightAsTyped,
}

impl Passwords {
    pub fn new() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)), line: Arc::new(Semaphore::new(AT_ONCE + IN_LINE)) }
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

    /// Whether `password` is the one that was hashed, normalised or else as it was typed; never for `None`. Takes the same time whether
    /// there is somebody or not.
    pub async fn verify(&self, password: &str, stored: Option<String>) -> Result<Checked> {
        let too_long = password.len() > PASSWORD_BYTES;
        let typed = if too_long { String::new() } else { password.to_owned() };
        self.in_turn(move || {
            let hash = PasswordHash::new(stored.as_deref().unwrap_or(NOBODY))?;
            let is = |password: &str| match argon2id().verify_password(password.as_bytes(), &hash) {
                Ok(()) => Ok(!too_long && stored.is_some()),
                Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(error),
            };
            let normal = normalise(&typed);
            let differs = normal.as_deref() != Some(&typed);
            Ok(match normal {
                Some(normal) if is(&normal)? => Checked::Right,
                _ if differs && is(&typed)? => Checked::RightAsTyped,
                _ => Checked::Wrong,
            })
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Box<dyn std::error::Error + Send + Sync>> + Send + 'static,
    ) -> Result<T> {
        let place =
            self.line.clone().try_acquire_owned().map_err(|_| Error::Unavailable("passwords".into()))?;
        let turn = tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned())
            .await
            .map_err(|_| Error::Unavailable("passwords".into()))?
            .map_err(Error::internal)?;
        let work = move || {
            let _turn = (turn, place); // held by the work, not by the asker, who may go away meanwhile
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
        let verify = async |password: &str, stored: &Option<String>| {
            passwords.verify(password, stored.clone()).await.unwrap()
        };
        let somebody = Some(stored.clone());
        assert_eq!(verify("正确的口令", &somebody).await, Checked::Right);
        assert_eq!(verify("错误的口令", &somebody).await, Checked::Wrong);
        assert_eq!(verify("", &None).await, Checked::Wrong);
        assert_eq!(verify(&"x".repeat(PASSWORD_BYTES + 1), &somebody).await, Checked::Wrong);
        // Hashed before passwords were normalised.
        let old = Some(passwords.hash(&env, "cafe\u{301}\u{3000}au lait").await.unwrap());
        assert_eq!(verify("cafe\u{301}\u{3000}au lait", &old).await, Checked::RightAsTyped);
        assert_eq!(verify("caf\u{e9} au lait", &old).await, Checked::Wrong);
        assert!(passwords.verify("x", Some("not a hash".into())).await.is_err());
        // Checking nobody costs what checking somebody costs.
        let settings = |phc: &str| phc.rsplitn(3, '$').nth(2).map(str::to_owned);
        assert_eq!(settings(&stored), settings(NOBODY));
        assert_eq!(stored.len(), NOBODY.len());
    }

    #[tokio::test]
    async fn a_crowd_is_turned_away_before_it_costs_anything() {
        let (env, passwords) = (Env::system(), Passwords::new());
        // Everybody's turn is taken, and so is every place in the line.
        let turns = passwords.turns.clone().acquire_many_owned(AT_ONCE as u32).await.unwrap();
        let line = passwords.line.clone().acquire_many_owned((AT_ONCE + IN_LINE) as u32).await.unwrap();
        assert!(matches!(passwords.verify("x", None).await, Err(Error::Unavailable(_))));
        assert!(matches!(passwords.hash(&env, "x").await, Err(Error::Unavailable(_))));
        drop((turns, line));
        assert_eq!(passwords.verify("x", None).await.unwrap(), Checked::Wrong);
    }
}
