//! Since when a file is as it is, for `Last-Modified`.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use kernel::Time;

/// Files that are remembered; beyond them all are forgotten.
const MOST: usize = 10_000;

/// What each file was when it was last written. The newest article does not tell it: a file changes too when one is taken back, or an
/// author has a new name.
#[derive(Clone, Default)]
pub struct Versions(Arc<Mutex<HashMap<String, Version>>>);

struct Version {
    hash: u64,
    since: Time,
}

impl Versions {
    /// Since when the file at `address` has this content, as far as is known: a process that has just begun does not know what the
    /// file was before, so it is as of now.
    pub fn modified(&self, address: &str, content: &[u8], now: Time) -> Time {
        let mut hasher = DefaultHasher::new();
        content.hash(&mut hasher);
        let hash = hasher.finish();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let since = match known.get(address) {
            Some(version) if version.hash == hash => return version.since,
            _ => now,
        };
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(address.to_owned(), Version { hash, since });
        since
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_as_old_as_its_content() {
        let (versions, at) = (Versions::default(), Time::from_millis);
        assert_eq!(versions.modified("/a", b"1", at(50)), at(50));
        assert_eq!(versions.modified("/a", b"1", at(60)), at(50));
        assert_eq!(versions.modified("/a", b"2", at(70)), at(70));
        assert_eq!(versions.modified("/a", b"2", at(80)), at(70));
        // After a restart: nobody who has the older file is told that it still stands.
        assert_eq!(Versions::default().modified("/a", b"3", at(90)), at(90));
    }
}
