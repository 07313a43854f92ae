//! Reading a file, on a thread of its own.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::PathBuf;

use kernel::{Error, Result};
use tokio::sync::mpsc::Sender;

use crate::entry::Origin;
use crate::out::{Batch, End, Out};
use crate::{Source, feed, jsonl, wordpress};

/// Reads the whole file, as fast as `to` takes it.
pub fn read(source: Source, path: PathBuf, origin: Origin, to: Sender<Batch>) -> Result<()> {
    let unreadable = |error: io::Error| Error::Unavailable(format!("{}: {error}", path.display()).into());
    let open = || File::open(&path).map(|file| BufReader::with_capacity(64 << 10, file));
    let mut out = Out::new(to);
    let read = |out: &mut Out| -> std::result::Result<(), End> {
        match source {
            Source::Jsonl => jsonl::read(open()?, &origin, out)?,
            Source::Wordpress => wordpress::read(&open, &origin, out)?,
            Source::Rss => feed::read(open()?, &origin, out)?,
        }
        Ok(out.flush()?)
    };
    match read(&mut out) {
        Ok(()) | Err(End::Stopped) => Ok(()),
        Err(End::Failed(error)) => {
            // What was read before is good.
            let _ = out.flush();
            Err(unreadable(error))
        }
    }
}
