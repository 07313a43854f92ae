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
}

impl Demo {
    pub async fn run(self) -> Result<()> {
        let config = Config {
            listen: self.listen,
            data: self.data,
            name: Some(demo::NAME.to_owned()),
            tagline: Some(demo::TAGLINE.to_owned()),
            licence: Some(demo::LICENCE.to_owned()),
            contact: Some(demo::CONTACT.to_owned()),
            locale: Some(Locale::ZhCn),
            review: true,
            ..Config::default()
        };
        let listener = http::listen(config.listen).await?;
        let opening = async {
            let services = open_services(&config).await?;
            Box::pin(demo::fill(&services)).await?;
            demo::add_generated(&services, self.articles).await?;
            Site::open(services, &config).await
        };
        let site = Box::pin(while_starting(&listener, opening)).await?;
        println!("{}", demo::greeting(&config.public_url()));
        site.serve(listener).await
    }
}
