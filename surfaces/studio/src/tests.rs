//! The studio as browsers use it: forms in, pages out, against real services.

mod pictures;
mod refusals;
mod writing;

use std::io::Cursor as Bytes;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use accounts::{Accounts, User};
use articles::{Article, Articles, Channel, Policy, State};
use authors::{Author, Authors, Profile};
use axum::body::Body;
use comments::Comments;
use db::{DatabaseUrl, Db};
use events::Journal;
use http::{HeaderMap, Request, header};
use http_body_util::BodyExt;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use kernel::time::ManualClock;
use kernel::{ArticleId, Env, Handle, Locale, Slug, Time};
use media::Media;
use moderation::Moderation;
use reads::Reads;
use web::render::{Site, Theme};
use web::{Frame, Front, Hooks, Setup};

use crate::Studio;

static SCHEMA: db::Schema = db::Schema::of(&[&reads::SCHEMA, &moderation::SCHEMA]);

const PEER: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A site of its own. `lin` owns `nanpo`; `mo` owns `tides`; `an` owns nothing.
struct Desk {
    accounts: Accounts,
    articles: Articles,
    authors: Authors,
    comments: Comments,
    reads: Reads,
    clock: Arc<ManualClock>,
    front: Front,
    author: Author,
    users: Vec<User>,
    sessions: Vec<(&'static str, String)>,
    _folder: tempfile::TempDir,
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    /// What stands in a field of the page's form, as a browser would read it.
    fn value(&self, name: &str) -> String {
        let area = self.text.split(&format!("<textarea id=\"{name}\"")).nth(1);
        let raw = if let Some(area) = area {
            let text = area.split_once('>').unwrap().1.split("</textarea>").next().unwrap();
            text.strip_prefix('\n').unwrap_or(text)
        } else {
            let input = self.text.split(&format!("name=\"{name}\"")).nth(1);
            let input = input.unwrap_or_else(|| panic!("no field {name}"));
            input.split("value=\"").nth(1).unwrap().split('"').next().unwrap()
        };
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
        entities.iter().fold(raw.to_owned(), |text, (entity, c)| text.replace(entity, c))
    }

    /// The error that stands beside a field.
    fn error(&self, field: &str) -> &str {
        let beside = self.text.split(&format!("id=\"{field}-error\">")).nth(1);
        beside.map_or("", |rest| rest.split('<').next().unwrap())
    }

    fn has(&self, text: &str) -> bool {
        self.text.contains(text)
    }
}

/// A form with files, as browsers send it.
#[derive(Clone, Default)]
struct Multipart(Vec<u8>);

const BOUNDARY: &str = "----byline-test";

impl Multipart {
    fn of(fields: &[(&str, &str)]) -> Self {
        fields.iter().fold(Self::default(), |form, (name, text)| form.text(name, text))
    }

    fn text(mut self, name: &str, text: &str) -> Self {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        self.0.extend_from_slice(format!("{head}{text}\r\n").as_bytes());
        self
    }

    fn file(mut self, name: &str, bytes: &[u8]) -> Self {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"
        );
        self.0.extend_from_slice(head.as_bytes());
        self.0.extend_from_slice(bytes);
        self.0.extend_from_slice(b"\r\n");
        self
    }

    fn end(mut self) -> Vec<u8> {
        self.0.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        self.0
    }
}

fn png(shade: u8) -> Vec<u8> {
    let mut bytes = Bytes::new(Vec::new());
    let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(12, 8, Rgb([shade, 90, 120])));
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

impl Desk {
    async fn open(review: bool) -> Self {
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
        let comments = Comments::new(db.clone(), journal, env.clone(), articles.clone());
        let moderation = Moderation::new(db.clone(), env.clone(), articles.clone(), comments.clone());
        let reads = Reads::new(db, env.clone());
        let (mut users, mut sessions) = (Vec::new(), Vec::new());
        for (handle, owns) in [("lin", "nanpo"), ("mo", "tides"), ("an", "")] {
            let user = accounts.sign_up(handle, handle, "long enough", "127.0.0.1").await.unwrap();
            let (_, token) = accounts.sign_in(handle, "long enough", "test").await.unwrap();
            sessions.push((handle, token.as_str().to_owned()));
            if !owns.is_empty() {
                let profile = Profile { handle: owns.into(), name: owns.into(), ..Profile::default() };
                authors.create(profile, &[user.id]).await.unwrap();
            }
            users.push(user);
        }
        let author = authors.find_by_handle(&Handle::new("nanpo").unwrap()).await.unwrap().unwrap();
        let slug = Slug::new("city").unwrap();
        let channel =
            Channel { slug, zh: "城市".into(), en: "City".into(), colour: "#1f5fbf".into(), position: 0 };
        articles.ensure_channel(&channel).await.unwrap();
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
        let studio = Studio {
            env: env.clone(),
            frame,
            authors: authors.clone(),
            articles: articles.clone(),
            media,
            comments: comments.clone(),
            moderation,
            reads: reads.clone(),
            uploads: web::UploadDir::open(folder.path().join("uploads")).unwrap(),
        };
        let hooks = Hooks {
            error_page: Box::new(|_, error| {
                Box::pin(async move { http::Response::new(Body::from(error.to_string())) })
            }),
            on_read: Box::new(|_, _, _| {}),
        };
        let front = Front::new(crate::routes(studio), None, accounts.clone(), env, setup, hooks);
        Self {
            accounts,
            articles,
            authors,
            comments,
            reads,
            clock,
            front,
            author,
            users,
            sessions,
            _folder: folder,
        }
    }

    async fn send(&self, who: &str, request: http::request::Builder, body: impl Into<Body>) -> Answer {
        let request = request.header(header::ACCEPT_LANGUAGE, "en");
        let request = match self.sessions.iter().find(|(handle, _)| *handle == who) {
            Some((_, token)) => request.header(header::COOKIE, format!("__Host-session={token}")),
            None => request,
        };
        let response = self.front.answer(request.body(body.into()).unwrap(), PEER).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    async fn get(&self, who: &str, path: &str) -> Answer {
        self.send(who, Request::get(path).header(header::ACCEPT, "text/html"), Body::empty()).await
    }

    async fn post(&self, who: &str, path: &str, form: Multipart) -> Answer {
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let request =
            Request::post(path).header(header::ACCEPT, "text/html").header(header::CONTENT_TYPE, kind);
        self.send(who, request, form.end()).await
    }

    async fn press(&self, who: &str, path: &str, fields: &'static str) -> Answer {
        let kind = "application/x-www-form-urlencoded";
        let request =
            Request::post(path).header(header::ACCEPT, "text/html").header(header::CONTENT_TYPE, kind);
        self.send(who, request, fields).await
    }

    /// Writes an article and says where it is.
    async fn write(&self, fields: &[(&str, &str)]) -> ArticleId {
        let answer = self.post("lin", "/studio/new", Multipart::of(fields)).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let id = answer.location().strip_prefix("/studio/article/").unwrap();
        id.split('?').next().unwrap().parse().unwrap()
    }

    async fn article(&self, id: ArticleId) -> Article {
        self.articles.get(id).await.unwrap()
    }

    async fn state(&self, id: ArticleId) -> State {
        self.article(id).await.state
    }
}

/// A whole article.
const WHOLE: [(&str, &str); 6] = [
    ("title", "Tide tables"),
    ("format", "markdown"),
    ("body", "At five **every morning**."),
    ("channel", "city"),
    ("tags", "tides, 海"),
    ("declared", "original"),
];
