//! What all clones of [`Accounts`](crate::Accounts) have in memory together.

use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use db::Db;
use kernel::Env;
use limits::Limit;
use moka::sync::Cache;

use crate::guesses::Guesses;
use crate::model::Viewer;

pub(crate) struct Shared {
    pub guesses: Guesses,
    /// Of the second factor.
    pub codes: Guesses,
    /// What browsers of a network are asked to sign: each is a row for ten minutes.
    pub challenges: Limit,
    pub new_users: Limit,
    /// Mails that a user has sent to show an address.
    pub email_asks: Limit,
    /// New passwords that a network asks for, and that are asked for a user.
    pub reset_asks: Limit,
    pub resets: Limit,
    /// How often a network begins to sign in elsewhere.
    pub flows: Limit,
    /// Keys to the API that a user makes: some more than they may have.
    pub tokens: Limit,
    pub viewers: Cache<String, Remembered>,
    /// Grows with every sign-out and change of rights; a viewer remembered before that is asked for again.
    pub epoch: AtomicU64,
}

impl Shared {
    pub fn new(db: &Db, env: &Env) -> Self {
        let hourly = |name, times| Limit::new(db.clone(), env.clone(), name, times, Duration::from_hours(1));
        Self {
            guesses: Guesses::new(db, env),
            codes: Guesses::of_codes(db, env),
            challenges: hourly("passkey challenge", 300),
            // A school class may sign up together; each costs a slow hash.
            new_users: hourly("sign-up", 40),
            email_asks: hourly("email", 5),
            reset_asks: hourly("reset network", 20),
            resets: hourly("reset user", 3),
            flows: hourly("sign-in elsewhere", 120),
            tokens: hourly("api token", 60),
            viewers: Cache::new(10_000),
            epoch: AtomicU64::new(0),
        }
    }
}

#[derive(Clone)]
pub(crate) struct Remembered {
    pub viewer: Viewer,
    pub epoch: u64,
    pub at: Instant,
}
