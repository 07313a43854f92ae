//! Of whom was deleted not a word is left in the files of the index: what was taken out of it stays there until they are written anew.

use std::fs;
use std::path::PathBuf;

use events::Position;
use kernel::{Error, Result, Time};
use tokio::sync::oneshot;

use crate::service::Search;

impl Search {
    /// Whether the index of this process follows the journal and has come to a place. What it took out until there is in its next commit.
    pub fn has_followed(&self, until: Position) -> bool {
        self.journal.followers().iter().any(|one| one.name == "search" && one.position >= until)
    }

    /// Leaves no word of articles that were taken out in the files of the index ([`index::Index::expunge`]), and notes that this is done for whoever was
    /// deleted up to `for_all_until`. With a million articles that takes a minute or two of one core; nobody waits for it.
    pub async fn expunge(&self, for_all_until: Time) -> Result<()> {
        let (index, note) = (self.index.clone(), self.note());
        let (done, waits) = oneshot::channel();
        // Not in a pool that is waited for where the server stops: what is broken off is as it was.
        std::thread::Builder::new().name("expunge".to_owned()).spawn(move || {
            let text = for_all_until.millis().to_string();
            let _ = done.send(index.expunge().and_then(|()| fs::write(note, text).map_err(Error::from)));
        })?;
        waits.await.map_err(Error::internal)?
    }

    /// Of whoever was deleted up to then no word is left; the beginning of time where nobody knows.
    pub fn expunged(&self) -> Time {
        let noted = fs::read_to_string(self.note()).ok().and_then(|text| text.trim().parse().ok());
        Time::from_millis(noted.unwrap_or(0))
    }

    fn note(&self) -> PathBuf {
        self.index.dir().join("expunged")
    }
}
