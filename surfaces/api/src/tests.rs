//! Requests as programs make them, against real services.

mod cors;
mod described;
mod discovery;
mod editors;
mod front;
mod reading;
mod refusals;
mod writing;

use std::io::Cursor as Bytes;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use accounts::Accounts;
use articles::{Articles, Channel, Draft, Policy};
use authors::{Author, Authors, Profile};
use axum::Router;
use axum::body::Body;
use comments::Comments;
use db::{DatabaseUrl, Db};
use editorial::Editorial;
use events::Journal;
use http::{HeaderMap, Method, Request, header};
use http_body_util::BodyExt;
use kernel::time::ManualClock;
use kernel::{ArticleId, Env, Locale, Slug, Tag, Time, UserId};
use media::Media;
use moderation::Moderation;
use reads::Reads;
use recommend::{ActivityTracker, ArticleFactsCache, ChannelFreshness, Hot, Related};
use search::Search;
use serde_json::Value;
use web::render::{Site, Theme};
use web::{Frame, Setup};

use crate::Services;

static SCHEMA: db::Schema = db::Schema::of(&[&recommend::SCHEMA, &editorial::SCHEMA, &moderation::SCHEMA]);

const SITE: &str = "https://news.example";

pub struct Desk {
    accounts: Accounts,
    authors: Authors,
    articles: Articles,
    comments: Comments,
    editorial: Editorial,
    search: Search,
    hot: Hot,
    frame: Frame,
    env: Env,
    clock: Arc<ManualClock>,
    router: Router,
    user: UserId,
    author: Author,
    /// Of `user`, who owns `author`, and of somebody who owns nothing.
    token: String,
    stranger: String,
    _folder: tempfile::TempDir,
}

pub struct Answer {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    async fn of(response: http::Response<Body>) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Self { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The problem, after a look at what all problems have.
    fn problem(&self, path: &str) -> Value {
        let problem = self.json();
        assert_eq!(self.header(header::CONTENT_TYPE), "application/problem+json", "{path}");
        assert_eq!((&problem["status"], &problem["instance"]), (&self.status.into(), &path.into()));
        assert!(problem["type"].as_str().unwrap().starts_with(&format!("{SITE}/api/docs#")), "{problem}");
        assert!(!problem["title"].as_str().unwrap().is_empty());
        assert!(problem["detail"].as_str().unwrap().contains(' '), "words, not a missing key: {problem}");
        problem
    }

    /// What is wrong, as `field code`.
    fn wrong(&self) -> Vec<String> {
        let problem = self.json();
        let errors = problem["errors"].as_array().unwrap_or_else(|| panic!("no errors: {problem}"));
        let said = |error: &Value| {
            let (field, code) = (error["field"].as_str().unwrap(), error["code"].as_str().unwrap());
            assert!(!error["message"].as_str().unwrap().ends_with(code), "no message: {error}");
            format!("{field} {code}")
        };
        errors.iter().map(said).collect()
    }
}

impl Desk {
    pub async fn open(review: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (env, clock) = Env::manual(Time::parse("2024-06-05T10:00:00Z").unwrap());
        let db = Db::open(&DatabaseUrl::Sqlite(folder.path().join("db"))).await.unwrap();
        db.migrate(&SCHEMA, env.now()).await.unwrap();
        let journal = Journal::new(db.clone(), env.clone());
        let accounts = Accounts::new(db.clone(), journal.clone(), env.clone());
        let authors = Authors::new(db.clone(), journal.clone(), env.clone());
        let store = blob::Store::open(folder.path().join("media")).unwrap();
        let media = Media::new(db.clone(), journal.clone(), env.clone(), store);
        let (a, m) = (authors.clone(), media.clone());
        let articles = Articles::new(db.clone(), journal.clone(), env.clone(), a, m, Policy { review });
        let comments = Comments::new(db.clone(), journal.clone(), env.clone(), articles.clone());
        let moderation = Moderation::new(db.clone(), env.clone(), articles.clone(), comments.clone());
        let editorial = Editorial::new(db.clone(), journal.clone(), env.clone(), articles.clone());
        let user = accounts.ensure("lin", "林", None, None).await.unwrap().id;
        let stranger = accounts.ensure("mo", "莫", None, None).await.unwrap().id;
        let (_, token) = accounts.create_token(user, "test").await.unwrap();
        let (_, stranger) = accounts.create_token(stranger, "test").await.unwrap();
        let profile = Profile { handle: "nanpo".into(), name: "南坡观察".into(), ..Profile::default() };
        let author = authors.create(profile, &[user]).await.unwrap();
        for (position, slug) in ["tech", "city"].into_iter().enumerate() {
            let (slug, colour) = (Slug::new(slug).unwrap(), "#1f5fbf".to_owned());
            let channel =
                Channel {
                    slug, zh: "频道".into(), en: "Channel".into(), colour, position: position as i64
                };
            articles.ensure_channel(&channel).await.unwrap();
        }
        let index = search::Index::open(&folder.path().join("index")).unwrap();
        let search =
            Search::new(index, db.clone(), articles.clone(), authors.clone(), journal.clone(), env.clone());
        let (a, c, reads) = (articles.clone(), comments.clone(), Reads::new(db.clone(), env.clone()));
        let follows = follows::Follows::new(db, journal.clone(), env.clone(), authors.clone(), a.clone());
        let hot = Hot::new(a.clone(), c, follows, reads.clone(), journal, env.clone());
        let co_reads = reads.co_reads().clone();
        let freshness =
            ChannelFreshness::new(a.clone(), ActivityTracker::new(reads, env.clone()), env.clone());
        let facts = ArticleFactsCache::new(a.clone(), search.clone());
        let related = Related::new(search.clone(), a.clone(), facts, co_reads, freshness, env.clone());
        let setup = Setup { locale: Locale::En.into(), url: SITE.into(), behind_proxy: false };
        let site = Site {
            name: "临江号".into(),
            tagline: String::new(),
            url: SITE.into(),
            zone: "Asia/Shanghai".into(),
            licence: None,
        };
        let theme = Theme::load(None).unwrap();
        let frame = Frame::new(theme, site, setup, a, authors.clone(), env.clone());
        let services = Services {
            accounts: accounts.clone(),
            authors: authors.clone(),
            articles: articles.clone(),
            comments: comments.clone(),
            editorial: editorial.clone(),
            media,
            moderation,
            search: search.clone(),
            hot: hot.clone(),
            related,
            env: env.clone(),
            frame: frame.clone(),
            uploads: web::UploadDir::open(folder.path().join("uploads")).unwrap(),
        };
        let router = crate::routes(services).unwrap().into();
        Self {
            accounts,
            authors,
            articles,
            comments,
            editorial,
            search,
            hot,
            frame,
            env,
            clock,
            router,
            user,
            author,
            token,
            stranger,
            _folder: folder,
        }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        Answer::of(self.front_with(None).answer(request, IpAddr::V4(Ipv4Addr::LOCALHOST)).await).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    async fn get_as(&self, path: &str, token: &str) -> Answer {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A write with a JSON body; none where it is null.
    async fn write(&self, method: Method, path: &str, token: &str, body: Value) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"));
        let body = if body.is_null() {
            Body::empty()
        } else {
            request = request.header(header::CONTENT_TYPE, "application/json");
            Body::from(body.to_string())
        };
        self.send(request.body(body).unwrap()).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.write(Method::POST, path, &self.token, body).await
    }

    /// An article that is live, or a draft.
    async fn article(&self, author: &Author, channel: &str, tag: &str, live: bool) -> ArticleId {
        let draft = Draft {
            title: format!("{channel} {tag}"),
            body: "正文".into(),
            channel: Some(Slug::new(channel).unwrap()),
            tags: vec![Tag::new(tag).unwrap()],
            ..Draft::default()
        };
        let id = self.articles.create(author.id, self.user, draft).await.unwrap().id;
        if live {
            self.clock.advance(Duration::from_secs(1));
            self.articles.submit(id, None).await.unwrap();
        }
        id
    }

    async fn live(&self) -> ArticleId {
        self.article(&self.author, "tech", "潮汐", true).await
    }
}

fn png() -> Vec<u8> {
    let mut png = Bytes::new(Vec::new());
    let picture = image::RgbImage::from_pixel(700, 350, image::Rgb([200, 30, 30]));
    picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}
