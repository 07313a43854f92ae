//! What the listener bears.

use std::time::Duration;

/// How long clients may keep us waiting.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// A client must have sent its headers by then; one that is kept waits no longer for its next request either.
    pub headers: Duration,
    /// A reader who takes nothing for so long is gone.
    pub reader: Duration,
    /// One who takes too little has this until they take more.
    pub patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let [headers, reader, patience] = [15, 20, 30].map(Duration::from_secs);
        Self { headers, reader, patience }
    }
}
