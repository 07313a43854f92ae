//! Since when a file is as it is, for `Last-Modified`.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use kernel::Time;

/// Files that are remembered; beyond them all are forgotten.
const MOST: usize = 10_000;

/// What each file was when it was last written. The newest article alone does not tell it: a file changes too when one is taken back, or an
/// author has a new name.
#[derive(Clone, Default)]
pub struct Versions(Arc<Mutex<HashMap<String, Version>>>);

struct Version {
    hash: u64,
    since: Time,
}

impl Versions {
    /// Since when the file at `address` has this content. What has not been written before is as old as what is newest in it.
    pub fn modified(&self, address: &str, content: &[u8], newest: Time, now: Time) -> Time {
        let mut hasher = DefaultHasher::new();
        content.hash(&mut hasher);
        let hash = hasher.finish();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let since = match known.get(address) {
            Some(version) if version.hash == hash => return version.since,
            Some(_) => now,
            None => newest.min(now),
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
        assert_eq!(versions.modified("/a", b"1", at(10), at(50)), at(10));
        assert_eq!(versions.modified("/a", b"1", at(10), at(60)), at(10));
        // One was taken back: what is newest is older than before.
        assert_eq!(versions.modified("/a", b"2", at(5), at(70)), at(70));
        assert_eq!(versions.modified("/a", b"2", at(5), at(80)), at(70));
        assert_eq!(versions.modified("/b", b"2", at(5), at(80)), at(5));
    }
}
