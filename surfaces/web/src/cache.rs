//! The page cache: finished pages as bytes, dropped by what they show.
//!
//! A handler says what a page shows ([`Shows`]); followers of the journal say what changed ([`Pages::drop_shown`]).
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
use kernel::{ArticleId, AuthorId, Slug, Time};
use sha2::{Digest, Sha256};

use crate::encode::Coding;
use crate::params::Params;
use crate::visit::Variant;

/// Something a page shows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Shown {
    /// The title, text or cover of an article, or that it is there at all.
    Article(ArticleId),
    /// The comments under an article.
    Thread(ArticleId),
    /// An author's name, picture or profile.
    Author(AuthorId),
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
pub struct Shows {
    pub things: Vec<Shown>,
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
    tags: [HeaderValue; 3],
    begun: u64,
    changes: Vec<Changes>,
    /// The first so many of `changes` are of things that may have been taken from the readers; the others are only shown in another order.
    grave: usize,
    /// [`Pages::settled`] when the page was last found good: while it stands there, nothing has changed.
    good: AtomicU64,
    until: Time,
    pub reads: Option<ArticleId>,
}

#[derive(Clone)]
pub struct Pages {
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

/// The counters by what they count, under the thing's hash: two things that share one are dropped together, which does no harm.
#[derive(Default)]
struct Tracked {
    changes: HashMap<u64, Changes>,
    /// The epoch when counters were last cleared out.
    forgotten: u64,
}

/// No page was ever found good at so high a number.
const UNKNOWN: u64 = u64::MAX;

/// Beyond this many things, those that no page shows are cleared out.
const TRACKED: usize = 100_000;

impl Pages {
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
        shows: &Shows,
        begun: u64,
        now: Time,
    ) -> Arc<Cached> {
        let (light, grave): (Vec<&Shown>, Vec<&Shown>) =
            shows.things.iter().chain([&Shown::Layout]).partition(|thing| matches!(thing, Shown::Hot));
        let changes = grave.iter().chain(&light).map(|thing| self.changes_of(thing)).collect();
        let grave = grave.len();
        let digest = Sha256::digest(&body);
        let tag = digest[..9].iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        let tags = ["", "-gz", "-br"].map(|coding| {
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
            tags,
            begun,
            changes,
            grave,
            good: AtomicU64::new(UNKNOWN),
            until: now.plus(shows.keep),
            reads: shows.reads,
        };
        Arc::new(page)
    }

    /// Drops every page that shows one of `things`.
    pub fn drop_shown(&self, things: impl IntoIterator<Item = Shown>) {
        for thing in things {
            let epoch = self.epoch.fetch_add(1, Ordering::AcqRel) + 1;
            self.changes_of(&thing).store(epoch, Ordering::Release);
        }
        self.settled.fetch_add(1, Ordering::AcqRel);
    }

    fn changes_of(&self, thing: &Shown) -> Changes {
        let mut hasher = DefaultHasher::new();
        thing.hash(&mut hasher);
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
        let tag = &self.tags[coding as usize];
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
mod tests {
    use super::*;

    fn key() -> Key {
        Key { address: "/a".into(), variant: Variant::default() }
    }

    fn page(pages: &Pages, things: Vec<Shown>, begun: u64) -> Arc<Cached> {
        let shows = Shows { things, keep: Duration::from_mins(1), reads: None };
        pages.finish("text".into(), &HeaderMap::new(), &shows, begun, Time::from_millis(0))
    }

    async fn kept(pages: &Pages, at: i64) -> bool {
        pages.get(&key(), Time::from_millis(at)).await.is_some()
    }

    #[tokio::test]
    async fn a_page_is_dropped_by_what_it_shows_and_by_time() {
        let pages = Pages::new(1 << 20);
        let (shown, other) = (Shown::Article(ArticleId::new(1)), Shown::Article(ArticleId::new(2)));
        let put = async || {
            pages
                .get_or(key(), async { Ok::<_, ()>(page(&pages, vec![shown.clone()], pages.begin())) })
                .await
                .unwrap()
        };
        put().await;
        pages.drop_shown([other]);
        assert!(kept(&pages, 0).await);
        assert!(!kept(&pages, 60_000).await);
        put().await;
        pages.drop_shown([shown.clone()]);
        assert!(!kept(&pages, 0).await);
    }

    #[test]
    fn a_client_that_knows_only_the_date_is_told_of_changes() {
        let pages = Pages::new(1 << 20);
        let shows = Shows { things: vec![], keep: Duration::from_mins(1), reads: None };
        let date = http_date(Time::from_millis(1_717_581_600_999));
        assert_eq!(date, "Wed, 05 Jun 2024 10:00:00 GMT");
        let headers = HeaderMap::from_iter([(header::LAST_MODIFIED, HeaderValue::try_from(&date).unwrap())]);
        let page = pages.finish("text".into(), &headers, &shows, 0, Time::from_millis(0));
        let ask = |name: HeaderName, value: &str| {
            page.respond(&HeaderMap::from_iter([(name, HeaderValue::try_from(value).unwrap())]))
        };
        let since = |value: &str| ask(header::IF_MODIFIED_SINCE, value).status().as_u16();
        assert_eq!(since(&date), 304);
        assert_eq!(since("Thu, 06 Jun 2024 10:00:00 GMT"), 304);
        assert_eq!(since("Wed, 05 Jun 2024 09:59:59 GMT"), 200);
        assert_eq!(since("yesterday"), 200);
        let response = ask(header::IF_NONE_MATCH, "\"other\"");
        assert_eq!(
            (response.status().as_u16(), &response.headers()[header::LAST_MODIFIED]),
            (200, date.as_str().parse::<HeaderValue>().as_ref().unwrap())
        );
    }

    #[tokio::test]
    async fn an_old_page_is_there_for_need_unless_something_of_it_changed() {
        let pages = Pages::new(1 << 20);
        let shown = Shown::Article(ArticleId::new(1));
        let put = async || {
            let draw = async { Ok::<_, ()>(page(&pages, vec![Shown::Hot, shown.clone()], pages.begin())) };
            pages.get_or(key(), draw).await.unwrap()
        };
        put().await;
        assert!(!kept(&pages, 60_000).await);
        assert!(pages.stale(&key()).await.is_some());
        // Another order of the hot list is no reason to have no page.
        put().await;
        pages.drop_shown([Shown::Hot]);
        assert!(!kept(&pages, 0).await && pages.stale(&key()).await.is_some());
        pages.drop_shown([shown.clone()]);
        assert!(pages.stale(&key()).await.is_none());
        // Changed first, looked for later.
        put().await;
        pages.drop_shown([shown.clone()]);
        assert!(pages.stale(&key()).await.is_none() && !kept(&pages, 0).await);
        assert!(pages.stale(&key()).await.is_none());
    }

    #[tokio::test]
    async fn a_change_while_drawing_is_not_missed() {
        let pages = Pages::new(1 << 20);
        let shown = Shown::Thread(ArticleId::new(1));
        let draw = async {
            let begun = pages.begin();
            pages.drop_shown([shown.clone()]);
            Ok::<_, ()>(page(&pages, vec![shown.clone()], begun))
        };
        pages.get_or(key(), draw).await.unwrap();
        assert!(!kept(&pages, 0).await);
    }

    #[tokio::test]
    async fn a_stampede_draws_once() {
        let (pages, drawn) = (Pages::new(1 << 20), Arc::new(AtomicU64::new(0)));
        let asks = (0..50).map(|_| {
            let (pages, drawn) = (pages.clone(), drawn.clone());
            tokio::spawn(async move {
                let draw = async {
                    drawn.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    Ok::<_, ()>(page(&pages, vec![], pages.begin()))
                };
                pages.get_or(key(), draw).await.unwrap();
            })
        });
        for ask in asks.collect::<Vec<_>>() {
            ask.await.unwrap();
        }
        assert_eq!(drawn.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn who_draws_and_goes_away_leaves_it_to_those_who_wait() {
        let pages = Pages::new(1 << 20);
        let (begun, waits) = (Arc::new(tokio::sync::Notify::new()), Duration::from_mins(1));
        let first = tokio::spawn({
            let (pages, begun) = (pages.clone(), begun.clone());
            async move {
                let draw = async {
                    begun.notify_one();
                    tokio::time::sleep(waits).await;
                    Err::<Arc<Cached>, ()>(())
                };
                pages.get_or(key(), draw).await.map(drop)
            }
        });
        begun.notified().await;
        let asks = (0..3).map(|_| {
            let pages = pages.clone();
            tokio::spawn(async move {
                let draw = async { Ok::<_, ()>(page(&pages, vec![], pages.begin())) };
                pages.get_or(key(), draw).await.is_ok()
            })
        });
        let asks: Vec<_> = asks.collect();
        tokio::task::yield_now().await;
        first.abort();
        for ask in asks {
            assert!(tokio::time::timeout(waits / 4, ask).await.unwrap().unwrap());
        }
    }

    /// A page that nobody asked for in an hour is what a reader gets when the database is gone.
    #[test]
    fn pages_are_kept_while_there_is_room() {
        let pages = Pages::new(1 << 20);
        for room in [&pages.kept, &pages.queried] {
            let policy = room.policy();
            assert!(policy.max_capacity().is_some());
            assert_eq!((policy.time_to_idle(), policy.time_to_live()), (None, None));
        }
    }

    #[test]
    fn a_coding_is_made_once_and_known_to_be_there() {
        let page = page(&Pages::new(0), vec![], 0);
        for coding in ["gzip", "br"] {
            let asks = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(coding))]);
            assert!(!page.is_encoded_for(&asks), "{coding}");
            page.respond(&asks);
            assert!(page.is_encoded_for(&asks), "{coding}");
        }
        assert!(page.is_encoded_for(&HeaderMap::new()));
    }

    #[test]
    fn answers_304_only_for_the_same_coding() {
        let page = page(&Pages::new(0), vec![], 0);
        let ask = |pairs: &[(HeaderName, &str)]| {
            let headers = pairs.iter().map(|(n, v)| (n.clone(), v.parse().unwrap())).collect();
            page.respond(&headers)
        };
        let plain = ask(&[]);
        let tag = plain.headers()[header::ETAG].to_str().unwrap().to_owned();
        assert_eq!(ask(&[(header::IF_NONE_MATCH, &tag)]).status(), 304);
        assert_eq!(ask(&[(header::IF_NONE_MATCH, &format!("\"x\", W/{tag}"))]).status(), 304);
        let zipped = ask(&[(header::IF_NONE_MATCH, &tag), (header::ACCEPT_ENCODING, "gzip")]);
        assert_eq!(
            (zipped.status(), &zipped.headers()[header::CONTENT_ENCODING]),
            (StatusCode::OK, &HeaderValue::from_static("gzip"))
        );
    }
}
