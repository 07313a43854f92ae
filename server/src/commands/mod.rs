//! One verb of the command line a file; the short ones are here.

pub mod evaluate;
pub mod import;
pub mod reindex;
pub mod token;
pub mod user;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use web::render::Theme;

use crate::app::{Services, Site};
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

pub fn check_theme(folder: &Path) -> Result<()> {
    if !folder.is_dir() {
        bail!("{} is no folder", folder.display());
    }
    let theme = Theme::load(Some(folder))?;
    println!("{}: {} templates are good", theme.name(), theme.templates().count());
    Ok(())
}
