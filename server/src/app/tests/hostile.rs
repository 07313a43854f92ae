//! Requests that mean no good: what is sent by people who may not, pictures that are none, addresses that are made up.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use db::db_test;
use futures::stream;
use kernel::Cursor;
use recommend::Learning;

use super::*;

/// A body of megabytes that counts how often it was asked for more.
fn counted(asked: &Arc<AtomicUsize>) -> Body {
    let asked = asked.clone();
    Body::from_stream(stream::repeat_with(move || {
        asked.fetch_add(1, Ordering::Relaxed);
        Ok::<_, std::io::Error>(vec![b'a'; 16 << 10])
    }))
}

/// Twelve by eight pixels of one colour.
const PNG: &[u8] =
    b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x0c\x00\x00\
    \x00\x08\x08\x02\x00\x00\x00\x42\x86\x89\xa6\x00\x00\x00\x11\x49\x44\x41\x54\x78\xda\x63\
    \x70\x88\xaa\x20\x88\x18\x46\x15\x01\x00\x56\x9d\x66\xc1\xf3\xf4\x3e\x69\x00\x00\x00\x00\
    \x49\x45\x4e\x44\xae\x42\x60\x82";

const FORM: &str = "application/x-www-form-urlencoded";
const FILES: &str = "multipart/form-data; boundary=x";

impl House {
    /// The status, and how often more of the body was asked for.
    async fn pour(&self, method: &str, path: &str, kind: &str, headers: &[(&str, &str)]) -> (u16, usize) {
        let asked = Arc::new(AtomicUsize::new(0));
        let mut request = ::http::Request::builder().method(method).uri(path).header("content-type", kind);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = self.answer(request.body(counted(&asked)).unwrap()).await;
        assert_eq!(answer.header("connection"), "close", "{method} {path}");
        (answer.status, asked.load(Ordering::Relaxed))
    }
}

#[db_test]
async fn who_may_is_asked_before_a_body_is_read(db: Db) {
    let house = House::new(db, Env::system()).await;
    let id = house.article("Livewire", State::Live).await;
    // Nobody: every address that takes something, as the router lists them, but for those that are open and the forms of the desk,
    // whose text is rescued.
    const OPEN: [&str; 19] = [
        "/login",
        "/login/oidc/{provider}",
        "/login/code",
        "/login/passkey",
        "/login/passkey/begin",
        "/signup",
        "/signup/oidc",
        "/logout",
        "/reset",
        "/verify",
        "/unsubscribe",
        "/settings/accessibility",
        "/article/{id}/report",
        "/comment/{id}/report",
        "/user/{handle}/report",
        "/-/slots",
        "/-/seen",
        "/studio/new",
        "/studio/article/{id}",
    ];
    let takes = |endpoint: &&web::routing::Endpoint| {
        !matches!(endpoint.method, "GET" | "ANY") && !OPEN.contains(&endpoint.path.as_str())
    };
    let mut walked = 0;
    for endpoint in house.site.endpoints.iter().filter(takes) {
        let path = endpoint.path.split('/').map(|step| match step.split_once('{') {
            Some((before, _)) => format!("{before}{id}"),
            None => step.to_owned(),
        });
        let path = path.collect::<Vec<_>>().join("/");
        for kind in [FORM, FILES, "application/json", "image/png"] {
            let asked = house.pour(endpoint.method, &path, kind, &[]).await;
            assert_eq!(asked, (401, 0), "{} {path} as {kind}", endpoint.method);
        }
        walked += 1;
    }
    assert!(walked > 40, "{walked}");
    // A reader, who writes for nobody and has no role.
    let cookie = house.cookie("reader").await;
    for (path, kind) in [
        ("/studio/new", FILES),
        ("/studio/preview", FORM),
        ("/studio/pictures", FILES),
        ("/studio/profile", FILES),
        ("/admin/channels", FORM),
    ] {
        assert_eq!(house.pour("POST", path, kind, &[("cookie", &cookie)]).await, (403, 0), "{path}");
    }
    // An author: as much as the form may hold, and where it says that it is longer, nothing.
    let cookie = house.cookie("mara").await;
    let long = [("cookie", cookie.as_str()), ("content-length", "100000000")];
    for (path, kind) in [("/studio/new", FILES), ("/studio/preview", FORM)] {
        assert_eq!(house.pour("POST", path, kind, &long).await, (413, 0), "{path}");
    }
    let (status, asked) = house.pour("POST", "/studio/preview", FORM, &[("cookie", &cookie)]).await;
    assert!(status == 413 && asked <= (8 << 20) / (16 << 10) + 2, "{status} after {asked}");
    // What is open to everybody takes an ordinary form.
    for path in [
        "/login",
        "/login/oidc/work",
        "/signup",
        "/signup/oidc",
        "/reset",
        "/verify",
        &format!("/article/{id}/report"),
    ] {
        let (status, asked) = house.pour("POST", path, FORM, &[]).await;
        assert!(status == 413 && asked <= 6, "{path}: {status} after {asked}");
    }
    house.stop.cancel();
}

/// A session that ended over a long text: it comes back. Of somebody who never had one, no more than a text is read.
#[db_test]
async fn what_was_typed_is_rescued_within_bounds(db: Db) {
    let house = House::new(db, Env::system()).await;
    let (status, asked) = house.pour("POST", "/studio/new", FILES, &[]).await;
    assert!(status == 413 && asked <= (1 << 20) / (16 << 10) + 2, "{status} after {asked}");

    let part =
        |head: &str, body: &str| format!("--x\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n");
    let file = part("name=\"picture\"; filename=\"a.png\"", &"p".repeat(3 << 20));
    let form = format!(
        "{}{file}{}--x--\r\n",
        part("name=\"title\"", "Kept title"),
        part("name=\"body\"", "Kept text")
    );
    let request = ::http::Request::post("/studio/new")
        .header("content-type", FILES)
        .header("cookie", "session=ended")
        .header("accept", "text/html");
    let answer = house.answer(request.body(Body::from(form)).unwrap()).await;
    assert_eq!(answer.status, 401);
    let page = answer.text;
    assert!(page.contains("Kept title") && page.contains("Kept text"));
    house.stop.cancel();
}

#[db_test]
async fn a_refused_upload_leaves_nothing(db: Db) {
    let house = House::new(db, Env::system()).await;
    let s = &house.services;
    let uploads = house.folder().join("uploads");
    let reader = house.user("reader").await.id;
    let part = |head: &str| format!("--x\r\nContent-Disposition: form-data; {head}\r\n\r\n").into_bytes();
    let form = |field: &str, fields: &[(&str, &str)]| {
        let mut form = Vec::new();
        for (name, text) in fields {
            form.extend(
                [part(&format!("name=\"{name}\"")), text.as_bytes().to_vec(), b"\r\n".to_vec()].concat(),
            );
        }
        form.extend(part(&format!("name=\"{field}\"; filename=\"a.png\"")));
        form.extend_from_slice(PNG);
        form.extend_from_slice(b"\r\n--x--\r\n");
        form
    };
    let mine = house.cookie("mara").await;
    let theirs = house.cookie("reader").await;
    let tides = Profile { handle: "tides".into(), name: "Tides".into(), ..Profile::default() };
    for (path, cookie, form, want) in [
        ("/studio/new", &theirs, form("cover1", &[]), 403),
        ("/studio/pictures", &theirs, form("picture", &[]), 403),
        ("/studio/profile", &theirs, form("avatar", &[]), 403),
        ("/studio/new", &mine, form("cover1", &[("author", "tides")]), 403),
        ("/studio/profile", &mine, form("avatar", &[("author", "tides")]), 403),
        ("/studio/profile", &mine, form("avatar", &[("name", "")]), 422),
    ] {
        if s.authors.find_by_handle(&Handle::new("tides").unwrap()).await.unwrap().is_none() {
            s.authors.create(tides.clone(), &[]).await.unwrap();
        }
        let request =
            ::http::Request::post(path).header("content-type", FILES).header("cookie", cookie.as_str());
        let answer = house.answer(request.body(Body::from(form)).unwrap()).await;
        assert_eq!(answer.status, want, "{path}");
        for user in [reader, house.writer.id] {
            let kept = s.media.owned_by(user, Cursor::START, 10).await.unwrap().items;
            assert!(kept.is_empty(), "{path} kept a picture");
        }
        assert_eq!(std::fs::read_dir(&uploads).unwrap().count(), 0, "{path} left a file");
    }
    // It is a picture: who may send it has it.
    let request =
        ::http::Request::post("/studio/pictures").header("content-type", FILES).header("cookie", &mine);
    let answer = house.answer(request.body(Body::from(form("picture", &[]))).unwrap()).await;
    assert_eq!(answer.status, 303);
    assert_eq!(s.media.owned_by(house.writer.id, Cursor::START, 10).await.unwrap().items.len(), 1);
    assert_eq!(std::fs::read_dir(&uploads).unwrap().count(), 0);
    house.stop.cancel();
}

/// `<img src="/…">` in an article of ours, or on another site.
#[db_test]
async fn no_picture_changes_anything(db: Db) {
    let house = House::new(db, Env::system()).await;
    let id = house.article("Livewire", State::Live).await;
    let picture = |path: &str| {
        ::http::Request::get(path).header("sec-fetch-dest", "image").header("accept", "image/*,*/*")
    };
    let cookie = house.cookie("reader").await;
    let page = format!("/article/{id}");
    for path in [
        "/?lang=en",
        "/?edition=care",
        "/?lang=en&edition=care",
        "/logout",
        "/settings/interests?edition=care",
    ] {
        for as_whom in ["", &cookie] {
            let answer =
                house.answer(picture(path).header("cookie", as_whom).body(Body::empty()).unwrap()).await;
            assert!(!answer.headers.contains_key("set-cookie"), "{path}");
        }
    }
    let went = house
        .answer(get("/?lang=en").header("sec-fetch-dest", "document").body(Body::empty()).unwrap())
        .await;
    assert!(went.headers.contains_key("set-cookie"), "who goes there has chosen");
    assert_eq!(house.ask("/settings/account").await.status, 200, "nobody was signed out");

    // Reads: of thirty pictures none, of one reader one. Pages that are drawn and pages that are kept.
    for n in 0..30 {
        let request = picture(&page)
            .header("x-forwarded-for", format!("198.51.{n}.7"))
            .header("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0");
        house.send(request).await;
        house.send(picture(&page).header("cookie", &cookie)).await;
        house.send(picture(&format!("/-/slots?path={page}")).header("cookie", &cookie)).await;
    }
    // Nor is anything taken for shown in a reader's own list, or for searched.
    for path in ["/for-you", "/-/slots?path=/", "/", "/search?q=livewire"] {
        house.send(picture(path).header("cookie", &cookie)).await;
    }
    let days = Learning::new(house.db.clone(), Env::system()).days(1).await.unwrap();
    assert!(days.iter().all(|day| day.lists == 0 && day.shown == 0), "{days:?}");
    house
        .send(
            get(&page)
                .header("x-forwarded-for", "203.0.113.9")
                .header("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0"),
        )
        .await;
    let began = tokio::time::Instant::now();
    let mut reads = 0;
    while reads == 0 {
        assert!(began.elapsed() < PATIENCE, "the one read was not counted");
        tokio::time::sleep(Duration::from_millis(50)).await;
        reads = house.site.lists.reads.totals(&[id]).await.unwrap().get(&id).copied().unwrap_or(0);
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(house.site.lists.reads.totals(&[id]).await.unwrap()[&id], 1);

    // History: what a picture fetched is not in it, what the page's script tells of is.
    let listed = format!("/article/{id}\"");
    assert!(!house.ask("/history").await.text.contains(&listed));
    let request = ::http::Request::post(format!("/-/slots?path={page}"))
        .header("cookie", &cookie)
        .header("sec-fetch-site", "same-origin");
    assert_eq!(house.send(request).await.status, 200);
    house.wait("/history", &listed, true).await;
    house.stop.cancel();
}

#[db_test]
async fn links_lead_to_this_site(db: Db) {
    let house = House::new(db, Env::system()).await;
    for path in [
        "//evil.example/x",
        "///evil.example",
        "//evil.example/%2e%2e",
        "/%5Cevil.example",
        "//evil.example/x?lang=en",
    ] {
        let Answer { status, text: page, .. } = house.get_anonymous(path).await;
        assert_eq!(status, 404, "{path}");
        for mark in ["href=\"//", "action=\"//", "href=\"/\\", "value=\"//", "return=//", "return=%2F%2F"] {
            assert!(!page.contains(mark), "{path}: {mark}");
        }
    }
    let cookie = house.cookie("reader").await;
    let Answer { text: slots, .. } =
        house.send(get("/-/slots?path=//evil.example/x").header("cookie", &cookie)).await;
    assert!(!slots.contains("//evil.example"), "{slots}");
    house.stop.cancel();
}

#[db_test]
async fn addresses_with_decoration_are_one_page(db: Db) {
    let house = House::new(db, Env::system()).await;
    for n in 0..31 {
        house.article(&format!("Number {n}"), State::Live).await;
    }
    let plain = house.get_anonymous("/latest").await.text;
    let next = plain.split("cursor=").nth(1).unwrap().split('"').next().unwrap().to_owned();
    for decorated in ["/latest?utm_source=a", "/latest?fbclid=b&utm=c", "/latest?a=%2F%2Fevil.example"] {
        let page = house.get_anonymous(decorated).await.text;
        assert!(!page.contains("utm") && !page.contains("fbclid") && !page.contains("evil"), "{decorated}");
    }
    let second = house.get_anonymous(&format!("/latest?utm=1&cursor={next}&x=y")).await.text;
    assert!(second.contains("Number 0 ") && !plain.contains("Number 0 "), "what the route reads, it gets");
    // Drawn once: what is at hand is the page of all of them, until it changes.
    let try_cached = |path: &str| {
        let request = get(path).body(()).unwrap();
        house.site.front.try_cached(&request, IpAddr::V4(Ipv4Addr::LOCALHOST)).is_some()
    };
    let part = format!("/latest?cursor={next}");
    for (plain, decorated) in
        [("/latest", "/latest?utm=never-seen".to_owned()), (&part, format!("{part}&z=1"))]
    {
        let began = tokio::time::Instant::now();
        while !try_cached(&decorated) {
            assert!(began.elapsed() < PATIENCE, "{decorated} is a page of its own");
            house.get_anonymous(plain).await;
        }
    }
    assert!(!try_cached("/search?utm=1"), "a route that keeps nothing");
    house.stop.cancel();
}

#[db_test]
async fn on_https_browsers_come_back_by_https_and_cookies_are_the_hosts(db: Db) {
    let house = Box::pin(House::configured(db, Env::system(), |config| {
        config.url = Some("https://news.example".into());
    }))
    .await;
    house.cookie("mara").await;
    for path in ["/", "/assets/site.css", "/nothing-here", "/api/v1/articles", "/feed.xml"] {
        let answer = house.answer(get(path).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.header("strict-transport-security"), "max-age=31536000", "{path}");
    }
    let sign_in = ::http::Request::post("/login")
        .header("content-type", FORM)
        .header("origin", "https://news.example")
        .body(Body::from(format!("handle=mara&password={}", PASSWORD.replace(' ', "+"))))
        .unwrap();
    let answer = house.answer(sign_in).await;
    assert_eq!(answer.status, 303);
    let cookies: Vec<_> =
        answer.headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap().to_owned()).collect();
    assert!(cookies.iter().any(|cookie| cookie.starts_with("__Host-session=")), "{cookies:?}");
    for cookie in &cookies {
        assert!(cookie.contains("; Secure") && !cookie.contains("Domain"), "{cookie}");
    }
}

#[db_test]
async fn over_http_nothing_promises_https(db: Db) {
    let house = House::new(db, Env::system()).await;
    let answer = house.answer(get("/").body(Body::empty()).unwrap()).await;
    assert!(answer.headers.get("strict-transport-security").is_none());
}

/// What is logged, as lines.
#[derive(Clone, Default)]
struct Lines(Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[db_test]
async fn who_is_refused_leaves_a_line_without_their_address(db: Db) {
    let house = House::new(db, Env::system()).await;
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let said = {
        let _guard = tracing::subscriber::set_default(subscriber);
        let post = |path: &str, site: &str, body: &'static str| {
            ::http::Request::post(path)
                .header("content-type", FORM)
                .header("sec-fetch-site", site)
                .header("x-forwarded-for", "203.0.113.77")
                .body(Body::from(body))
                .unwrap()
        };
        house.answer(post("/login", "same-origin", "handle=mara&password=guessed-it")).await;
        house.answer(post("/logout", "cross-site", "")).await;
        let reader = get("/admin/users")
            .header("cookie", house.cookie("reader").await)
            .header("x-forwarded-for", "203.0.113.77");
        house.answer(reader.body(Body::empty()).unwrap()).await;
        String::from_utf8(lines.0.lock().unwrap().clone()).unwrap()
    };
    assert_eq!(said.matches("sign-in failed").count(), 1, "{said}");
    assert_eq!(said.matches("a write from another site was refused").count(), 1, "{said}");
    assert!(said.contains("/admin/users"), "{said}");
    assert!(said.contains("203.0.113.0/24") && !said.contains("203.0.113.77"), "{said}");
    assert!(!said.contains("guessed-it"), "{said}");
}

/// What is kept for everybody does not depend on who came first.
#[db_test]
async fn a_token_that_comes_first_takes_nothing_from_those_after(db: Db) {
    let house = House::new(db, Env::system()).await;
    for headers in [vec![("authorization", "Bearer byl_nobody")], vec![], vec![]] {
        let request = headers
            .iter()
            .fold(get("/api/openapi.json"), |request, (name, value)| request.header(*name, *value));
        let answer = house.answer(request.body(Body::empty()).unwrap()).await;
        let open = answer.headers.contains_key("access-control-allow-origin");
        assert_eq!((answer.status, open), (200, headers.is_empty()));
    }
    // And a page is one page, however its address is spelled.
    for (path, of) in
        [("/@HARBOUR", "/@harbour"), ("/%40harbour", "/@harbour"), ("/channel/%63ity", "/channel/city")]
    {
        let (page, same) = (house.get_anonymous(path).await, house.get_anonymous(of).await);
        assert_eq!((page.status, page.text), (same.status, same.text), "{path}");
        assert_eq!((same.status, house.ask(path).await.status), (200, 200), "{path}");
    }
    house.stop.cancel();
}
