//! The first visit of a new site.

use accounts::Role;
use db::db_test;
use kernel::Cursor;

use super::*;

/// A site that nobody has set up.
struct Fresh {
    site: Site,
    _stop: tokio_util::sync::DropGuard,
    _folder: tempfile::TempDir,
}

const ANSWERS: [(&str, &str); 10] = [
    ("name", "Quay Courier"),
    ("tagline", "What the harbour says"),
    ("locale", "en"),
    ("zone", "Europe/Oslo"),
    ("user_name", "Ada Quay"),
    ("user_handle", "ada"),
    ("channel_en", "City"),
    ("channel_slug", "city"),
    ("author_name", "Courier Desk"),
    ("author_handle", "desk"),
];

impl Fresh {
    async fn new(db: Db) -> Self {
        Box::pin(Self::configured(db, Config::default())).await
    }

    async fn configured(db: Db, config: Config) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data: folder.path().to_owned(), ..config };
        let site = Box::pin(Site::open(services_on(db, Env::system(), &config), &config)).await.unwrap();
        let stop = CancellationToken::new();
        site.start(&stop, &TaskTracker::new()).await.unwrap();
        Self { site, _stop: stop.drop_guard(), _folder: folder }
    }

    async fn ask(&self, request: ::http::Request<Body>) -> Answer {
        Client::program(self.site.front.clone()).send(request).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(get(path).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, password: &str, cookie: &str) -> Answer {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(ANSWERS).append_pair("password", password);
        let request = ::http::Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header("accept-language", "en")
            .header("cookie", cookie);
        self.ask(request.body(Body::from(form.finish())).unwrap()).await
    }

    /// What was made so far: users, channels, authors.
    async fn made(&self) -> [usize; 3] {
        let s = &self.site.services;
        let operators = s.accounts.holding(Role::Operator, Cursor::START).await.unwrap().items.len();
        let authors = s.authors.list(Cursor::START, 9).await.unwrap().items.len();
        [operators, s.articles.channels().await.unwrap().len(), authors]
    }
}

#[db_test]
async fn a_new_site_is_set_up_by_whoever_has_the_key(db: Db) {
    let fresh = Box::pin(Fresh::new(db)).await;
    let begin = fresh.site.setup_path().await.unwrap().unwrap();
    let answer = fresh.get("/").await;
    assert_eq!((answer.status, answer.location()), (303, "/setup"));
    for path in ["/setup", "/setup?key=", "/setup?key=guessed"] {
        let Answer { status, text: page, .. } = fresh.get(path).await;
        assert_eq!((status, page.contains("user_handle")), (403, false), "{path}");
        let Answer { status, .. } = fresh.post(path, "eleven brass lamps", "").await;
        assert_eq!(status, 401, "{path}");
    }
    assert_eq!(fresh.made().await, [0; 3]);

    // What is wrong is said, nothing is made, and what was typed is kept, but for the password.
    let Answer { status, text: page, .. } = fresh.post(&begin, "short-1", "").await;
    assert_eq!((status, fresh.made().await), (422, [0; 3]));
    for (_, value) in ANSWERS {
        assert!(page.contains(value), "{value}");
    }
    assert!(!page.contains("short-1"));

    let answer = fresh.post(&begin, "eleven brass lamps", "").await;
    assert_eq!((answer.status, answer.location()), (303, "/studio/new?done=ready"));
    assert_eq!(fresh.made().await, [1; 3]);
    let cookie = answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();

    // The site has its name, and the key opens nothing any more; the operator has nothing left to set up.
    let began = tokio::time::Instant::now();
    loop {
        let Answer { status, text: page, .. } = fresh.get("/").await;
        if status == 200 && page.contains("Quay Courier") && page.contains("Europe/Oslo") {
            break;
        }
        assert!(began.elapsed() < PATIENCE, "{status} {page}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(fresh.site.setup_path().await.unwrap(), None);
    assert!(matches!(fresh.get(&begin).await.status, 303 | 401 | 403));
    assert!(matches!(fresh.post(&begin, "eleven brass lamps", "").await.status, 303 | 401 | 403));
    assert_eq!(fresh.made().await, [1; 3]);
    let answer = fresh.ask(get("/setup").header("cookie", cookie).body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status, answer.location()), (303, "/admin"));
}

#[db_test]
async fn a_set_up_that_was_broken_off_goes_on(db: Db) {
    let fresh = Box::pin(Fresh::new(db)).await;
    let begin = fresh.site.setup_path().await.unwrap().unwrap();
    // As if the power had gone before the role was given.
    fresh.site.services.accounts.create_user("ada", "Ada Quay", "eleven brass lamps").await.unwrap();
    assert_eq!(fresh.post(&begin, "twelve brass lamps", "").await.status, 422, "somebody else's password");
    assert_eq!(fresh.post(&begin, "eleven brass lamps", "").await.status, 303);
    assert_eq!(fresh.made().await, [1; 3]);
}

/// Somebody made the operator by the command line, or set up half of it: what was chosen before is neither asked nor guessed again.
#[db_test]
async fn what_was_chosen_before_is_offered_again(db: Db) {
    let fresh = Box::pin(Fresh::new(db)).await;
    let s = &fresh.site.services;
    let begin = fresh.site.setup_path().await.unwrap().unwrap();
    let page = fresh.get(&begin).await.text;
    assert!(page.contains("name=\"name\" type=\"text\" value=\"\"") && page.contains("data-own-zone"));

    let chosen = [
        ("site.name", "Quay Courier"),
        ("site.tagline", "What the harbour says"),
        ("site.locale", "zh-CN"),
        ("site.zone", "Europe/Oslo"),
    ];
    s.settings.set(&chosen).await.unwrap();
    let ada = s.accounts.create_user("ada", "Ada Quay", "eleven brass lamps").await.unwrap();
    s.accounts.grant(None, ada.id, Role::Operator).await.unwrap();
    let (_, token) = s.accounts.sign_in("ada", "eleven brass lamps", "127.0.0.1").await.unwrap();
    let cookie = format!("session={}", token.as_str());
    let Answer { status, text: page, .. } =
        fresh.ask(get("/setup").header("cookie", cookie).body(Body::empty()).unwrap()).await;
    assert_eq!(status, 200);
    for value in ["value=\"Quay Courier\"", "value=\"zh-CN\" checked", "selected>Europe/Oslo"] {
        assert!(page.contains(value), "{value}");
    }
    assert!(!page.contains("data-own-zone") && !page.contains("user_handle"));
}

#[db_test]
async fn all_that_is_wrong_with_the_first_channel_is_said_at_once(db: Db) {
    let fresh = Box::pin(Fresh::new(db)).await;
    let begin = fresh.site.setup_path().await.unwrap().unwrap();
    let request = ::http::Request::post(&begin)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin");
    let Answer { status, text: page, .. } =
        fresh.ask(request.body(Body::from("channel_slug=City%21")).unwrap()).await;
    assert_eq!(status, 422);
    for field in ["channel_slug", "channel_zh", "channel_en"] {
        assert!(page.contains(&format!("id=\"{field}-error\"")), "{field}");
    }
}

/// Browsers tell only https, and their own machine, where a request comes from.
#[db_test]
async fn where_signing_in_may_not_last_the_page_says_so(db: Db) {
    let url = Some("https://news.example".to_owned());
    let fresh = Box::pin(Fresh::configured(db, Config { url, ..Config::default() })).await;
    let begin = fresh.site.setup_path().await.unwrap().unwrap();
    for path in ["/login?return=/hot", "/signup", &begin] {
        let asked = |name: &str, value: &str| {
            get(path).header("host", "news.example").header(name, value).body(Body::empty()).unwrap()
        };
        let warns = |page: &str| page.contains(&format!("href=\"https://news.example{path}\""));
        let Answer { status, text: page, .. } = fresh.ask(asked("accept-language", "en")).await;
        assert!(status == 200 && warns(&page) && page.contains("begins with http://"), "{path} {page}");
        for (name, value) in [("sec-fetch-site", "none"), ("x-forwarded-proto", "https")] {
            let page = fresh.ask(asked(name, value)).await.text;
            assert!(!warns(&page) && !page.contains("begins with http://"), "{path} {name}");
        }
    }
}
