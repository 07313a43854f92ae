//! The whole site in one process: nothing that is not live shows anywhere.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use accounts::{Role, Viewer};
use articles::{Channel, Draft, State};
use authors::Profile;
use axum::body::Body;
use db::{Db, db_test};
use http_body_util::BodyExt;
use kernel::{ArticleId, AuthorId, Slug, Tag, UserId};
use moderation::Verdict;

use super::*;

const PASSWORD: &str = "a long password";
/// In every title and text, so that search and related articles would find each of them.
const COMMON: &str = "lighthouse keepers of the northern shoals and their brass lamps";
/// Followers have caught up by then.
const PATIENCE: Duration = Duration::from_secs(20);

/// A site with an author, a follower who is signed in, and a reviewer.
struct House {
    site: Site,
    author: AuthorId,
    owner: UserId,
    reviewer: Viewer,
    session: String,
    stop: CancellationToken,
    _folder: tempfile::TempDir,
}

impl House {
    async fn new(db: Db) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data: folder.path().to_owned(), review: true, ..Config::default() };
        let services = Services::on(db, Env::system(), &config).unwrap();
        let (accounts, slug) = (services.accounts.clone(), Slug::new("city").unwrap());
        let colour = "#8a5a00".to_owned();
        let channel = Channel { slug, zh: "城市".into(), en: "City".into(), colour, position: 1 };
        services.articles.ensure_channel(&channel).await.unwrap();
        let owner = accounts.ensure("mara", "Mara", None, None).await.unwrap().id;
        let reviewer = accounts.ensure("reviewer", "Reviewer", None, None).await.unwrap();
        accounts.grant(reviewer.id, Role::Reviewer).await.unwrap();
        let reviewer = accounts.find(reviewer.id).await.unwrap().unwrap().into();
        let profile = Profile { handle: "harbour".into(), name: "Harbour".into(), ..Profile::default() };
        let author = services.authors.create(profile, &[owner]).await.unwrap().id;
        let reader = accounts.ensure("reader", "Reader", None, Some(PASSWORD)).await.unwrap();
        services.follows.follow(reader.id, author).await.unwrap();
        let (_, token) = accounts.sign_in("reader", PASSWORD, "127.0.0.1").await.unwrap();
        let site = Site::open(services, &config).await.unwrap();
        let stop = CancellationToken::new();
        site.start(&stop, &TaskTracker::new()).await.unwrap();
        let session = token.as_str().to_owned();
        Self { site, author, owner, reviewer, session, stop, _folder: folder }
    }

    /// An article of that title in that state, by the ways that people go.
    async fn article(&self, title: &str, state: State) -> ArticleId {
        let s = &self.site.services;
        let draft = Draft {
            title: format!("{title} {COMMON}"),
            body: format!("{title}: {COMMON}.\n\nThe second paragraph tells of {COMMON} again."),
            channel: Some(Slug::new("city").unwrap()),
            tags: vec![Tag::new("lamps").unwrap()],
            ..Draft::default()
        };
        let id = s.articles.create(self.author, self.owner, draft).await.unwrap().id;
        let decide = async |verdict| s.moderation.decide(&self.reviewer, id, verdict).await.unwrap().state;
        if state == State::Draft {
            return id;
        }
        let later = (state == State::Scheduled).then(|| s.env.now().plus(Duration::from_hours(1)));
        let mut now = s.articles.submit(id, later).await.unwrap().state;
        match state {
            State::Scheduled | State::Live => now = decide(Verdict::Approve).await,
            State::Returned => {
                now = decide(Verdict::Return { code: "facts".into(), note: "Which year?".into() }).await;
            }
            State::Retracted => {
                decide(Verdict::Approve).await;
                now = decide(Verdict::Retract { code: "wrong".into() }).await;
            }
            _ => {}
        }
        assert_eq!(now, state);
        id
    }

    async fn ask(&self, path: &str) -> (u16, String) {
        let request = ::http::Request::get(path)
            .header("cookie", format!("session={}", self.session))
            .header("accept", "text/html")
            .body(Body::empty())
            .unwrap();
        let answer = self.site.front.answer(request, IpAddr::V4(Ipv4Addr::LOCALHOST)).await;
        let (head, body) = answer.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (head.status.as_u16(), String::from_utf8_lossy(&body).into_owned())
    }

    /// Asks again until the answer has (or no longer has) `what`.
    async fn wait(&self, path: &str, what: &str, has: bool) {
        let began = tokio::time::Instant::now();
        while self.ask(path).await.1.contains(what) != has {
            assert!(began.elapsed() < PATIENCE, "{path} {} {what}", if has { "lacks" } else { "still has" });
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Every public address that lists articles.
fn lists(live: ArticleId) -> Vec<String> {
    let mut lists: Vec<String> = ["", "/channel/city", "/@harbour"]
        .iter()
        .flat_map(|base| ["feed.xml", "rss.xml", "feed.json"].map(|file| format!("{base}/{file}")))
        .collect();
    let pages = [
        "/",
        "/channel/city",
        "/@harbour",
        "/@harbour/articles",
        "/tag/lamps",
        "/hot",
        "/latest",
        "/following",
        "/for-you",
        "/search?q=lighthouse",
        "/search?q=lighthouse&author=harbour",
        "/sitemap.xml",
        "/news-sitemap.xml",
        "/api/v1/articles",
        "/api/v1/articles?channel=city",
        "/api/v1/articles?author=harbour",
        "/api/v1/articles?tag=lamps",
        "/api/v1/hot",
        "/api/v1/search?q=lighthouse",
    ];
    lists.extend(pages.map(str::to_owned));
    lists.push(format!("/api/v1/articles/{live}"));
    lists
}

#[db_test]
async fn what_is_not_live_is_nowhere(db: Db) {
    let house = House::new(db).await;
    let hidden = [
        ("Draftling", State::Draft),
        ("Submittable", State::Submitted),
        ("Scheduleable", State::Scheduled),
        ("Returnling", State::Returned),
        ("Retractable", State::Retracted),
    ];
    let mut ids = Vec::new();
    for (title, state) in hidden {
        ids.push((title, state, house.article(title, state).await));
    }
    let live = house.article("Livewire", State::Live).await;
    // Beside it on its own page stands another, so that there is something related.
    let other = house.article("Companion", State::Live).await;
    let word = live.to_string();
    house.wait("/search?q=lighthouse", &other.to_string(), true).await;
    house.wait(&format!("/api/v1/articles/{live}/related"), &other.to_string(), true).await;

    let mut addresses = lists(live);
    for path in &addresses {
        house.wait(path, &word, true).await;
    }
    addresses.extend([format!("/article/{live}"), format!("/api/v1/articles/{other}/related")]);
    for path in &addresses {
        let (status, text) = house.ask(path).await;
        assert_eq!(status, 200, "{path}");
        for (title, state, id) in &ids {
            let found = text.contains(title) || text.contains(&id.to_string());
            assert!(!found, "{path} shows an article that is {}", state.name());
        }
    }
    for (title, state, id) in &ids {
        let want = if *state == State::Retracted { 410 } else { 404 };
        for path in [
            format!("/article/{id}"),
            format!("/article/{id}/comments"),
            format!("/api/v1/articles/{id}"),
            format!("/api/v1/articles/{id}/comments"),
            format!("/api/v1/articles/{id}/related"),
            format!("/oembed?url=http://127.0.0.1:8080/article/{id}"),
        ] {
            let (status, text) = house.ask(&path).await;
            assert!(
                status == want || status == 404,
                "{path} of an article that is {}: {status}",
                state.name()
            );
            assert!(!text.contains(title), "{path}");
        }
    }

    // And what was live goes from everywhere.
    house
        .site
        .services
        .moderation
        .decide(&house.reviewer, live, Verdict::Retract { code: "law".into() })
        .await
        .unwrap();
    for path in addresses.iter().filter(|path| !path.contains(&word)) {
        house.wait(path, &word, false).await;
    }
    assert_eq!(house.ask(&format!("/article/{live}")).await.0, 410);
    house.stop.cancel();
}
