//! `byline reindex`: by the server that runs, or here; on PostgreSQL, all other nodes too.

use std::io::{IsTerminal, stderr};
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail};
use db::Conn;
use events::Actor;
use indicatif::{ProgressBar, ProgressStyle};
use kernel::Error;
use search::{Index, Search, reindex};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::app;
use crate::config::Config;
use crate::failures;

const LOOK_EVERY: Duration = Duration::from_millis(300);
/// Where there is no terminal, a line this often.
const SAY_EVERY: Duration = Duration::from_secs(5);

pub async fn run(config: Config) -> Result<()> {
    let folder = config.data.join("index");
    let services = app::open_services(&config).await?;
    let mut shown = ProgressDisplay::new()?;
    if services.db.is_postgres() {
        // Nodes on other machines have indexes of their own.
        reindex::ask_all(&services.db, &services.journal.by(Actor::CommandLine)).await?;
        eprintln!("All nodes of this site make their index anew; here is how far this one is.");
    }
    let mut asked = false;
    loop {
        let dir = folder.clone();
        match tokio::task::spawn_blocking(move || Index::open(&dir)).await? {
            Ok(index) => {
                let search = services.search(index);
                here(&search, &mut shown).await?;
                shown.end(&format!("{} articles can be found", search.len()));
                return Ok(());
            }
            Err(Error::Unavailable(_)) if !asked => {
                reindex::ask(&folder).map_err(|error| failures::folder(&folder, error))?;
                asked = true;
            }
            // A server that died leaves the index, and the request, to whoever comes next: here, or itself again.
            Err(Error::Unavailable(_)) => {}
            Err(error) => return Err(failures::index(&folder, &error)),
        }
        if there(&folder, &mut shown).await? {
            shown.end("the server has changed to the new index");
            return Ok(());
        }
    }
}

async fn here(search: &Search, shown: &mut ProgressDisplay) -> Result<()> {
    let of = search.len();
    let done = std::cell::Cell::new(0);
    let shown = std::cell::RefCell::new(shown);
    let more = |n| {
        done.set(done.get() + n);
        shown.borrow_mut().tell(done.get(), of);
    };
    search.reindex(&CancellationToken::new(), more).await?;
    Ok(())
}

/// Watches the server at work; whether it is done, or (after a while) should be looked after.
async fn there(folder: &Path, shown: &mut ProgressDisplay) -> Result<bool> {
    let begun = Instant::now();
    while begun.elapsed() < SAY_EVERY {
        match reindex::progress(folder)? {
            None => return Ok(true),
            Some(reindex::Progress { failed: Some(why), .. }) => bail!("the server could not do it: {why}"),
            Some(progress) => shown.tell(progress.done, progress.of),
        }
        sleep(LOOK_EVERY).await;
    }
    Ok(false)
}

/// A bar on a terminal, lines elsewhere.
struct ProgressDisplay {
    bar: Option<ProgressBar>,
    said: Instant,
}

impl ProgressDisplay {
    fn new() -> Result<Self> {
        let style = ProgressStyle::with_template("{bar:40} {pos} of about {len} articles indexed {elapsed}")?;
        let bar = stderr().is_terminal().then(|| ProgressBar::new(0).with_style(style));
        Ok(Self { bar, said: Instant::now() })
    }

    fn tell(&mut self, done: u64, of: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(of.max(done));
            bar.set_position(done);
        } else if self.said.elapsed() >= SAY_EVERY {
            self.said = Instant::now();
            eprintln!("{done} of about {} articles indexed", of.max(done));
        }
    }

    fn end(&self, words: &str) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        println!("{words}");
    }
}
