//! What slows guessing: who fails must wait.
//!
//! It is fast where the same network tries one handle, later where many networks do, and a network that tries many handles. A browser in
//! which the owner signed in before has a measure of its own, so that nobody elsewhere can keep the owner out.

use std::time::{Duration, Instant};

use kernel::{Handle, Result, Throttle};

/// How often may be guessed. What turns out right is given back.
pub(crate) struct Guesses {
    device: Throttle<(String, Handle)>,
    pair: Throttle<(String, Handle)>,
    handle: Throttle<Handle>,
    network: Throttle<String>,
}

/// The turns that one guess took.
pub(crate) enum Turns {
    Device((String, Handle)),
    Stranger(String, Option<Handle>),
}

impl Default for Guesses {
    fn default() -> Self {
        Self {
            device: Throttle::new(10, Duration::from_mins(5)),
            pair: Throttle::new(10, Duration::from_mins(5)),
            // Beyond what a few networks may, so that it takes many to reach it; then one guess in nine seconds for all strangers.
            handle: Throttle::new(100, Duration::from_mins(15)),
            // Many may share a network, and only their failures count.
            network: Throttle::new(60, Duration::from_mins(10)),
        }
    }
}

impl Guesses {
    /// `device` where the handle's owner signed in there before.
    pub fn check(
        &self,
        network: &str,
        handle: Option<&Handle>,
        device: Option<String>,
        now: Instant,
    ) -> Result<Turns> {
        if let (Some(device), Some(handle)) = (device, handle) {
            let key = (device, handle.clone());
            self.device.check(key.clone(), now)?;
            return Ok(Turns::Device(key));
        }
        let network = network.to_owned();
        self.network.check(network.clone(), now)?;
        // What is refused costs no more turns: hammering at one handle keeps nobody of the same network from another.
        if let Some(handle) = handle {
            let pair = (network.clone(), handle.clone());
            if let Err(error) = self.pair.check(pair.clone(), now) {
                self.network.refund(&network);
                return Err(error);
            }
            if let Err(error) = self.handle.check(handle.clone(), now) {
                self.pair.refund(&pair);
                self.network.refund(&network);
                return Err(error);
            }
        }
        Ok(Turns::Stranger(network, handle.cloned()))
    }

    pub fn refund(&self, turns: Turns) {
        match turns {
            Turns::Device(key) => self.device.refund(&key),
            Turns::Stranger(network, handle) => {
                self.network.refund(&network);
                if let Some(handle) = handle {
                    self.handle.refund(&handle);
                    self.pair.refund(&(network, handle));
                }
            }
        }
    }
}
