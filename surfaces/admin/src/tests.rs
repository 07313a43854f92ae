//! Requests as browsers make them, against real services: who may ask, and what each decision does.

mod consumers;
mod editors;
mod people;
mod queues;
mod review;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use accounts::{Accounts, Role, User, Viewer};
use articles::{Article, Articles, Channel, Draft, Policy, State, Verdict};
use authors::{Author, Authors, Profile};
use axum::body::Body;
use comments::Comments;
use db::{Db, db_test};
use editorial::{Editorial, Slot, SlotItem, Terms, TopicText};
use erasure::Erasure;
use events::Journal;
use http::{Method, Request, Response, header};
use http_body_util::BodyExt;
use kernel::time::ManualClock;
use kernel::{Env, Handle, Locale, Slug, Time};
use media::Media;
use moderation::Moderation;
use search::{Index, Search};
use settings::Settings;
use web::render::{Site, Theme};
use web::{Frame, Front, Hooks, Setup};

use crate::{Admin, SetupKey};

const PEER: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const PASSWORD: &str = "long enough";

/// Those who ask have the names of their roles: `reader`, `reviewer`, `editor`, `operator`; anybody else is a visitor.
pub struct Desk {
    admin: Admin,
    front: Front,
    sessions: Vec<(&'static str, String)>,
    reviewer: Viewer,
    editor: Viewer,
    clock: Arc<ManualClock>,
    /// Owns `author`, whom the site does not trust.
    writer: User,
    author: Author,
    _folder: tempfile::TempDir,
}

pub struct Answer {
    status: u16,
    location: String,
    text: String,
}

impl Answer {
    fn has(&self, text: &str) -> bool {
        self.text.contains(text)
    }
}

impl Desk {
    pub async fn open(db: &Db) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (env, clock) = Env::manual(Time::parse("2024-06-05T10:00:00Z").unwrap());
        let journal = Journal::new(db.clone(), env.clone());
        let accounts = Accounts::new(db.clone(), journal.clone(), env.clone());
        let authors = Authors::new(db.clone(), journal.clone(), env.clone());
        let store = blob::Store::open(folder.path()).unwrap();
        let media = Media::new(db.clone(), journal.clone(), env.clone(), store);
        let (a, policy) = (authors.clone(), Policy { review: true });
        let articles = Articles::new(db.clone(), journal.clone(), env.clone(), a, media.clone(), policy);
        let comments = Comments::new(db.clone(), journal.clone(), env.clone(), articles.clone());
        let moderation = Moderation::new(db.clone(), env.clone(), articles.clone(), comments.clone());
        let editorial = Editorial::new(db.clone(), journal.clone(), env.clone(), articles.clone());
        let settings = Settings::new(db.clone(), journal.clone(), env.clone(), settings::Stored::default());
        let index = Index::open(&folder.path().join("index")).unwrap();
        let search = Search::new(index, db.clone(), articles.clone(), authors.clone(), journal, env.clone());
        articles.ensure_channel(&channel("city")).await.unwrap();
        let writer = accounts.ensure("mara", "Mara", None, None).await.unwrap();
        let profile = Profile { handle: "harbour".into(), name: "Harbour".into(), ..Profile::default() };
        let author = authors.create(profile, &[writer.id]).await.unwrap();

        let mut sessions = Vec::new();
        for handle in ["reader", "reviewer", "editor", "operator"] {
            let user = accounts.ensure(handle, handle, None, Some(PASSWORD)).await.unwrap();
            if let Some(role) = Role::named(handle) {
                accounts.grant(user.id, role).await.unwrap();
            }
            let (_, token) = accounts.sign_in(handle, PASSWORD, "test").await.unwrap();
            sessions.push((handle, token.as_str().to_owned()));
        }
        let viewer = async |handle: &str| {
            let handle = Handle::new(handle).unwrap();
            Viewer::from(accounts.find_by_handle(&handle).await.unwrap().unwrap())
        };
        let (reviewer, editor) = (viewer("reviewer").await, viewer("editor").await);

        let setup =
            Setup { locale: Locale::En.into(), url: "https://news.example".into(), behind_proxy: false };
        let site = Site {
            name: "News".into(),
            tagline: String::new(),
            url: setup.url.clone(),
            zone: "Asia/Shanghai".into(),
            licence: None,
        };
        let theme = Theme::load(None).unwrap();
        let frame = Frame::new(theme, site, setup.clone(), articles.clone(), authors.clone(), env.clone());
        let reads = reads::Reads::new(db.clone(), env.clone());
        let learning = recommend::Learning::new(db.clone(), env.clone());
        let a = accounts.clone();
        let follows = follows::Follows::new(
            db.clone(),
            Journal::new(db.clone(), env.clone()),
            env.clone(),
            authors.clone(),
            articles.clone(),
        );
        let facts = recommend::ArticleFactsCache::new(articles.clone(), search.clone());
        let personal = recommend::Personal::new(
            db.clone(),
            env.clone(),
            articles.clone(),
            facts,
            authors.clone(),
            follows.clone(),
        );
        let erasure = Erasure {
            db: db.clone(),
            accounts: accounts.clone(),
            authors: authors.clone(),
            media: media.clone(),
            articles: articles.clone(),
            comments: comments.clone(),
            follows,
            moderation: moderation.clone(),
        };
        let admin_env = env.clone();
        let admin = Admin {
            frame,
            accounts,
            authors,
            articles,
            media,
            comments,
            moderation,
            reads,
            learning,
            personal,
            editorial,
            erasure,
            search,
            settings,
            journal: Journal::new(db.clone(), admin_env),
            setup_key: SetupKey::new("secret".into()),
        };
        let hooks = Hooks {
            error_page: Box::new(|_, error| {
                Box::pin(async move { Response::new(Body::from(error.to_string())) })
            }),
            on_read: Box::new(|_, _, _| {}),
        };
        let front = Front::new(crate::routes(admin.clone()), None, a, env, setup, hooks);
        Self { admin, front, sessions, reviewer, editor, clock, writer, author, _folder: folder }
    }

    pub async fn get(&self, who: &str, path: &str) -> Answer {
        self.send(who, Method::GET, path, &[]).await
    }

    pub async fn post(&self, who: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(who, Method::POST, path, fields).await
    }

    async fn send(&self, who: &str, method: Method, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs = fields.iter().map(|(name, value)| format!("{name}={}", web::percent(value)));
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::ACCEPT, "text/html")
            .header(header::ACCEPT_LANGUAGE, "en")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some((_, token)) = self.sessions.iter().find(|(handle, _)| *handle == who) {
            request = request.header(header::COOKIE, format!("__Host-session={token}"));
        }
        let body = Body::from(pairs.collect::<Vec<_>>().join("&"));
        let response = self.front.answer(request.body(body).unwrap(), PEER).await;
        let status = response.status().as_u16();
        let location =
            response.headers().get(header::LOCATION).map_or("", |v| v.to_str().unwrap()).to_owned();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, location, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    async fn write(&self, title: &str) -> Article {
        self.admin.articles.create(self.author.id, self.writer.id, draft(title)).await.unwrap()
    }

    /// An article that waits for review.
    async fn submitted(&self, title: &str) -> Article {
        let id = self.write(title).await.id;
        self.admin.articles.submit(id, None).await.unwrap()
    }

    async fn live(&self, title: &str) -> Article {
        let id = self.submitted(title).await.id;
        self.admin
            .moderation
            .decide(&self.reviewer, id, Verdict::Approve(self.admin.articles.reading(id).await.unwrap()))
            .await
            .unwrap()
    }

    /// The fields by which a decision says what was read, as they stand on the page now.
    async fn read(&self, article: &Article) -> [(&'static str, String); 2] {
        let page = self.get("reviewer", &format!("/admin/review/{}", article.id)).await;
        let value = |name: &str| {
            let (_, rest) = page.text.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
            rest.split('"').next().unwrap().to_owned()
        };
        [("version", value("version")), ("digest", value("digest"))]
    }

    /// Sends a form that says what was read.
    async fn post_read(
        &self,
        who: &str,
        path: &str,
        read: &[(&'static str, String); 2],
        fields: &[(&str, &str)],
    ) -> Answer {
        let read: Vec<(&str, &str)> = read.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.post(who, path, &[&read[..], fields].concat()).await
    }

    /// A picture of one colour, as an upload.
    async fn picture(&self, shade: u8) -> String {
        let mut bytes = Vec::new();
        let pixels = image::RgbImage::from_pixel(8, 8, image::Rgb([shade, 0, 0]));
        pixels.write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
        self.admin.media.upload(Some(self.writer.id), bytes.into()).await.unwrap().hash
    }

    async fn state(&self, article: &Article) -> State {
        self.admin.articles.get(article.id).await.unwrap().state
    }
}

pub fn channel(slug: &str) -> Channel {
    Channel {
        slug: Slug::new(slug).unwrap(),
        zh: "城市".into(),
        en: "City".into(),
        colour: "#8a5a00".into(),
        position: 1,
    }
}

pub fn draft(title: &str) -> Draft {
    let body = format!("About **{title}**.");
    Draft { title: title.into(), body, channel: Slug::new("city").ok(), ..Draft::default() }
}

/// Who may: an operator may do what the others may.
const R: &str = "reviewer operator";
const RE: &str = "reviewer editor operator";
const E: &str = "editor operator";
const O: &str = "operator";

const WHO: [(&str, &str, &str); 69] = [
    ("GET", "/admin", RE),
    ("GET", "/admin/review", RE),
    ("GET", "/admin/review/{article}", RE),
    ("POST", "/admin/review/{article}/approve", R),
    ("POST", "/admin/review/{article}/return", R),
    ("POST", "/admin/review/{article}/retract", R),
    ("POST", "/admin/review/{article}/restore", E),
    ("GET", "/admin/reports", R),
    ("GET", "/admin/reports/{nothing}", R),
    ("POST", "/admin/reports/{nothing}", R),
    ("GET", "/admin/comments", R),
    ("GET", "/admin/comments/{nothing}", R),
    ("GET", "/admin/audit", RE),
    ("POST", "/admin/comments/{nothing}/release", R),
    ("POST", "/admin/comments/{nothing}/remove", R),
    ("GET", "/admin/applications", R),
    ("GET", "/admin/applications/profile/{nothing}", R),
    ("POST", "/admin/applications/profile/{nothing}/approve", R),
    ("POST", "/admin/applications/profile/{nothing}/return", R),
    ("GET", "/admin/applications/{nothing}", R),
    ("POST", "/admin/applications/{nothing}/approve", R),
    ("POST", "/admin/applications/{nothing}/reject", R),
    ("GET", "/admin/headlines", E),
    ("GET", "/admin/headlines/log", E),
    ("GET", "/admin/headlines/home", E),
    ("POST", "/admin/headlines/home", E),
    ("GET", "/admin/headlines/home/{placed}", E),
    ("POST", "/admin/headlines/home/{placed}", E),
    ("POST", "/admin/headlines/home/{placed}/move", E),
    ("POST", "/admin/headlines/home/{nothing}/remove", E),
    ("GET", "/admin/topics", E),
    ("POST", "/admin/topics", E),
    ("GET", "/admin/topics/{topic}", E),
    ("POST", "/admin/topics/{topic}", E),
    ("POST", "/admin/topics/{topic}/publish", E),
    ("POST", "/admin/topics/{topic}/withdraw", E),
    ("POST", "/admin/topics/{topic}/articles", E),
    ("POST", "/admin/topics/{topic}/articles/{nothing}/move", E),
    ("POST", "/admin/topics/{topic}/articles/{nothing}/section", E),
    ("POST", "/admin/topics/{topic}/articles/{nothing}/remove", E),
    ("GET", "/admin/authors", O),
    ("GET", "/admin/authors/{author}", O),
    ("POST", "/admin/authors/{author}", O),
    ("POST", "/admin/authors/{author}/owners", O),
    ("POST", "/admin/authors/{author}/owners/{nothing}/remove", O),
    ("GET", "/admin/users", O),
    ("GET", "/admin/users/{user}", O),
    ("POST", "/admin/users/{user}", O),
    ("POST", "/admin/users/{nothing}/suspend", O),
    ("POST", "/admin/users/{nothing}/restore", O),
    ("POST", "/admin/users/{nothing}/sign-out", O),
    ("POST", "/admin/users/{nothing}/sessions/{nothing}/end", O),
    ("POST", "/admin/users/{nothing}/tokens/{nothing}/revoke", O),
    ("GET", "/admin/users/{user}/delete", O),
    ("POST", "/admin/users/{nothing}/delete", O),
    ("GET", "/admin/events", O),
    ("POST", "/admin/events/{nothing}/retry", O),
    ("GET", "/admin/events/{nothing}/rebuild", O),
    ("POST", "/admin/events/{nothing}/rebuild", O),
    ("POST", "/admin/events/{nothing}/{nothing}/retry", O),
    ("POST", "/admin/events/{nothing}/{nothing}/drop", O),
    ("GET", "/admin/insights", E),
    ("POST", "/admin/insights/models/2/withdraw", O),
    ("GET", "/admin/channels", O),
    ("POST", "/admin/channels", O),
    ("GET", "/admin/channels/city", O),
    ("POST", "/admin/channels/city", O),
    ("POST", "/admin/channels/city/merge", O),
    ("POST", "/admin/channels/city/remove", O),
];

#[db_test]
async fn every_page_asks_who_is_there(db: Db) {
    let desk = Desk::open(&db).await;
    let article = desk.submitted("Tides").await;
    let (author, user) = (desk.author.id.to_string(), desk.writer.id.to_string());
    let (editorial, editor) = (&desk.admin.editorial, &desk.editor);
    let placed = SlotItem::Article(desk.live("Ferries").await.id);
    let placed = editorial.place(editor, Slot::Home, placed, Terms::default()).await.unwrap().to_string();
    let text = TopicText { en: "Tides".into(), ..TopicText::default() };
    let topic = editorial.create_topic(editor, "tides", text).await.unwrap().to_string();
    for (method, path, allowed) in WHO {
        let path = path
            .replace("{article}", &article.id.to_string())
            .replace("{author}", &author)
            .replace("{user}", &user)
            .replace("{placed}", &placed)
            .replace("{topic}", &topic)
            .replace("{nothing}", "2");
        for who in ["visitor", "reader", "reviewer", "editor", "operator"] {
            let answer = desk.send(who, method.parse().unwrap(), &path, &[]).await;
            let said = format!("{method} {path} {who}: {}", answer.status);
            if who == "visitor" {
                assert!(answer.status == 303 && answer.location.starts_with("/login?return="), "{said}");
            } else if !allowed.split(' ').any(|role| role == who) {
                assert_eq!(answer.status, 403, "{said}");
            } else if method == "GET" {
                let nothing = path.split('/').any(|part| part == "2");
                assert_eq!(answer.status, if nothing { 404 } else { 200 }, "{said}");
            } else {
                // Let in, and then told what is missing.
                assert!(matches!(answer.status, 303 | 404 | 409 | 422), "{said}");
            }
        }
    }
    // A decision says which revision was read: none of these did.
    assert_eq!(desk.state(&article).await, State::Submitted);
}

/// Reading and sending the set-up, whose key is asked for in `setup.rs`.
const SETUP: usize = 2;

/// A page that is added says above who may see it.
#[test]
fn every_address_is_in_the_table() {
    let source = include_str!("lib.rs");
    assert_eq!(source.matches("get(").count() + source.matches("post(").count(), WHO.len() + SETUP);
}

#[db_test]
async fn the_front_counts_what_waits_and_the_rail_is_ones_own(db: Db) {
    let desk = Desk::open(&db).await;
    assert!(desk.get("reviewer", "/admin").await.has("Nothing is waiting"));
    desk.submitted("Tides").await;
    desk.submitted("Ferries").await;
    let front = desk.get("reviewer", "/admin").await;
    assert!(front.has(r#"<span class="figure">2</span> Review"#), "{}", front.text);
    assert!(front.has(r#"<meta name="robots" content="noindex">"#));
    for (who, reports, users) in
        [("reviewer", true, false), ("editor", false, false), ("operator", true, true)]
    {
        let page = desk.get(who, "/admin/review").await;
        assert_eq!(page.has("href=\"/admin/reports\""), reports, "{who}");
        assert_eq!(page.has("href=\"/admin/users\""), users, "{who}");
    }
}
