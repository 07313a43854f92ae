//! What machines read of the site: Atom, RSS and JSON feeds of the whole site, a channel, an author or a tag, sitemaps,
//! `robots.txt` and oEmbed. All of it is in the site's own language, not the asker's: a subscription is shared.

mod atom;
mod dates;
mod feed;
mod html;
mod json;
mod oembed;
mod parts;
mod robots;
mod rss;
mod sitemap;
mod state;
mod versions;
mod xml;

use articles::Articles;
use authors::Authors;
use editorial::Editorial;
use kernel::Env;
use media::Media;
use web::routing::{Router, get};
use web::{Frame, RouteParams};

use crate::parts::Parts;
use crate::state::{Feeds, page};
use crate::versions::Versions;

/// `frame` knows what the pages name the site by.
pub fn routes(
    articles: Articles,
    authors: Authors,
    media: Media,
    editorial: Editorial,
    env: Env,
    frame: Frame,
) -> Router {
    let begun = env.now();
    let feeds = Feeds {
        articles,
        authors,
        media,
        editorial,
        env,
        frame,
        parts: Parts::default(),
        versions: Versions::default(),
        begun,
    };
    router(feeds)
}

/// What answers that are kept read of the query.
pub const PARAMS: [RouteParams; 14] = [
    ("/feed.xml", &[]),
    ("/rss.xml", &[]),
    ("/feed.json", &[]),
    ("/channel/{slug}/feed.xml", &[]),
    ("/channel/{slug}/rss.xml", &[]),
    ("/channel/{slug}/feed.json", &[]),
    ("/@{handle}/feed.xml", &[]),
    ("/@{handle}/rss.xml", &[]),
    ("/@{handle}/feed.json", &[]),
    ("/sitemap.xml", &[]),
    ("/sitemap-{part}", &[]),
    ("/news-sitemap.xml", &[]),
    ("/robots.txt", &[]),
    ("/oembed", &["url", "format", "maxwidth", "maxheight"]),
];

fn router(feeds: Feeds) -> Router {
    Router::new()
        .route("/feed.xml", get(feed::of_site::<atom::Atom>))
        .route("/rss.xml", get(feed::of_site::<rss::Rss>))
        .route("/feed.json", get(feed::of_site::<json::Json>))
        .route("/channel/{slug}/feed.xml", get(feed::of_channel::<atom::Atom>))
        .route("/channel/{slug}/rss.xml", get(feed::of_channel::<rss::Rss>))
        .route("/channel/{slug}/feed.json", get(feed::of_channel::<json::Json>))
        .route("/@{handle}/feed.xml", get(feed::of_author::<atom::Atom>))
        .route("/@{handle}/rss.xml", get(feed::of_author::<rss::Rss>))
        .route("/@{handle}/feed.json", get(feed::of_author::<json::Json>))
        .route("/tag/{tag}/feed.xml", get(feed::of_tag::<atom::Atom>))
        .route("/tag/{tag}/rss.xml", get(feed::of_tag::<rss::Rss>))
        .route("/tag/{tag}/feed.json", get(feed::of_tag::<json::Json>))
        .route("/sitemap.xml", get(sitemap::all))
        .route("/sitemap-{part}", get(sitemap::part))
        .route("/news-sitemap.xml", get(sitemap::news))
        .route("/robots.txt", get(robots::robots))
        .route("/oembed", get(oembed::oembed))
        .with_state(feeds)
}

#[cfg(test)]
mod tests;
