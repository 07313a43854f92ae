//! The whole site in one process.

mod cached;
mod channels;
mod codes;
mod desks;
mod editors;
mod fraud;
mod hostile;
mod input;
mod leaks;
mod listener;
mod making;
mod people;
mod personal;
mod pictures;
mod region;
mod setup;
mod snapshots;
mod talk;
mod tokens;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::Ordering;
use std::time::Duration;

use accounts::Viewer;
use articles::{Channel, Draft, State};
use authors::Profile;
use axum::body::Body;
use db::Db;
use http_body_util::BodyExt;
use kernel::{ArticleId, AuthorId, Env, Handle, Slug, Tag, UserId};
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
    folder: tempfile::TempDir,
}

impl House {
    async fn new(db: Db, env: Env) -> Self {
        Box::pin(Self::configured(db, env, |_| {})).await
    }

    async fn configured(db: Db, env: Env, change: impl FnOnce(&mut Config)) -> Self {
        let house = Self::opened(db, env, change).await;
        house.site.start(&house.stop, &TaskTracker::new()).await.unwrap();
        house
    }

    /// Answers, but does nothing beside that yet.
    async fn opened(db: Db, env: Env, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config =
            Config { data: folder.path().to_owned(), review: true, behind_proxy: true, ..Config::default() };
        change(&mut config);
        let services = services_on(db, env, &config);
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
        let session = token.as_str().to_owned();
        Self { site, author, owner, reviewer, session, stop, folder }
    }

    /// An article of that title in that state, by the ways that people go.
    async fn article(&self, title: &str, state: State) -> ArticleId {
        let s = &self.site.services;
        let draft = Draft {
            title: format!("{title} {COMMON}"),
            body: format!("{title}: {COMMON}.\n\n{}\n\nAnd again {COMMON}.", own_words(title)),
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
            State::Scheduled | State::Live => {
                now = decide(Verdict::Approve(s.articles.reading(id).await.unwrap())).await;
            }
            State::Returned => {
                now =
                    decide(Verdict::Return { read: None, code: "facts".into(), note: "Which year?".into() })
                        .await;
            }
            State::Retracted => {
                decide(Verdict::Approve(s.articles.reading(id).await.unwrap())).await;
                now = decide(Verdict::Retract { code: "wrong".into() }).await;
            }
            _ => {}
        }
        assert_eq!(now, state);
        id
    }

    /// The cookie of a user who signs in.
    async fn cookie(&self, handle: &str) -> String {
        let accounts = &self.site.services.accounts;
        accounts.set_password(&Handle::new(handle).unwrap(), PASSWORD).await.unwrap();
        let (_, token) = accounts.sign_in(handle, PASSWORD, "127.0.0.1").await.unwrap();
        format!("session={}", token.as_str())
    }

    /// Asks as the reader who follows the author; pages are drawn for that person.
    async fn ask(&self, path: &str) -> (u16, String) {
        let session = format!("session={}", self.session);
        self.send(get(path).header("cookie", session)).await
    }

    /// Asks as a visitor; pages come from the cache.
    async fn context(&self, path: &str) -> (u16, String) {
        self.send(get(path)).await
    }

    async fn send(&self, request: ::http::request::Builder) -> (u16, String) {
        let answer = self.answer(request.body(Body::empty()).unwrap()).await;
        let (head, body) = answer.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (head.status.as_u16(), String::from_utf8_lossy(&body).into_owned())
    }

    async fn answer(&self, request: ::http::Request<Body>) -> ::http::Response<Body> {
        self.site.front.answer(request, IpAddr::V4(Ipv4Addr::LOCALHOST)).await
    }

    /// Asks again until the answer has (or no longer has) `what`.
    async fn wait(&self, path: &str, what: &str, has: bool) {
        self.wait_as(async || self.ask(path).await.1, path, what, has).await;
    }

    async fn wait_as(&self, ask: impl AsyncFn() -> String, path: &str, what: &str, has: bool) {
        let began = tokio::time::Instant::now();
        while ask().await.contains(what) != has {
            assert!(began.elapsed() < PATIENCE, "{path} {} {what}", if has { "lacks" } else { "still has" });
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Uploads are decoded in this process: the program of the tests is no image worker.
fn services_on(db: Db, env: Env, config: &Config) -> Services {
    Services::new(db, env, open_pictures(config).unwrap(), &config.options())
}

/// A paragraph that no other title has: two articles must not be taken for copies of each other.
fn own_words(title: &str) -> String {
    const WORDS: [&str; 16] = [
        "tide", "ferry", "bread", "harbour", "bridge", "garden", "choir", "market", "tram", "storm",
        "island", "chart", "glass", "winter", "rope", "museum",
    ];
    let mut state =
        title.bytes().fold(7_u32, |state, letter| state.wrapping_mul(31).wrapping_add(letter.into()));
    let mut word = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        WORDS[(state >> 28) as usize]
    };
    (0..60).map(|_| word()).collect::<Vec<_>>().join(" ")
}

fn get(path: &str) -> ::http::request::Builder {
    ::http::Request::get(path).header("accept", "text/html").header("accept-language", "en")
}
