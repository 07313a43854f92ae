//! One verb of the command line a file; the short ones are here.

pub mod config;
#[cfg(feature = "demo")]
pub mod demo;
pub mod doctor;
pub mod evaluate;
pub mod events;
pub mod import;
pub mod jobs;
pub mod mail;
pub mod media;
pub mod reindex;
pub mod settings;
pub mod theme;
pub mod token;
pub mod user;

use std::net::SocketAddr;

use anyhow::Result;

use crate::app::{Site, open_services};
use crate::config::Config;
use crate::http;
use crate::starting::while_starting;

pub async fn serve(config: Config) -> Result<()> {
    let listener = http::listen(config.listen).await?;
    let opening = async { Box::pin(Site::open(open_services(&config).await?, &config)).await };
    let site = Box::pin(while_starting(&listener, opening)).await?;
    for line in greeting(&config, &listener.local_addr()?, site.setup_path().await?.as_deref()) {
        println!("{line}");
    }
    Box::pin(site.serve(listener)).await
}

/// What is said at the start of a server: where it listens, where the site is, and what cannot work.
fn greeting(config: &Config, address: &SocketAddr, setup: Option<&str>) -> Vec<String> {
    let url = config.public_url();
    let mut lines = vec![format!("Byline listens on http://{address}; the site is at {url}")];
    if url.starts_with("https://") && !config.behind_proxy {
        lines.push(format!(
            "Attention: the site's address is https, but Byline itself speaks http, so signing in works only through a proxy \
             that serves {url}. If there is one, set behind_proxy = true; if not, set url = \"http://{address}\"."
        ));
    }
    if let Some(path) = setup {
        lines.push(format!("This site is new. Set it up in your browser: {url}{path}"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_says_where_it_listens_and_what_cannot_work() {
        let address = SocketAddr::from(([127, 0, 0, 1], 8080));
        let plain = greeting(&Config::default(), &address, Some("/setup?key=k"));
        assert!(plain[0].contains("listens on http://127.0.0.1:8080"));
        assert!(plain[1].ends_with("http://127.0.0.1:8080/setup?key=k"));
        let secure = Config { url: Some("https://news.example".into()), ..Config::default() };
        assert!(greeting(&secure, &address, None)[1].contains("behind_proxy = true"));
        let proxied = Config { behind_proxy: true, ..secure };
        assert_eq!(greeting(&proxied, &address, None).len(), 1);
    }
}
