//! The whole site in one process.

mod cached;
mod channels;
mod codes;
mod desks;
mod editors;
mod email;
mod following;
mod fraud;
mod hostile;
mod input;
mod leaks;
mod leaving;
mod listener;
mod mail;
mod making;
mod mutes;
mod notifications;
mod oidc;
mod people;
mod permissions;
mod personal;
mod pictures;
mod profiles;
mod region;
mod security;
mod setup;
mod snapshots;
mod talk;
mod tokens;
mod ways;

use std::net::{IpAddr, Ipv4Addr};
use std::ops::Deref;
use std::sync::atomic::Ordering;
use std::time::Duration;

use articles::{Draft, State};
use authors::Profile;
use axum::body::Body;
use db::Db;
use kernel::{ArticleId, Env, Handle, Slug, Tag, UserId};
use moderation::Verdict;
use testing::{Answer, Client, PASSWORD, TestSite, VISITOR, until};

use super::*;

/// In every title and text, so that search and related articles would find each of them.
const COMMON: &str = "lighthouse keepers of the northern shoals and their brass lamps";
/// Followers have caught up by then.
const PATIENCE: Duration = Duration::from_secs(20);

/// The whole site as it serves, with a `reader` who follows the author.
struct House {
    site: Site,
    test: TestSite,
    stop: CancellationToken,
}

impl Deref for House {
    type Target = TestSite;

    fn deref(&self) -> &TestSite {
        &self.test
    }
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
        let mut config = Config { data: folder.path().to_owned(), behind_proxy: true, ..Config::default() };
        change(&mut config);
        let test = TestSite::builder().env(env).options(config.options().unwrap()).open_in(&db, folder).await;
        let reader = test.user("reader").await.id;
        test.follows.follow(reader, test.author.id).await.unwrap();
        let site = Box::pin(Site::open(test.services.clone(), &config)).await.unwrap();
        test.serve_app(site.front.clone());
        Self { site, test, stop: CancellationToken::new() }
    }

    /// An article that search finds and that is related to all others.
    async fn article(&self, title: &str, state: State) -> ArticleId {
        let draft = Draft {
            title: format!("{title} {COMMON}"),
            body: format!("{title}: {COMMON}.\n\n{}\n\nAnd again {COMMON}.", own_words(title)),
            tags: vec![Tag::new("lamps").unwrap()],
            ..testing::draft(title)
        };
        self.article_of(self.author.id, draft, state).await
    }

    /// The cookie of a user who is signed in.
    async fn cookie(&self, handle: &str) -> String {
        let name = if self.setup().secure() { "__Host-session" } else { "session" };
        format!("{name}={}", self.client(handle).await.cookie(name).unwrap())
    }

    /// Asks as the reader, in a browser that keeps nothing of it; pages are drawn for that person.
    async fn ask(&self, path: &str) -> Answer {
        let reader = Client::clone(&*self.client("reader").await);
        reader.get(path).await
    }

    /// Asks as a visitor; pages come from the cache.
    async fn get_anonymous(&self, path: &str) -> Answer {
        self.get(VISITOR, path).await
    }

    /// Asks with what the request says, and nothing else.
    async fn send(&self, request: ::http::request::Builder) -> Answer {
        self.answer(request.body(Body::empty()).unwrap()).await
    }

    async fn answer(&self, request: ::http::Request<Body>) -> Answer {
        Client::program(self.site.front.clone()).with_journal(&self.journal).send(request).await
    }

    /// Asks again until the answer has (or no longer has) `what`.
    async fn wait(&self, path: &str, what: &str, has: bool) {
        self.wait_as(async || self.ask(path).await.text, path, what, has).await;
    }

    async fn wait_as(&self, ask: impl AsyncFn() -> String, path: &str, what: &str, has: bool) {
        let said = format!("{path} {} {what}", if has { "has" } else { "lacks" });
        until(&said, async || ask().await.contains(what) == has).await;
    }
}

/// Uploads are decoded in this process: the program of the tests is no image worker.
fn services_on(db: Db, env: Env, config: &Config) -> Services {
    Services::new(db, env, open_pictures(config).unwrap(), &config.options().unwrap())
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
