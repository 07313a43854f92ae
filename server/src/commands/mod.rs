//! One verb of the command line a file; the short ones are here.

pub mod evaluate;
pub mod import;
pub mod token;
pub mod user;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use tokio_util::sync::CancellationToken;
use web::render::Theme;

use crate::app::{self, Services, Site};
use crate::config::Config;
use crate::{demo, http};

pub async fn serve(config: Config) -> Result<()> {
    let listener = http::listen(config.listen).await?;
    let site = Site::open(Services::open(&config).await?, &config).await?;
    eprintln!("{} is at {}", config.name, config.public_url());
    site.serve(listener).await
}

pub async fn demo(listen: SocketAddr, data: PathBuf, articles: u64) -> Result<()> {
    let config = Config { listen, data, ..demo::config() };
    let listener = http::listen(config.listen).await?;
    let services = Services::open(&config).await?;
    demo::fill(&services).await?;
    demo::add_generated(&services, articles).await?;
    let site = Site::open(services, &config).await?;
    println!("{}", demo::greeting(&config.public_url()));
    site.serve(listener).await
}

/// Fills the index here and now. A running server holds the index, and opening it says so.
pub async fn reindex(config: Config) -> Result<()> {
    let search = app::open_search(&Services::open(&config).await?, &config).await?;
    let style = ProgressStyle::with_template("{spinner} {pos} articles indexed {elapsed}")?;
    let bar = ProgressBar::no_length().with_style(style);
    search.rebuild(&CancellationToken::new(), |n| bar.inc(n)).await?;
    bar.finish_and_clear();
    println!("{} articles can be found", search.len());
    Ok(())
}

pub fn check_theme(folder: &Path) -> Result<()> {
    if !folder.is_dir() {
        bail!("{} is no folder", folder.display());
    }
    let theme = Theme::load(Some(folder))?;
    println!("{}: {} templates are good", theme.name(), theme.templates().count());
    Ok(())
}
