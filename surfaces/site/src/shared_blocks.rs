//! What is made once for many pages, and anew as soon as anything changed anywhere, or after two seconds.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use articles::Card;
use authors::Author;
use kernel::{ArticleId, AuthorId, Time, UserId};
use moka::sync::Cache;
use web::CacheTag;
use web::render::Html;

use crate::views::blocks::{Features, Headlines};
use crate::views::parts::{self, Cover};

pub const KEPT: Duration = Duration::from_secs(2);

/// The blocks in one language.
pub struct Shared {
    /// The articles in all of them.
    pub ids: Vec<Card>,
    /// What editors put at the head of channels, also what is not to be seen now.
    pub placed: Vec<CacheTag>,
    pub hot: Vec<parts::Card>,
    /// The same for the article page: its shared reason is said once.
    pub hot_list: parts::CardList,
    pub headlines: Headlines,
    pub features: Features,
    /// As they stand on article pages, by edition.
    pub drawn: [OnceLock<Drawn>; 2],
}

/// Drawing these would be most of the work of an article page.
#[derive(Clone)]
pub struct Drawn {
    pub hot: Vec<(ArticleId, Html)>,
    /// The reason that the hot list's articles share.
    pub hot_why: Html,
    pub headlines: Html,
    pub features: Html,
}

/// The blocks made last, in each language, with the state of the site they were made from.
#[derive(Clone, Default)]
pub struct Blocks(pub(crate) Arc<[Mutex<Option<CachedBlocks>>; 2]>);

#[derive(Clone)]
pub struct CachedBlocks {
    pub epoch: u64,
    pub at: Time,
    pub shared: Arc<Shared>,
}

/// An author and what is counted of them, for pages that are drawn often.
pub struct AuthorFacts {
    pub author: Author,
    /// The users behind the author.
    pub owners: Vec<UserId>,
    /// One more than the archive shows, as it leaves out the article that it stands beside.
    pub newest: Vec<Card>,
    pub articles: i64,
    pub followers: i64,
    pub avatar: Option<Cover>,
}

/// What was made of authors last, with the state of the site it was made from (as [`Blocks`]).
#[derive(Clone)]
pub struct AuthorFactsCache(pub(crate) Cache<AuthorId, CachedFacts>);

impl Default for AuthorFactsCache {
    fn default() -> Self {
        Self(Cache::new(1_000))
    }
}

#[derive(Clone)]
pub struct CachedFacts {
    pub epoch: u64,
    pub at: Time,
    pub facts: Arc<AuthorFacts>,
}
