//! The page cache: finished pages as bytes, dropped by what they show.
//!
//! A handler says what a page shows ([`CachePolicy`]); followers of the journal say what changed ([`PageCache::invalidate`]).
//! Each thing shown has a counter of its last change, and a page holds pointers to the counters of all it shows: it is good
//! while none of them has moved since the page was begun. So dropping costs one store however many pages show the thing, and a
//! page that was being drawn while something changed is never kept.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use kernel::{ArticleId, AuthorId, Slug, Time, UserId};
use sha2::{Digest, Sha256};

use crate::context::Variant;
use crate::encode::Coding;
use crate::params::Params;

/// Something a page shows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CacheTag {
    /// The title, text or cover of an article, or that it is there at all.
    Article(ArticleId),
    /// The comments under an article.
    Thread(ArticleId),
    /// An author's name, picture or profile.
    Author(AuthorId),
    /// A user's name, picture or page, and what they said.
    User(UserId),
    /// What is close to an article (相关推荐).
    Related(ArticleId),
    /// How many follow an author.
    Followers(AuthorId),
    /// The newest articles of an author, a channel, a tag, or the site.
    NewOfAuthor(AuthorId),
    NewOfChannel(Slug),
    Latest,
    /// The hot list.
    Hot,
    /// What editors put on the home page, at the head of all channels, and on the page of one.
    Lead,
    Headlines,
    Pinned(Slug),
    /// Which topics there are, and what they say.
    Topics,
    /// What stands around every page: the site's name, its channels. Every page shows it.
    Layout,
}

/// What a page shows and how long it may be kept at most. Put into a response's extensions, it makes the page cacheable.
#[derive(Clone, Debug)]
pub struct CachePolicy {
    pub tags: Vec<CacheTag>,
    /// Lists that are computed (related, hot) may be this old.
    pub keep: Duration,
    /// The article whose reading this page is.
    pub reads: Option<ArticleId>,
}

/// The counter of the last change of one thing.
type Changes = Arc<AtomicU64>;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    pub address: String,
    pub variant: Variant,
}

/// What a handler says beside the page's type, that goes out with it.
const KEPT: [HeaderName; 3] =
    [header::LAST_MODIFIED, header::ACCESS_CONTROL_ALLOW_ORIGIN, header::ACCESS_CONTROL_EXPOSE_HEADERS];

/// A finished page.
pub struct Cached {
    body: Bytes,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
    content_type: HeaderValue,
    kept: Vec<(HeaderName, HeaderValue)>,
    modified: Option<SystemTime>,
    /// Entity tags by coding: the same bytes have the same.
    etags: [HeaderValue; 3],
    begun: u64,
    changes: Vec<Changes>,
    /// The first so many of `changes` are of what may have been taken from the readers; the others are only shown in another order.
    grave: usize,
    /// [`PageCache::settled`] when the page was last found good: while it stands there, nothing has changed.
    good: AtomicU64,
    until: Time,
    pub reads: Option<ArticleId>,
}

#[derive(Clone)]
pub struct PageCache {
    kept: moka::future::Cache<Key, Arc<Cached>>,
    /// Addresses with a query have a room of their own, as have tags, which may be spelled in any case: there are as many as anybody
    /// cares to make up, and they must not drive the front pages out.
    queried: moka::future::Cache<Key, Arc<Cached>>,
    params: Params,
    /// Pages whose time is over, for when no new ones can be drawn.
    old: moka::sync::Cache<Key, Arc<Cached>>,
    /// Counts changes; a page notes it when it is begun.
    epoch: Arc<AtomicU64>,
    /// Counts changes whose counters stand, so it moves after them.
    settled: Arc<AtomicU64>,
    tracked: Arc<Mutex<Tracked>>,
}

/// The counters by what they count, under the tag's hash: two that share one are dropped together, which does no harm.
#[derive(Default)]
struct Tracked {
    changes: HashMap<u64, Changes>,
    /// The epoch when counters were last cleared out.
    forgotten: u64,
}

/// No page was ever found good at so high a number.
const UNKNOWN: u64 = u64::MAX;

/// Beyond this many tags, those that no page shows are cleared out.
const TRACKED: usize = 100_000;

impl PageCache {
    /// How many pages are kept, and of how many bytes. About: what is under way is not waited for.
    pub fn size(&self) -> (u64, u64) {
        let both = [&self.kept, &self.queried];
        (both.iter().map(|one| one.entry_count()).sum(), both.iter().map(|one| one.weighted_size()).sum())
    }

    /// Holds up to `bytes` of pages (uncompressed size, doubled for the compressed copies). However long nobody asked for one, it stays while
    /// there is room: should the database be gone, it is all there is.
    pub fn new(bytes: u64) -> Self {
        let weigh = |_: &Key, page: &Arc<Cached>| (page.body.len() * 2 + 1_000) as u32;
        let room = |bytes| moka::future::Cache::builder().max_capacity(bytes).weigher(weigh).build();
        let old = moka::sync::Cache::builder()
            .max_capacity(bytes / 2)
            .weigher(weigh)
            .time_to_live(Duration::from_hours(24))
            .build();
        let (kept, queried, params) = (room(bytes - bytes / 4), room(bytes / 4), Params::default());
        Self {
            kept,
            queried,
            old,
            params,
            epoch: Arc::default(),
            settled: Arc::default(),
            tracked: Arc::default(),
        }
    }

    /// Keeps pages with a query under what their routes read of it.
    #[must_use]
    pub fn with_params(self, params: Params) -> Self {
        Self { params, ..self }
    }

    pub fn params(&self) -> &Params {
        &self.params
    }

    fn room(&self, key: &Key) -> &moka::future::Cache<Key, Arc<Cached>> {
        let made_up = key.address.contains('?') || key.address.starts_with("/tag/");
        if made_up { &self.queried } else { &self.kept }
    }

    /// The number to begin a page with.
    pub fn begin(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    pub async fn get(&self, key: &Key, now: Time) -> Option<Arc<Cached>> {
        let page = self.room(key).get(key).await?;
        if page.is_good(now, self.settled.load(Ordering::Acquire)) {
            return Some(page);
        }
        if page.shows_nothing_taken_back() {
            self.old.insert(key.clone(), page);
        }
        self.room(key).invalidate(key).await;
        None
    }

    /// A page that has had its time, for when the database is gone: old is better than none. Never one of which anything was changed or
    /// taken back since.
    pub async fn stale(&self, key: &Key) -> Option<Arc<Cached>> {
        let page = match self.old.get(key) {
            Some(page) => page,
            None => self.room(key).get(key).await?,
        };
        page.shows_nothing_taken_back().then_some(page)
    }

    /// The page under `key`; where it is missing, `draw` makes it, once however many ask at the same moment.
    /// `Err` is what `draw` said instead of a page; those who waited get it too, so it must not hold anything of one person.
    /// Where the one who draws goes away, one of those who wait draws in its place.
    pub async fn get_or<E: Send + Sync + 'static>(
        &self,
        key: Key,
        draw: impl Future<Output = Result<Arc<Cached>, E>>,
    ) -> Result<Arc<Cached>, Arc<E>> {
        let drawn = self.room(&key).try_get_with(key.clone(), draw).await;
        if drawn.is_ok() {
            self.old.invalidate(&key);
        }
        drawn
    }

    /// Makes a page that was begun at `begun`.
    pub fn finish(
        &self,
        body: Bytes,
        headers: &HeaderMap,
        shows: &CachePolicy,
        begun: u64,
        now: Time,
    ) -> Arc<Cached> {
        let (light, grave): (Vec<&CacheTag>, Vec<&CacheTag>) =
            shows.tags.iter().chain([&CacheTag::Layout]).partition(|tag| matches!(tag, CacheTag::Hot));
        let changes = grave.iter().chain(&light).map(|tag| self.changes_of(tag)).collect();
        let grave = grave.len();
        let digest = Sha256::digest(&body);
        let tag = digest[..9].iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        let etags = ["", "-gz", "-br"].map(|coding| {
            // Hexadecimal digits and a word: always a header's value.
            HeaderValue::try_from(format!("\"{tag}{coding}\"")).unwrap_or(HeaderValue::from_static("\"\""))
        });
        let page = Cached {
            body,
            gzip: OnceLock::new(),
            brotli: OnceLock::new(),
            content_type: headers
                .get(header::CONTENT_TYPE)
                .cloned()
                .unwrap_or(HeaderValue::from_static("text/html; charset=utf-8")),
            kept: KEPT
                .into_iter()
                .filter_map(|name| Some((name.clone(), headers.get(&name)?.clone())))
                .collect(),
            modified: headers.get(header::LAST_MODIFIED).and_then(date),
            etags,
            begun,
            changes,
            grave,
            good: AtomicU64::new(UNKNOWN),
            until: now.plus(shows.keep),
            reads: shows.reads,
        };
        Arc::new(page)
    }

    /// Drops every page that shows one of `tags`.
    pub fn invalidate(&self, tags: impl IntoIterator<Item = CacheTag>) {
        for tag in tags {
            let epoch = self.epoch.fetch_add(1, Ordering::AcqRel) + 1;
            self.changes_of(&tag).store(epoch, Ordering::Release);
        }
        self.settled.fetch_add(1, Ordering::AcqRel);
    }

    fn changes_of(&self, tag: &CacheTag) -> Changes {
        let mut hasher = DefaultHasher::new();
        tag.hash(&mut hasher);
        let mut tracked = self.tracked.lock().unwrap_or_else(PoisonError::into_inner);
        if tracked.changes.len() > TRACKED {
            tracked.changes.retain(|_, changes| Arc::strong_count(changes) > 1);
            tracked.forgotten = self.begin();
        }
        // A thing met anew may have changed before the last clearing: pages begun before that are not kept.
        let floor = tracked.forgotten;
        tracked.changes.entry(hasher.finish()).or_insert_with(|| Arc::new(AtomicU64::new(floor))).clone()
    }
}

impl Cached {
    /// `settled` was read before: what changes from here on moves it, and the counters are walked again.
    fn is_good(&self, now: Time, settled: u64) -> bool {
        if now >= self.until {
            return false;
        }
        if self.good.load(Ordering::Relaxed) == settled {
            return true;
        }
        let good = self.changes.iter().all(|changed| changed.load(Ordering::Acquire) <= self.begun);
        if good {
            self.good.store(settled, Ordering::Relaxed);
        }
        good
    }

    /// Whether all it shows still stands, though its time may be over and lists may have another order.
    fn shows_nothing_taken_back(&self) -> bool {
        self.changes[..self.grave].iter().all(|changed| changed.load(Ordering::Acquire) <= self.begun)
    }

    /// The answer to a request with these headers: 304 where the client has it, else the page in the best coding it takes.
    pub fn respond(&self, asks: &HeaderMap) -> Response<Body> {
        let coding = Coding::accepted(asks);
        let tag = &self.etags[coding as usize];
        // RFC 9110, section 13.2.2: the date counts only where no tag is named.
        let known = match asks.get(header::IF_NONE_MATCH) {
            Some(tags) => tags.to_str().is_ok_and(|tags| has_tag(tags, tag.to_str().unwrap_or_default())),
            None => self.modified.is_some_and(|modified| {
                asks.get(header::IF_MODIFIED_SINCE).and_then(date).is_some_and(|since| modified <= since)
            }),
        };
        let mut response = if known {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response
        } else {
            Response::new(Body::from(self.encoded(coding)))
        };
        let headers = response.headers_mut();
        headers.reserve(12);
        if !known {
            headers.insert(header::CONTENT_TYPE, self.content_type.clone());
            if let Some(token) = coding.token() {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
            }
        }
        headers.extend(self.kept.iter().cloned());
        headers.insert(header::ETAG, tag.clone());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding, accept-language, cookie"));
        response
    }

    /// Whether it is there in the coding that these headers ask for: making that takes milliseconds, which the threads that hold
    /// connections don't have.
    pub fn is_encoded_for(&self, asks: &HeaderMap) -> bool {
        match Coding::accepted(asks) {
            Coding::Identity => true,
            Coding::Gzip => self.gzip.get().is_some(),
            Coding::Brotli => self.brotli.get().is_some(),
        }
    }

    /// Compressed copies are made when first asked for.
    fn encoded(&self, coding: Coding) -> Bytes {
        match coding {
            Coding::Identity => self.body.clone(),
            Coding::Gzip => self.gzip.get_or_init(|| coding.encode(&self.body, 6)).clone(),
            Coding::Brotli => self.brotli.get_or_init(|| coding.encode(&self.body, 5)).clone(),
        }
    }
}

/// A date as HTTP writes it (RFC 9110, section 5.6.7), in whole seconds.
fn date(value: &HeaderValue) -> Option<SystemTime> {
    httpdate::parse_http_date(value.to_str().ok()?).ok()
}

/// A time as HTTP writes it.
pub fn http_date(time: Time) -> String {
    let seconds = Duration::from_secs(u64::try_from(time.millis() / 1_000).unwrap_or_default());
    httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + seconds)
}

/// Whether an `If-None-Match` names `tag` (weak comparison, RFC 9110, section 13.1.2).
fn has_tag(list: &str, tag: &str) -> bool {
    list.trim() == "*" || list.split(',').any(|one| one.trim().trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests;
