//! More than a password, over HTTP: the second step, what desks ask for, and signing in again before what is dangerous.

use std::sync::Arc;
use std::time::Duration;

use db::{Conn, Db, args, db_test};
use kernel::time::ManualClock;
use kernel::{Cursor, Env, Time};
use settings::site::NAME;
use testing::{Answer, Client, PASSWORD};

use super::House;

const LONG: Duration = Duration::from_mins(20);

async fn house(db: Db, second: &str) -> (House, Arc<ManualClock>) {
    let (env, clock) = Env::manual(Time::parse("2024-06-05T10:00:00Z").unwrap());
    let house = Box::pin(House::opened(db, env, |_| {})).await;
    house.settings.set(&[("accounts.second-factor", second)]).await.unwrap();
    (house, clock)
}

impl House {
    /// A browser of its own, in which nobody is signed in.
    fn fresh(&self) -> Client {
        Client::browser(self.site.front.clone())
    }

    async fn sign_in(&self, browser: &Client, handle: &str) -> Answer {
        browser.post("/login", &[("handle", handle), ("password", PASSWORD), ("return", "/latest")]).await
    }

    /// The code that an app shows now.
    fn code(&self, secret: &str) -> String {
        let bytes = totp_rs::Secret::Encoded(secret.to_owned()).to_bytes().unwrap();
        let totp = totp_rs::TOTP::new_unchecked(totp_rs::Algorithm::SHA1, 6, 1, 30, bytes);
        totp.generate((self.env.now().millis() / 1_000) as u64)
    }

    /// Sets up an app in that browser by its pages; the secret and the codes on paper.
    async fn set_up(&self, browser: &Client) -> (String, Vec<String>) {
        assert_eq!(browser.post("/settings/two-factor/begin", "").await.location(), "/settings/two-factor");
        let page = browser.get("/settings/two-factor").await;
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(page.has("src=\"data:image/svg+xml,") && page.has("href=\"otpauth://totp/"), "{}", page.text);
        let shown = page.text.split("class=\"secret\"><code>").nth(1).unwrap().split('<').next().unwrap();
        let secret = shown.replace(' ', "");
        let wrong = browser.post("/settings/two-factor", &[("code", "12 x")]).await;
        assert_eq!((wrong.status, wrong.value("code")), (422, "12 x".into()));
        assert!(!wrong.error("code").is_empty());
        let done = browser.post("/settings/two-factor", &[("code", &self.code(&secret))]).await;
        assert_eq!((done.status, done.header("cache-control")), (200, "no-store"));
        let list = done.text.split("class=\"codes\"").nth(1).unwrap().split("</ol>").next().unwrap();
        let codes: Vec<String> =
            list.split("<code>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
        assert_eq!(codes.len(), 10);
        assert!(done.has("href=\"data:text/plain") && done.has("download="));
        (secret, codes)
    }
}

#[db_test]
async fn signing_in_takes_two_steps_in_one_browser(db: Db) {
    let (house, clock) = house(db, "nobody").await;
    // Who is given a password signs in afterwards.
    house.client("reader").await;
    let first = house.fresh();
    assert_eq!(house.sign_in(&first, "reader").await.location(), "/latest");
    let (secret, codes) = house.set_up(&first).await;
    assert!(!first.get("/settings/two-factor").await.has(&secret), "shown once");
    clock.advance(Duration::from_secs(30));

    let browser = house.fresh();
    let step = house.sign_in(&browser, "reader").await;
    assert_eq!((step.status, step.location()), (303, "/login/code?return=/latest"));
    assert_eq!(browser.get("/settings/account").await.status, 303, "not in yet");
    let page = browser.get(step.location()).await;
    assert!(page.status == 200 && page.has("@reader"), "{}", page.text);
    assert_eq!(page.value("return"), "/latest");
    // Another browser knows nothing of it.
    let other = house.fresh().get("/login/code").await;
    assert!(!other.has("@reader") && !other.has("name=\"code\""));
    let wrong = browser.post("/login/code", &[("code", "12 x"), ("return", "/latest")]).await;
    assert_eq!(
        (wrong.status, wrong.value("code"), wrong.value("return")),
        (422, "12 x".into(), "/latest".into())
    );
    assert!(!wrong.error("code").is_empty());
    let code = house.code(&secret);
    let done = browser.post("/login/code", &[("code", code.as_str()), ("return", "//evil.example")]).await;
    assert_eq!((done.status, done.location()), (303, "/"));
    assert!(browser.get("/settings/account").await.has("@reader"));

    let paper = house.fresh();
    house.sign_in(&paper, "reader").await;
    let done = paper.post("/login/code", &[("code", codes[3].as_str()), ("return", "/latest")]).await;
    assert_eq!(done.location(), "/latest");
    assert!(paper.get("/settings/two-factor").await.has("9 recovery codes"));
    let late = house.fresh();
    let nothing = late.post("/login/code", &[("code", codes[4].as_str())]).await;
    assert!(nothing.status == 422 && nothing.has("wrong too often"), "{}", nothing.text);
}

#[db_test]
async fn what_is_dangerous_asks_once_more_and_loses_nothing(db: Db) {
    let (house, clock) = house(db, "nobody").await;
    let operator = house.client("operator").await;
    let sent = [("site.name", "Quay <b> & \"Tide\""), ("site.tagline", "What the harbour says")];
    let name = || house.settings.get(&NAME);
    let before = name();
    clock.advance(LONG);
    let page = operator.post("/admin/settings", &sent).await;
    assert_eq!((page.status, page.header("cache-control")), (403, "no-store"));
    assert_eq!(page.value("site.name"), sent[0].1);
    assert!(page.has("action=\"/admin/settings\"") && page.has("name=\"again-password\""), "{}", page.text);
    let with = |password| [sent[0], sent[1], ("again-password", password)];
    let wrong = operator.post("/admin/settings", &with("wrong")).await;
    assert_eq!((wrong.status, wrong.value("site.tagline")), (422, sent[1].1.into()));
    assert!(!wrong.error("again-password").is_empty());
    let empty = operator.post("/admin/settings", &with("")).await;
    assert!(empty.status == 422 && empty.has("use a passkey"));
    assert_eq!(name(), before);
    let done = operator.post("/admin/settings", &with(PASSWORD)).await;
    assert_eq!((done.status, done.location()), (303, "/admin/settings?done=settings"), "{}", done.text);
    assert_eq!(name(), sent[0].1);
    assert_eq!(operator.post("/admin/settings", &with(PASSWORD)).await.status, 303, "pressed twice");
    // For a while nothing is asked.
    assert_eq!(operator.post("/admin/settings", &[("site.name", before.as_str())]).await.status, 303);

    // A page that asks leads back; what a script sends leads to it.
    clock.advance(LONG);
    let add = operator.get("/settings/passkeys/add").await;
    assert_eq!((add.status, add.location()), (303, "/login/again?return=/settings/passkeys/add"));
    let page = operator.get(add.location()).await;
    assert_eq!((page.status, page.value("return")), (200, "/settings/passkeys/add".into()));
    let request = ::http::Request::post("/settings/passkeys/begin")
        .header("cookie", house.cookie("operator").await)
        .header("accept", "application/json")
        .body(axum::body::Body::empty());
    assert_eq!(house.answer(request.unwrap()).await.status, 401);
    let form = [("again-password", PASSWORD), ("return", "//evil.example")];
    assert_eq!(operator.post("/login/again", &form).await.location(), "/");
    assert_eq!(operator.get("/login/again?return=/latest").await.location(), "/latest");
    // So does one of which only the head is asked for, and mail, whose links open accounts.
    clock.advance(LONG);
    for (method, path) in [
        ("HEAD", "/settings/passkeys/add"),
        ("GET", "/admin/mail/20240605T100000Z-2.eml"),
        ("HEAD", "/admin/mail/20240605T100000Z-2.eml/html"),
    ] {
        let request = ::http::Request::builder()
            .method(method)
            .uri(path)
            .header("cookie", house.cookie("operator").await)
            .body(axum::body::Body::empty());
        let asked = house.answer(request.unwrap()).await;
        assert_eq!((asked.status, asked.location()), (303, format!("/login/again?return={path}").as_str()));
    }
    // A link that gives a role is as good as the role.
    clock.advance(LONG);
    let invite = [("uses", "1"), ("days", "7"), ("role", "operator")];
    let asked = operator.post("/admin/invitations", &invite).await;
    assert_eq!((asked.status, asked.value("role")), (403, "operator".into()));
    assert!(house.accounts.invitations(Cursor::START).await.unwrap().items.is_empty());
    let made =
        operator.post("/admin/invitations", &[invite[0], invite[1], ("again-password", PASSWORD)]).await;
    assert!(made.status == 200 && made.has("/signup?invite="), "{}", made.text);
    // What has the field for the password itself asks for it there.
    clock.advance(LONG);
    let form = [("current", "wrong"), ("password", "quite another one")];
    assert!(!operator.post("/settings/password", &form).await.error("current").is_empty());
}

#[db_test]
async fn desks_open_for_operators_by_a_second_factor_where_the_site_says_so(db: Db) {
    let (house, clock) = house(db, "operators").await;
    assert_eq!(house.get("editor", "/admin").await.status, 200);
    let operator = house.client("operator").await;
    let led = operator.get("/admin/users").await;
    assert_eq!((led.status, led.location()), (303, "/settings/two-factor?why=desk"));
    let sent = operator.post("/admin/channels", &[("slug", "night")]).await;
    assert_eq!((sent.status, sent.location()), (303, "/settings/two-factor?why=desk"));
    assert!(operator.get(led.location()).await.has("the desks of this site once"));
    // Nor do they see elsewhere what others may not.
    let (writer, draft) = (house.writer.id, testing::draft("Tides"));
    let sent_in = house.articles.by(writer).create(house.author.id, writer, draft).await.unwrap().id;
    house.articles.by(writer).submit(sent_in, None).await.unwrap();
    let elsewhere = [format!("/studio/article/{sent_in}/preview"), "/preview/home".to_owned()];
    let seen = async |path: &str| operator.get(path).await.status;
    assert_eq!((seen(&elsewhere[0]).await, seen(&elsewhere[1]).await), (404, 403));
    assert_eq!(seen("/settings/account").await, 200, "what everybody may do goes on");
    let (secret, _) = house.set_up(&operator).await;
    assert_eq!(operator.get("/admin/users").await.status, 200);
    assert_eq!((seen(&elsewhere[0]).await, seen(&elsewhere[1]).await), (200, 200));
    // In another browser by a code from the beginning.
    clock.advance(Duration::from_secs(30));
    let browser = house.fresh();
    house.sign_in(&browser, "operator").await;
    let code = house.code(&secret);
    assert_eq!(browser.post("/login/code", &[("code", code.as_str())]).await.status, 303);
    assert_eq!(browser.get("/admin/users").await.status, 200);
}

#[db_test]
async fn a_password_takes_no_factor_that_desks_ask_for(db: Db) {
    let (house, _) = house(db, "operators").await;
    let operator = house.client("operator").await;
    let (_, codes) = house.set_up(&operator).await;
    let user = house.user("operator").await.id;
    // A session that began by the password alone, before the site asked for more.
    let tx = house.db.write().await.unwrap();
    tx.exec("UPDATE sessions SET second_at = NULL", args![]).await.unwrap();
    tx.commit().await.unwrap();
    for path in ["/settings/two-factor/remove", "/settings/tokens", "/settings/passkeys/begin"] {
        let refused = operator.post(path, &[("name", "x"), ("again-password", PASSWORD)]).await;
        assert_eq!(refused.status, 422, "{path}: {}", refused.text);
        assert!(!refused.has("name=\"again-password\"") && refused.has("name=\"again-code\""));
    }
    assert!(house.accounts.factors(user).await.unwrap().totp.is_some());
    let led = operator.get("/settings/passkeys/add").await;
    assert_eq!(led.location(), "/login/again?return=/settings/passkeys/add");
    let done = operator.post("/settings/two-factor/remove", &[("again-code", codes[0].as_str())]).await;
    assert_eq!((done.status, done.location()), (303, "/settings/two-factor"));
    assert!(house.accounts.factors(user).await.unwrap().totp.is_none());
}

#[db_test]
async fn sessions_are_listed_and_ended(db: Db) {
    let (house, _) = house(db, "nobody").await;
    let here = house.client("reader").await;
    let there = house.fresh();
    house.sign_in(&there, "reader").await;
    let page = here.get("/settings/sessions").await;
    // The one that signed in by the front says whence: a network without its last part.
    assert!(page.status == 200 && page.has("127.0.0.0/24"), "{}", page.text);
    assert_eq!(page.text.matches("/end\"").count(), 1);
    let end = page.text.split("action=\"").find(|rest| rest.contains("/end\"")).unwrap();
    let end = end.split('"').next().unwrap();
    assert_eq!(here.post(end, "").await.location(), "/settings/sessions?done=one");
    assert_eq!(there.get("/settings/account").await.status, 303);
    house.sign_in(&there, "reader").await;
    assert_eq!(
        here.post("/settings/sessions/end-others", "").await.location(),
        "/settings/sessions?done=others"
    );
    assert_eq!(there.get("/settings/account").await.status, 303);
    assert_eq!(here.get("/settings/account").await.status, 200);
}
