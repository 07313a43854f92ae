use super::*;

fn key() -> Key {
    Key { address: "/a".into(), variant: Variant::default() }
}

fn page(pages: &PageCache, tags: Vec<CacheTag>, begun: u64) -> Arc<Cached> {
    let shows = CachePolicy { tags, keep: Duration::from_mins(1), reads: None };
    pages.finish("text".into(), &HeaderMap::new(), &shows, begun, Time::from_millis(0))
}

async fn is_kept(pages: &PageCache, at: i64) -> bool {
    pages.get(&key(), Time::from_millis(at)).await.is_some()
}

#[tokio::test]
async fn a_page_is_dropped_by_what_it_shows_and_by_time() {
    let pages = PageCache::new(1 << 20);
    let (shown, other) = (CacheTag::Article(ArticleId::new(1)), CacheTag::Article(ArticleId::new(2)));
    let put = async || {
        pages
            .get_or(key(), async { Ok::<_, ()>(page(&pages, vec![shown.clone()], pages.begin())) })
            .await
            .unwrap()
    };
    put().await;
    pages.invalidate([other]);
    assert!(is_kept(&pages, 0).await);
    assert!(!is_kept(&pages, 60_000).await);
    put().await;
    pages.invalidate([shown.clone()]);
    assert!(!is_kept(&pages, 0).await);
}

#[test]
fn a_client_that_knows_only_the_date_is_told_of_changes() {
    let pages = PageCache::new(1 << 20);
    let shows = CachePolicy { tags: vec![], keep: Duration::from_mins(1), reads: None };
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
    let pages = PageCache::new(1 << 20);
    let shown = CacheTag::Article(ArticleId::new(1));
    let put = async || {
        let draw = async { Ok::<_, ()>(page(&pages, vec![CacheTag::Hot, shown.clone()], pages.begin())) };
        pages.get_or(key(), draw).await.unwrap()
    };
    put().await;
    assert!(!is_kept(&pages, 60_000).await);
    assert!(pages.stale(&key()).await.is_some());
    // Another order of the hot list is no reason to have no page.
    put().await;
    pages.invalidate([CacheTag::Hot]);
    assert!(!is_kept(&pages, 0).await && pages.stale(&key()).await.is_some());
    pages.invalidate([shown.clone()]);
    assert!(pages.stale(&key()).await.is_none());
    // Changed first, looked for later.
    put().await;
    pages.invalidate([shown.clone()]);
    assert!(pages.stale(&key()).await.is_none() && !is_kept(&pages, 0).await);
    assert!(pages.stale(&key()).await.is_none());
}

#[tokio::test]
async fn a_change_while_drawing_is_not_missed() {
    let pages = PageCache::new(1 << 20);
    let shown = CacheTag::Thread(ArticleId::new(1));
    let draw = async {
        let begun = pages.begin();
        pages.invalidate([shown.clone()]);
        Ok::<_, ()>(page(&pages, vec![shown.clone()], begun))
    };
    pages.get_or(key(), draw).await.unwrap();
    assert!(!is_kept(&pages, 0).await);
}

#[tokio::test]
async fn a_stampede_draws_once() {
    let (pages, drawn) = (PageCache::new(1 << 20), Arc::new(AtomicU64::new(0)));
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
    let pages = PageCache::new(1 << 20);
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
    let pages = PageCache::new(1 << 20);
    for room in [&pages.kept, &pages.queried] {
        let policy = room.policy();
        assert!(policy.max_capacity().is_some());
        assert_eq!((policy.time_to_idle(), policy.time_to_live()), (None, None));
    }
}

#[test]
fn a_coding_is_made_once_and_known_to_be_there() {
    let page = page(&PageCache::new(0), vec![], 0);
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
    let page = page(&PageCache::new(0), vec![], 0);
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
