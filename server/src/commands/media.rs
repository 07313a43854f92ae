//! `byline media`.

use std::cell::Cell;
use std::io::{IsTerminal, stderr};

use anyhow::{Result, bail};
use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};

use crate::config::Config;
use crate::{app, failures};

#[derive(Subcommand)]
pub enum Action {
    /// Copies the pictures of the data folder into the bucket; those that are there stay, and running it again copies what is new
    #[command(after_help = "Example: byline media copy --config /etc/byline.toml")]
    Copy,
}

impl Action {
    pub async fn run(self, config: Config) -> Result<()> {
        let Self::Copy = self;
        let Some(bucket) = &config.pictures else {
            bail!("no bucket is set; let `pictures` name one, as in s3://pictures");
        };
        let folder = config.data.join("media");
        if !folder.join("objects").is_dir() {
            bail!("{} has no pictures; see that `data` is the folder of the site's data", folder.display());
        }
        let services = app::open_services(&config).await?;
        let (copied, there) = (Cell::new(0_u64), Cell::new(0_u64));
        let bar = if stderr().is_terminal() { ProgressBar::no_length() } else { ProgressBar::hidden() };
        bar.set_style(ProgressStyle::with_template("{spinner} {pos} files {elapsed}")?);
        let told = |new| {
            let count = if new { &copied } else { &there };
            count.set(count.get() + 1);
            bar.inc(1);
        };
        let done = services.media.copy_files(&folder, told).await;
        bar.finish_and_clear();
        println!("{} files copied to {bucket}, {} were there", copied.get(), there.get());
        done.map_err(|error| failures::pictures(bucket, &error))
    }
}
