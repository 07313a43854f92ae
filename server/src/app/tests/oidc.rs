//! Signing in with an account elsewhere, and by invitation, over HTTP.

mod provider;

use accounts::TypedInvitation;
use db::{Conn, Db, args, db_test};
use kernel::{Env, Handle, Locale, Time};
use serde_json::{Value, json};
use testing::{Answer, Client, PASSWORD};

use super::{Config, House};
use provider::{Lie, Provider, SECRET};

const CALLBACK: &str = "/login/oidc/work/callback";

async fn provider(env: &Env) -> Provider {
    let env = env.clone();
    Provider::start(move || env.now().millis() / 1_000).await
}

/// Declares them as `work`, `work2` and so on, and that this machine may be asked.
fn declare(config: &mut Config, issuers: &[&str]) {
    let mut text = "outbound_allow = [\"127.0.0.1\"]\n".to_owned();
    for (n, issuer) in issuers.iter().enumerate() {
        let id = if n == 0 { "work".to_owned() } else { format!("work{}", n + 1) };
        text += &format!(
            "[[oidc]]\nid = \"{id}\"\nlabel = \"Staff {n}\"\nissuer = \"{issuer}\"\nclient_id = \"byline\"\nclient_secret = \"{SECRET}\"\n"
        );
    }
    let declared: Config = toml::from_str(&text).unwrap();
    (config.oidc, config.outbound_allow) = (declared.oidc, declared.outbound_allow);
}

async fn house(db: Db, env: Env, issuers: &[&str]) -> House {
    Box::pin(House::configured(db, env, |config| declare(config, issuers))).await
}

fn claims(subject: &str) -> Value {
    json!({
        "sub": subject,
        "preferred_username": "Ann@work.example",
        "name": "Ann Lee",
        "email": format!("{subject}@example.org"),
        "email_verified": true,
    })
}

impl House {
    fn elsewhere(&self) -> Client {
        Client::browser(self.site.front.clone())
    }

    async fn called(&self, handle: &str) -> accounts::User {
        self.accounts.find_by_handle(&Handle::new(handle).unwrap()).await.unwrap().expect("a user")
    }
}

/// Where the page leads that a button of a provider answers with.
fn leads_to(page: &Answer) -> String {
    assert_eq!(page.status, 200, "{}", page.text);
    let url = page.text.split("content=\"0; url=").nth(1).expect("leads on").split('"').next().unwrap();
    let url = url.replace("&amp;", "&").replace("&#x2f;", "/").replace("&#x3d;", "=");
    assert!(page.text.contains("rel=\"noreferrer\""));
    url
}

async fn begin(browser: &Client, form: &[(&str, &str)]) -> String {
    leads_to(&browser.post("/login/oidc/work", form).await)
}

/// Goes there and comes back.
async fn come(browser: &Client, provider: &Provider, claims: Value, form: &[(&str, &str)]) -> Answer {
    let url = begin(browser, form).await;
    browser.get(&provider.agree(&url, claims)).await
}

#[track_caller]
fn refused(answer: &Answer, words: &str) {
    assert_eq!(answer.status, 422, "{}", answer.text);
    assert!(answer.has(words), "{words} is not in {}", answer.text);
    assert!(!answer.has("secret-access-token") && !answer.has(SECRET));
}

#[db_test]
async fn somebody_signs_up_and_in_by_a_provider(db: Db) {
    let env = Env::system();
    let provider = provider(&env).await;
    let house = house(db, env, &[provider.issuer()]).await;
    let browser = house.elsewhere();
    let page = browser.get("/login?return=/hot").await;
    assert!(page.has("Sign in with Staff 0") && !page.has(provider.issuer()), "{}", page.text);
    assert_eq!(provider.asked(), (0, 0), "who looks asks nobody");

    let came = come(&browser, &provider, claims("1"), &[("return", "/hot")]).await;
    assert_eq!((came.status, came.location()), (303, "/signup/oidc"), "{}", came.text);
    let form = browser.get("/signup/oidc").await;
    assert_eq!((form.value("handle"), form.value("name")), ("ann".into(), "Ann Lee".into()));
    assert!(form.has("1@example.org") && form.has("Do you have an account here already?"), "{}", form.text);
    let wrong = browser.post("/signup/oidc", &[("handle", "a/b"), ("name", "Ann Lee")]).await;
    assert!(wrong.status == 422 && !wrong.error("handle").is_empty(), "{}", wrong.text);
    let made = browser.post("/signup/oidc", &[("handle", "ann"), ("name", "Ann Lee")]).await;
    assert_eq!((made.status, made.location()), (303, "/hot"), "{}", made.text);
    assert!(browser.cookie("session").is_some() && browser.cookie("away").is_none());
    let ann = house.called("ann").await;
    let email = house.accounts.email(ann.id).await.unwrap().unwrap();
    assert_eq!(email.expose(), "1@example.org");
    let listed = browser.get("/settings/identities").await;
    assert!(
        listed.status == 200 && listed.has("Staff 0") && listed.has("Ann@work.example"),
        "{}",
        listed.text
    );

    // Another browser, and an open redirect that leads nowhere else.
    let other = house.elsewhere();
    let came = come(&other, &provider, claims("1"), &[("return", "https://evil.example/")]).await;
    assert_eq!((came.status, came.location()), (303, "/"));
    assert!(other.get("/settings/account").await.has("@ann"));
    assert_eq!(provider.asked(), (1, 2), "what it says of itself is kept");

    // Without a password, it is the only way in.
    let only = house.accounts.identities(ann.id).await.unwrap()[0].id;
    let kept = browser.post(&format!("/settings/identities/{only}/remove"), "").await;
    assert!(kept.status == 409 && kept.has("only way to sign in"), "{}", kept.text);
    let page = browser.get("/settings/account").await;
    assert!(!page.has("name=\"current\"") && page.has("have no password here yet"), "{}", page.text);
    let set = browser.post("/settings/password", &[("password", PASSWORD)]).await;
    assert_eq!(set.status, 303, "{}", set.text);
    let gone = browser.post(&format!("/settings/identities/{only}/remove"), "").await;
    assert_eq!(gone.location(), "/settings/identities?done=removed");
    assert_eq!(come(&other, &provider, claims("1"), &[]).await.location(), "/signup/oidc");
    house.stop.cancel();
}

#[db_test]
async fn what_does_not_hold_signs_nobody_in(db: Db) {
    let env = Env::system();
    let provider = provider(&env).await;
    let house = house(db, env, &[provider.issuer()]).await;
    let browser = house.elsewhere();
    for lie in [
        Lie::Nonce,
        Lie::NoNonce,
        Lie::Audience,
        Lie::TwoAudiences,
        Lie::Issuer,
        Lie::Expired,
        Lie::Key,
        Lie::NoSignature,
        Lie::NoToken,
    ] {
        provider.lie(lie);
        let came = come(&browser, &provider, claims("1"), &[]).await;
        assert_eq!(came.status, 422, "{lie:?}: {}", came.text);
        refused(&came, if lie == Lie::NoSignature { "" } else { "cannot be trusted" });
        assert!(browser.cookie("session").is_none(), "{lie:?}");
        assert_ne!(browser.get("/signup/oidc").await.status, 200, "{lie:?}");
    }
    provider.lie(Lie::Redirect);
    let (_, before) = provider.asked();
    refused(&come(&browser, &provider, claims("1"), &[]).await, "does not work now");
    assert_eq!(provider.asked().1, before + 1);
    provider.lie(Lie::None);

    // A state that nobody was sent with, another browser, and the same once more.
    let url = begin(&browser, &[]).await;
    let back = provider.agree(&url, claims("1"));
    let (path, state) = back.split_once("&state=").unwrap();
    refused(&browser.get(&format!("{path}&state=another")).await, "This sign-in is over");
    refused(&browser.get(path).await, "This sign-in is over");
    refused(&house.elsewhere().get(&back).await, "This sign-in is over");
    refused(&browser.get(&format!("{back}&iss=https://id.example")).await, "cannot be trusted");
    refused(&browser.get(&back).await, "This sign-in is over");
    assert!(state.len() > 40);
    let url = begin(&browser, &[]).await;
    let back = provider.agree(&url, claims("1"));
    assert_eq!(browser.get(&back).await.location(), "/signup/oidc");
    refused(&browser.get(&back).await, "This sign-in is over");
    // The code of before, with a state of now.
    let (_, state) = provider
        .agree(&begin(&browser, &[]).await, claims("1"))
        .split_once("&state=")
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    refused(&browser.get(&format!("{path}&state={state}")).await, "The other service refused");
    // Whoever does not agree.
    let state = provider.agree(&begin(&browser, &[]).await, claims("1"));
    let state = state.split_once("&state=").unwrap().1;
    let denied = browser
        .get(&format!("{CALLBACK}?error=access_denied&error_description=%3Cb%3Eno&state={state}"))
        .await;
    refused(&denied, "did not agree");
    assert!(!denied.has("<b>no"));
    house.stop.cancel();
}

#[db_test]
async fn an_address_links_nobody(db: Db) {
    let env = Env::system();
    let provider = provider(&env).await;
    let house = house(db, env, &[provider.issuer()]).await;
    let ann = house.user("ann").await;
    let tx = house.db.write().await.unwrap();
    let sql = "INSERT INTO user_emails (user_id, address, mailbox, locale, verified_at) VALUES ($1, $2, $2, 'en', $3)";
    tx.exec(sql, args![ann.id, "ann@example.org", Time::default()]).await.unwrap();
    tx.commit().await.unwrap();
    let with = |subject: &str, email: &str, verified: bool| json!({ "sub": subject, "preferred_username": "ann", "email": email, "email_verified": verified });
    for (n, (email, verified)) in
        [("ann@example.org", true), ("ann@example.org", false), ("free@example.org", false)]
            .iter()
            .enumerate()
    {
        let browser = house.elsewhere();
        let came = come(&browser, &provider, with(&n.to_string(), email, *verified), &[]).await;
        assert_eq!(came.location(), "/signup/oidc", "{email} {verified}");
        let page = browser.get("/signup/oidc").await;
        assert!(page.has("Do you have an account here already?") && !page.has(email), "{}", page.text);
        let handle = format!("fresh{n}");
        let made = browser.post("/signup/oidc", &[("handle", handle.as_str()), ("name", "Fresh")]).await;
        assert_eq!(made.status, 303, "{}", made.text);
        let made = house.called(&handle).await;
        assert!(made.id != ann.id && house.accounts.email(made.id).await.unwrap().is_none());
    }
    assert!(house.accounts.identities(ann.id).await.unwrap().is_empty());

    // By hand, by whoever is signed in.
    let browser = Client::clone(&*house.client("ann").await);
    let link = async |browser: &Client, subject: &str| {
        let page = browser.post("/settings/identities/work/link", "").await;
        provider.agree(&leads_to(&page), with(subject, "ann@example.org", true))
    };
    let back = link(&browser, "own").await;
    assert_eq!(browser.get(&back).await.location(), "/settings/identities?done=linked");
    assert_eq!(come(&house.elsewhere(), &provider, claims("own"), &[]).await.location(), "/");
    // Not what is another's, and not where somebody else is signed in by then.
    let back = link(&browser, "0").await;
    refused(&browser.get(&back).await, "linked to another account of this site");
    let back = link(&browser, "more").await;
    browser.post("/logout", "").await;
    refused(&browser.get(&back).await, "no longer signed in as");
    assert_eq!(house.accounts.identities(ann.id).await.unwrap().len(), 1);
    house.stop.cancel();
}

#[db_test]
async fn a_provider_that_is_not_there_stops_nobody(db: Db) {
    let env = Env::system();
    let (down, works, lies) = (provider(&env).await, provider(&env).await, provider(&env).await);
    down.be_down(true);
    lies.lie(Lie::OtherIssuer);
    let issuers = [
        down.issuer(),
        works.issuer(),
        lies.issuer(),
        "https://10.0.0.1",
        "https://metadata.google.internal",
    ];
    let house = house(db, env, &issuers).await;
    let browser = house.elsewhere();
    let ask = async |id: &str| browser.post(&format!("/login/oidc/{id}"), "").await;
    refused(&ask("work").await, "does not answer now");
    let (asked, _) = down.asked();
    refused(&ask("work").await, "does not answer now");
    assert_eq!(down.asked().0, asked, "nobody waits twice for it");
    for id in ["work3", "work4", "work5"] {
        refused(&ask(id).await, "does not work now");
    }
    assert_eq!(browser.get("/login").await.status, 200);
    leads_to(&ask("work2").await);
    assert_eq!(ask("nobody").await.status, 404);
    house.stop.cancel();
}

#[db_test]
async fn a_code_is_brought_to_no_private_address(db: Db) {
    let env = Env::system();
    let provider = provider(&env).await;
    provider.lie(Lie::PrivateToken);
    let house = house(db, env, &[provider.issuer()]).await;
    let browser = house.elsewhere();
    refused(&come(&browser, &provider, claims("1"), &[]).await, "does not work now");
    assert_eq!(provider.asked().1, 0);
    house.stop.cancel();
}

#[db_test]
async fn an_invitation_goes_along(db: Db) {
    let env = Env::system();
    let provider = provider(&env).await;
    let house = house(db, env, &[provider.issuer()]).await;
    let set = async |to: &str| house.settings.set(&[("accounts.sign-up", to)]).await.unwrap();
    set("invitation").await;
    let typed = TypedInvitation { uses: "2", days: "7", email: "", role: "reviewer" };
    let (_, token) = house.accounts.invite(None, typed, Locale::En).await.unwrap();
    let token = token.unwrap();
    let browser = house.elsewhere();
    let page = browser.get("/signup").await;
    assert!(page.has("by invitation only") && !page.has("name=\"handle\""), "{}", page.text);
    let closed = come(&browser, &provider, claims("1"), &[]).await;
    refused(&closed, "by invitation only");
    let page = browser.get(&format!("/signup?invite={token}")).await;
    assert!(page.has("Reviewer") && page.header("cache-control") == "no-store", "{}", page.text);
    let unknown = browser.get("/signup?invite=nothing").await;
    assert!(unknown.has("no such invitation") && !unknown.has("name=\"handle\""), "{}", unknown.text);

    let came = come(&browser, &provider, claims("1"), &[("invite", token.as_str())]).await;
    assert_eq!(came.location(), "/signup/oidc", "{}", came.text);
    let made = browser.post("/signup/oidc", &[("handle", "ann"), ("name", "Ann")]).await;
    assert_eq!(made.status, 303, "{}", made.text);
    assert!(house.called("ann").await.roles.has(accounts::Role::Reviewer));
    // With a password.
    let form = [("handle", "bob"), ("name", "Bob"), ("password", PASSWORD), ("invite", token.as_str())];
    assert_eq!(house.elsewhere().post("/signup", &form).await.status, 303);
    let used = house.elsewhere().post("/signup", &form).await;
    assert!(used.status == 422 && used.has("was used already"), "{}", used.text);
    let without = [("handle", "cem"), ("name", "Cem"), ("password", PASSWORD)];
    assert_eq!(house.elsewhere().post("/signup", &without).await.status, 409);
    set("closed").await;
    assert!(browser.get(&format!("/signup?invite={token}")).await.status != 500);
    house.stop.cancel();
}

#[db_test]
async fn a_link_is_shown_once_and_taken_back(db: Db) {
    let house = House::opened(db, Env::system(), |_| {}).await;
    let wrong = house.post("operator", "/admin/invitations", &[("uses", "0"), ("days", "7")]).await;
    assert!(wrong.status == 422 && wrong.value("days") == "7" && !wrong.error("uses").is_empty());
    let made = house.post("operator", "/admin/invitations", &[("uses", "3"), ("days", "7")]).await;
    assert_eq!((made.status, made.header("cache-control")), (200, "no-store"), "{}", made.text);
    let token = made.text.split("/signup?invite=").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let listed = house.get("operator", "/admin/invitations").await;
    assert!(listed.has("0 of 3") && !listed.has(&token), "{}", listed.text);
    let mailed = [("uses", "1"), ("days", "7"), ("email", "ann@example.org"), ("role", "reviewer")];
    let sent = house.post("operator", "/admin/invitations", &mailed).await;
    assert_eq!(sent.location(), "/admin/invitations?done=invited", "{}", sent.text);
    let all = house.accounts.invitations(kernel::Cursor::START).await.unwrap().items;
    let revoke = format!("/admin/invitations/{}/revoke", all[1].id);
    assert_eq!(house.post("editor", &revoke, "").await.status, 403);
    assert_eq!(house.post("operator", &revoke, "").await.status, 303);
    let page = house.elsewhere().get(&format!("/signup?invite={token}")).await;
    assert!(page.has("was withdrawn"), "{}", page.text);
    let rows: Vec<String> =
        house.db.column("SELECT action FROM audit_log ORDER BY seq", args![]).await.unwrap();
    let about: Vec<&str> =
        rows.iter().map(String::as_str).filter(|row| row.starts_with("invitation.")).collect();
    assert_eq!(about, ["invitation.create", "invitation.create", "invitation.revoke"]);
}
