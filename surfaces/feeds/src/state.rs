//! What handlers work with, and how they answer.

use std::sync::Arc;
use std::time::Duration;

use articles::Articles;
use authors::Authors;
use axum::response::{IntoResponse, Response};
use editorial::Editorial;
use http::header;
use kernel::{ArticleId, Env, Locale, Time};
use media::Media;
use web::render::Site;
use web::{CachePolicy, CacheTag, Frame};

use crate::parts::Parts;
use crate::versions::Versions;

#[derive(Clone)]
pub struct Feeds {
    pub articles: Articles,
    pub authors: Authors,
    pub media: Media,
    pub editorial: Editorial,
    pub env: Env,
    pub frame: Frame,
    pub parts: Parts,
    pub versions: Versions,
    /// When the program began: what stands for a time where nothing tells one.
    pub begun: Time,
}

impl Feeds {
    pub fn site(&self) -> Arc<Site> {
        self.frame.site()
    }

    /// The site's own language.
    pub fn locale(&self) -> Locale {
        self.frame.setup().locale.get()
    }

    /// The full address of a path of this site.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.site().url)
    }

    pub fn article_address(&self, id: ArticleId) -> String {
        self.address(&format!("/article/{id}"))
    }
}

/// An answer that the page cache may keep until one of `tags` changes, `minutes` at most.
pub fn page(kind: &'static str, body: impl IntoResponse, tags: Vec<CacheTag>, minutes: u64) -> Response {
    let mut response = ([(header::CONTENT_TYPE, kind)], body).into_response();
    let shows = CachePolicy { tags, keep: Duration::from_mins(minutes), reads: None };
    response.extensions_mut().insert(shows);
    response
}
