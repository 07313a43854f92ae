//! `byline demo`.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use kernel::Locale;

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
        let base = self.settings()?;
        let or = |set: Option<String>, text: &str| Some(set.unwrap_or_else(|| text.to_owned()));
        let config = Config {
            name: or(base.name, demo::NAME),
            tagline: or(base.tagline, demo::TAGLINE),
            licence: or(base.licence, demo::LICENCE),
            contact: or(base.contact, demo::CONTACT),
            locale: base.locale.or(Some(Locale::ZhCn)),
            ..base
        };
        let listener = http::listen(config.listen).await?;
        let opening = async {
            if make(&config, self.articles).await? {
                start_anew();
            }
            Site::open(open_services(&config).await?, &config).await
        };
        let site = Box::pin(while_starting(&listener, opening)).await?;
        println!("{}", demo::greeting(&config.public_url()));
        site.serve(listener).await
    }
}

/// Makes what is missing of the site; says whether that was all of it.
async fn make(config: &Config, articles: u64) -> Result<bool> {
    let services = open_services(config).await?;
    let made = Box::pin(demo::fill(&services)).await?;
    demo::add_generated(&services, articles).await?;
    services.db.close().await?;
    Ok(made)
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
