//! `byline demo`.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use events::Actor;
use settings::Settings;
use settings::site::{CONTACT, LICENCE, NAME, TAGLINE};

use crate::app::{Site, open_services};
use crate::config::Config;
use crate::http;
use crate::starting::while_starting;

#[derive(Args)]
pub struct Demo {
    /// Address and port to listen on
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Folder that keeps the demo site
    #[arg(long, default_value = "data/demo")]
    data: PathBuf,
    /// Adds this many generated articles, for trying the site under load
    #[arg(long, default_value_t = 0)]
    articles: u64,
    /// A site's configuration, in place of address and folder: the demo is made there, in its database and bucket
    #[arg(long, conflicts_with_all = ["listen", "data"])]
    config: Option<PathBuf>,
}

impl Demo {
    pub fn settings(&self) -> Result<Config> {
        match &self.config {
            Some(file) => Config::load(Some(file)),
            None => Ok(Config { listen: self.listen, data: self.data.clone(), ..Config::default() }),
        }
    }

    pub async fn run(self) -> Result<()> {
        let config = self.settings()?;
        let listener = http::listen(config.listen).await?;
        let opening = async {
            if Box::pin(make(&config, self.articles)).await? {
                start_anew();
            }
            Box::pin(Site::open(open_services(&config).await?, &config)).await
        };
        let site = Box::pin(while_starting(&listener, opening)).await?;
        println!("{}", demo::greeting(&config.public_url()));
        Box::pin(site.serve(listener)).await
    }
}

/// Makes what is missing of the site; says whether that was all of it.
async fn make(config: &Config, articles: u64) -> Result<bool> {
    let services = open_services(config).await?;
    let made = Box::pin(demo::fill(&services)).await?;
    introduce(&services.settings).await?;
    demo::add_generated(&services, articles).await?;
    services.db.close().await?;
    Ok(made)
}

/// What the demo says of itself, where neither the configuration nor anybody else says it.
async fn introduce(settings: &Settings) -> Result<()> {
    let said = [
        (NAME.declared().name, demo::NAME, settings.chosen(&NAME).is_some()),
        (TAGLINE.declared().name, demo::TAGLINE, settings.chosen(&TAGLINE).is_some()),
        (LICENCE.declared().name, demo::LICENCE, settings.chosen(&LICENCE).is_some()),
        (CONTACT.declared().name, demo::CONTACT, settings.chosen(&CONTACT).is_some()),
    ];
    let free: Vec<_> =
        said.iter().filter(|(.., chosen)| !chosen).map(|(name, text, _)| (*name, *text)).collect();
    settings.by(Actor::Demo).set(&free).await?;
    Ok(())
}

/// Becomes the same command once more, which finds the site made. Drawing leaves a hundred megabytes with the allocator: a demo that kept
/// them would tell whoever looks that Byline needs twice the memory that it does. Goes on where it cannot be done.
fn start_anew() {
    #[cfg(unix)]
    if let Ok(program) = std::env::current_exe() {
        use std::os::unix::process::CommandExt;
        let error = std::process::Command::new(program).args(std::env::args_os().skip(1)).exec();
        tracing::debug!(%error, "cannot start anew");
    }
}
