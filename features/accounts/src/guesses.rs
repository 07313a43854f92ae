//! What slows guessing: who fails must wait.
//!
//! It is fast where the same network tries one handle, later where many networks do, and a network that tries many handles. A browser in
//! which the owner signed in before has a measure of its own, so that nobody elsewhere can keep the owner out.

use std::time::Duration;

use db::Db;
use kernel::{Env, Handle, Result};
use limits::Limit;

/// How often may be guessed. What turns out right is given back.
pub(crate) struct Guesses {
    device: Limit,
    pair: Limit,
    handle: Limit,
    network: Limit,
}

/// The turns that one guess took.
pub(crate) enum Turns {
    Device(String),
    Stranger { network: String, handle: Option<Handle> },
}

impl Guesses {
    /// Of the second factor, by those who know the password: of a million codes three are right at a time, so that all strangers together
    /// need years.
    pub fn of_codes(db: &Db, env: &Env) -> Self {
        let limit = |name, times, minutes| {
            Limit::new(db.clone(), env.clone(), name, times, Duration::from_mins(minutes))
        };
        Self {
            device: limit("code device", 10, 15),
            pair: limit("code network and handle", 10, 15),
            handle: limit("code handle", 20, 60),
            network: limit("code network", 60, 10),
        }
    }

    pub fn new(db: &Db, env: &Env) -> Self {
        let limit = |name, times, minutes| {
            Limit::new(db.clone(), env.clone(), name, times, Duration::from_mins(minutes))
        };
        Self {
            device: limit("sign-in device", 10, 5),
            pair: limit("sign-in network and handle", 10, 5),
            // Beyond what a few networks may, so that it takes many to reach it; then one guess in nine seconds for all strangers.
            handle: limit("sign-in handle", 100, 15),
            // Many may share a network, and only their failures count.
            network: limit("sign-in network", 60, 10),
        }
    }

    /// `device` where the handle's owner signed in there before.
    pub async fn check(
        &self,
        network: &str,
        handle: Option<&Handle>,
        device: Option<String>,
    ) -> Result<Turns> {
        if let (Some(device), Some(handle)) = (device, handle) {
            let key = pair(&device, handle);
            self.device.check(&key).await?;
            return Ok(Turns::Device(key));
        }
        self.network.check(network).await?;
        // What is refused costs no more turns: hammering at one handle keeps nobody of the same network from another.
        if let Some(handle) = handle {
            let pair = pair(network, handle);
            if let Err(error) = self.pair.check(&pair).await {
                self.network.refund(network).await?;
                return Err(error);
            }
            if let Err(error) = self.handle.check(handle.as_str()).await {
                self.pair.refund(&pair).await?;
                self.network.refund(network).await?;
                return Err(error);
            }
        }
        Ok(Turns::Stranger { network: network.to_owned(), handle: handle.cloned() })
    }

    pub async fn refund(&self, turns: Turns) -> Result<()> {
        match turns {
            Turns::Device(key) => self.device.refund(&key).await,
            Turns::Stranger { network, handle } => {
                self.network.refund(&network).await?;
                if let Some(handle) = handle {
                    self.handle.refund(handle.as_str()).await?;
                    self.pair.refund(&pair(&network, &handle)).await?;
                }
                Ok(())
            }
        }
    }
}

/// Handles have no spaces.
fn pair(whence: &str, handle: &Handle) -> String {
    format!("{} {whence}", handle.as_str())
}
