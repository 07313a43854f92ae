//! The site itself.

use std::collections::HashMap;
use std::ops::Deref;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use accounts::{Accounts, Role, User};
use authors::{Author, Profile};
use axum::Router;
use axum::body::Body;
use db::{DatabaseUrl, Db};
use events::{Entry, Event};
use http::Response;
use kernel::time::ManualClock;
use kernel::{Env, Handle, Locale, Time};
use search::{Index, Search};
use services::{Lists, Options, SCHEMA, Services};
use settings::Fixed;
use tempfile::TempDir;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};
use web::render::{Site, Theme};
use web::{Frame, Front, Hooks, Setup, UploadDir};

use crate::client::{App, Client};
use crate::samples::channel;

pub const URL: &str = "https://news.example";
pub const ZONE: &str = "Asia/Shanghai";
/// The clock stands here until it is moved.
pub const START: &str = "2024-06-05T10:00:00Z";

/// Followers have caught up by then.
const PATIENCE: Duration = Duration::from_secs(30);

/// A site with a channel `city` and an author `harbour`, whom `mara` owns and the site does not trust. It is its own [`Services`].
pub struct TestSite(Box<Parts>);

/// In a box, as tests move a site about in their futures.
pub struct Parts {
    pub services: Services,
    pub author: Author,
    /// Owns the author.
    pub writer: User,
    pub(crate) clients: Mutex<HashMap<String, Arc<Client>>>,
    clock: Option<Arc<ManualClock>>,
    options: Options,
    frame: Frame,
    search: OnceLock<Search>,
    lists: OnceLock<Lists>,
    app: OnceLock<App>,
    folder: TempDir,
}

impl Deref for TestSite {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Deref for Parts {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.services
    }
}

fn reviewed(review: bool) -> Fixed {
    Fixed::from([("articles.review", if review { "on" } else { "off" }.to_owned())])
}

/// How a site differs from the usual one.
pub struct Builder {
    options: Options,
    env: Option<Env>,
    locale: Locale,
    name: String,
    tagline: String,
    author: Profile,
    writer: String,
}

impl TestSite {
    /// The usual site, on a database with the tables of [`SCHEMA`]: in English, at [`URL`], without reviews.
    pub async fn new(db: &Db) -> Self {
        Self::builder().open_on(db).await
    }

    pub fn builder() -> Builder {
        Builder {
            options: Options { url: URL.into(), fixed: reviewed(false), ..Options::default() },
            env: None,
            locale: Locale::En,
            name: "News".into(),
            tagline: String::new(),
            author: Profile { handle: "harbour".into(), name: "Harbour".into(), ..Profile::default() },
            writer: "mara".into(),
        }
    }
}

impl Builder {
    /// Whether reviewers see articles and comments first, the address, and so on.
    #[must_use]
    pub fn options(self, options: Options) -> Self {
        Self { options, ..self }
    }

    /// Whether reviewers see articles before readers do.
    #[must_use]
    pub fn review(mut self, review: bool) -> Self {
        self.options.fixed.extend(reviewed(review));
        self
    }

    #[must_use]
    pub fn named(self, name: &str, tagline: &str) -> Self {
        Self { name: name.into(), tagline: tagline.into(), ..self }
    }

    /// With another author, and the handle of whoever owns it.
    #[must_use]
    pub fn author(self, author: Profile, writer: &str) -> Self {
        Self { author, writer: writer.into(), ..self }
    }

    #[must_use]
    pub fn locale(self, locale: Locale) -> Self {
        Self { locale, ..self }
    }

    /// Goes by a clock that the test has, or by the machine's.
    #[must_use]
    pub fn env(self, env: Env) -> Self {
        Self { env: Some(env), ..self }
    }

    /// On a fresh SQLite database.
    pub async fn open(self) -> TestSite {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let db = Db::open(&DatabaseUrl::Sqlite(folder.path().join("test.db"))).await.expect("SQLite opens");
        db.migrate(&SCHEMA, Time::from_millis(0)).await.expect("SQLite migrates");
        self.open_in(&db, folder).await
    }

    pub async fn open_on(self, db: &Db) -> TestSite {
        self.open_in(db, tempfile::tempdir().expect("a temporary folder")).await
    }

    /// Whose files lie in that folder.
    pub async fn open_in(self, db: &Db, folder: TempDir) -> TestSite {
        // Every test has this future inside its own, and desks inside desks.
        Box::pin(self.make(db, folder)).await
    }

    async fn make(self, db: &Db, folder: TempDir) -> TestSite {
        let (env, clock) = if let Some(env) = self.env {
            (env, None)
        } else {
            let (env, clock) = Env::manual(Time::parse(START).expect("a time"));
            (env, Some(clock))
        };
        let pictures = blob::Store::open(folder.path().join("media")).expect("a store of pictures");
        let services = Services::new(db.clone(), env, pictures, &self.options);
        services.articles.ensure_channel(&channel("city")).await.expect("a channel");
        let writer = named(&services.accounts, &self.writer).await;
        let author = services.authors.create(self.author, &[writer.id]).await.expect("an author");
        let setup = Setup {
            locale: self.locale.into(),
            url: self.options.url.clone(),
            behind_proxy: false,
            slow: Duration::ZERO,
        };
        let about = Site {
            name: self.name,
            tagline: self.tagline,
            url: setup.url.clone(),
            zone: ZONE.into(),
            licence: None,
            accent: None,
            logo: None,
        };
        let theme = Theme::load(None).expect("the theme");
        let s = &services;
        let frame = Frame::new(theme, about, setup, s.articles.clone(), s.authors.clone(), s.env.clone())
            .with_notify(s.notify.clone());
        TestSite(Box::new(Parts {
            services,
            author,
            writer,
            clients: Mutex::default(),
            clock,
            options: self.options,
            frame,
            search: OnceLock::new(),
            lists: OnceLock::new(),
            app: OnceLock::new(),
            folder,
        }))
    }
}

impl TestSite {
    /// Moves the clock, where it is not the machine's.
    pub fn advance(&self, by: Duration) {
        self.clock.as_ref().expect("a clock that can be moved").advance(by);
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn options(&self) -> &Options {
        &self.options
    }

    pub fn frame(&self) -> Frame {
        self.frame.clone()
    }

    pub fn setup(&self) -> &Setup {
        self.frame.setup()
    }

    pub fn uploads(&self) -> UploadDir {
        UploadDir::open(self.folder().join("uploads")).expect("a folder for uploads")
    }

    /// Search on an index of its own, which is empty until it is rebuilt or follows the journal.
    pub fn search(&self) -> &Search {
        self.search.get_or_init(|| {
            let index = Index::open(&self.folder().join("index")).expect("an index");
            self.services.search(index)
        })
    }

    pub fn lists(&self) -> &Lists {
        self.lists.get_or_init(|| Lists::new(&self.services, self.search()))
    }

    /// Answers with these routes behind a front that keeps no pages; an error is its text.
    pub fn serve(&self, routes: impl Into<Router>) {
        let hooks = Hooks {
            error_page: Box::new(|_, error| {
                Box::pin(async move { Response::new(Body::from(error.to_string())) })
            }),
            on_read: Box::new(|_, _, _| {}),
            on_trace: |_, _, _| {},
        };
        let (accounts, journal, env) = (self.accounts.clone(), self.journal.clone(), self.env.clone());
        self.serve_app(Front::new(routes, None, accounts, journal, env, self.setup().clone(), hooks));
    }

    /// The same with a front of the test's own, or without one.
    pub fn serve_app(&self, app: impl Into<App>) {
        assert!(self.app.set(app.into()).is_ok(), "it serves already");
    }

    pub(crate) fn app(&self) -> App {
        self.app.get().expect("`serve` says what answers").clone()
    }

    /// All that the journal tells.
    pub async fn entries(&self) -> Vec<Entry> {
        events::testing::all(&self.journal).await
    }

    /// All events of one kind.
    pub async fn events<E: Event>(&self) -> Vec<E> {
        self.entries().await.iter().filter_map(Entry::read).collect()
    }
}

/// Waits until it is so: for what follows the journal.
pub async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < PATIENCE, "never: {what}");
        sleep(Duration::from_millis(20)).await;
    }
}

/// The user of that handle, made when first asked for, with the role of that name.
pub(crate) async fn named(accounts: &Accounts, handle: &str) -> User {
    let name = Handle::new(handle).expect("a handle");
    if let Some(user) = accounts.find_by_handle(&name).await.expect("accounts answer") {
        return user;
    }
    let user = accounts.ensure(handle, handle, None, None).await.expect("a user");
    let Some(role) = Role::named(handle) else { return user };
    accounts.grant(None, user.id, role).await.expect("a role");
    accounts.find(user.id).await.expect("accounts answer").expect("the user")
}
