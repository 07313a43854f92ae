//! Reading a file, on a thread of its own.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::PathBuf;

use kernel::{Error, Result};
use tokio::sync::mpsc::Sender;

use crate::out::{Batch, Out, Stopped};
use crate::{Source, feed, jsonl, wordpress};

/// What the articles' outside ids begin with, if the caller has said so.
pub struct Origin(pub Option<String>);

impl Origin {
    pub fn name_or(&self, source: Source, host: Option<&str>) -> String {
        self.0.clone().or_else(|| host.map(str::to_owned)).unwrap_or_else(|| source.name().to_owned())
    }
}

/// Why reading ended before the file did.
pub enum End {
    Stopped,
    Failed(io::Error),
}

impl From<Stopped> for End {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}
impl From<io::Error> for End {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

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
