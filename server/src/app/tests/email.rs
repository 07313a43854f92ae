//! Addresses of users and forgotten passwords, over HTTP. Nothing is sent: mail is read where it waits.

use accounts::{
    EmailChanged, EmailInUse, FactorsChanged, IdentityChanged, InvitedByMail, NewDevice, PasswordReset,
    RecoveryCodeUsed, ResetPassword, VerifyEmail,
};
use db::{Conn, Db, args, db_test};
use kernel::{Env, Handle};
use testing::{Answer, Client, PASSWORD};
use web::render::{Theme, check_mail};

use super::House;

impl House {
    /// What the newest mail of a template says that waits.
    async fn letter(&self, template: &str) -> serde_json::Value {
        let sql = "SELECT data FROM mails WHERE template = $1 ORDER BY id DESC LIMIT 1";
        let data: Option<String> = self.db.scalar(sql, args![template]).await.unwrap();
        serde_json::from_str(&data.expect("a mail")).unwrap()
    }

    async fn count_mails(&self) -> i64 {
        self.db.scalar("SELECT COUNT(*) FROM mails", args![]).await.unwrap().unwrap()
    }

    /// Somebody who was never here.
    fn stranger(&self) -> Client {
        Client::browser(self.site.front.clone())
    }

    async fn sign_up(&self, handle: &str, email: &str) -> (Client, Answer) {
        let browser = self.stranger();
        let form = [
            ("handle", handle),
            ("name", "Ann"),
            ("email", email),
            ("password", PASSWORD),
            ("return", "/latest"),
        ];
        let answer = browser.post("/signup", &form).await;
        (browser, answer)
    }

    async fn email_of(&self, handle: &str) -> Option<String> {
        let user = self.accounts.find_by_handle(&Handle::new(handle).unwrap()).await.unwrap().unwrap();
        self.accounts.email(user.id).await.unwrap().map(|address| address.expose().to_owned())
    }
}

#[db_test]
async fn an_address_is_confirmed_by_a_button_or_a_code(db: Db) {
    let house = House::opened(db, Env::system(), |_| {}).await;
    let (_, refused) = house.sign_up("ann", "ann@").await;
    assert_eq!(
        (refused.status, refused.value("email"), refused.value("handle")),
        (422, "ann@".into(), "ann".into())
    );
    assert!(refused.error("email").contains("e-mail address") && !refused.has(PASSWORD), "{}", refused.text);
    let (ann, made) = house.sign_up("ann", "ann@example.org").await;
    assert!(made.status == 303 && made.location().starts_with("/verify?return="), "{}", made.location());
    let page = ann.get(made.location()).await;
    assert!(page.status == 200 && page.has("ann@example.org") && page.has("name=\"code\""), "{}", page.text);
    let wrong = ann.post("/verify", &[("code", "12 x"), ("return", "/latest")]).await;
    assert_eq!(
        (wrong.status, wrong.value("code"), wrong.value("return")),
        (422, "12 x".into(), "/latest".into())
    );
    assert!(wrong.error("code").contains("six digits"));

    // A program that looks through mail follows the link, as often as it likes.
    let letter = house.letter("verify").await;
    let token = letter["token"].as_str().unwrap();
    let (link, stranger) = (format!("/verify?token={token}"), house.stranger());
    for _ in 0..2 {
        let page = stranger.get(&link).await;
        assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
        assert_eq!(
            (page.value("token"), page.text.matches(token).count()),
            (token.to_owned(), 1),
            "no link carries it on"
        );
        assert!(page.has("ann@example.org") && page.has("@ann"));
    }
    assert_eq!(house.email_of("ann").await, None);
    let other = house.get("reader", &link).await;
    assert!(other.has("belongs to another account") && !other.has("name=\"token\""), "{}", other.text);
    let other = house.post("reader", "/verify", &[("token", token)]).await;
    assert!(other.status == 422 && other.has("belongs to another account"));
    let done = stranger.post("/verify", &[("token", token)]).await;
    assert_eq!((done.status, done.location().starts_with("/verify?done=verified")), (303, true));
    assert_eq!(house.email_of("ann").await.as_deref(), Some("ann@example.org"));
    assert!(stranger.get(&link).await.has("used already"));
    let again = stranger.post("/verify", &[("token", token)]).await;
    assert!(again.status == 422 && again.has("used already"));
    let empty = stranger.post("/verify", "").await;
    assert!(empty.status == 422 && empty.has("This link does not work"));

    // And another one, by its code.
    let change = async |email: &str, password: &str| {
        ann.post("/settings/email", &[("email", email), ("email-password", password)]).await
    };
    let wrong = change("new@example.org", "wrong").await;
    assert_eq!((wrong.status, wrong.value("email")), (422, "new@example.org".into()));
    assert!(!wrong.error("email-password").is_empty());
    let wrong = change("new@", PASSWORD).await;
    assert!(wrong.status == 422 && wrong.value("email") == "new@" && !wrong.error("email").is_empty());
    assert!(change("new@example.org", PASSWORD).await.location().starts_with("/verify?"));
    let settings = ann.get("/settings/account").await;
    assert!(settings.has("ann@example.org") && settings.has("new@example.org"));
    assert_eq!(ann.post("/verify/again", &[("return", "/")]).await.location(), "/verify?done=sent&return=/");
    let letter = house.letter("verify").await;
    let done = ann.post("/verify", &[("code", letter["code"].as_str().unwrap())]).await;
    assert_eq!(done.status, 303);
    assert_eq!(house.email_of("ann").await.as_deref(), Some("new@example.org"));
    assert_eq!(house.letter("email_changed").await["handle"], "ann");
    house.stop.cancel();
}

#[db_test]
async fn a_forgotten_password_is_set_anew_and_nobody_learns_who_is_known(db: Db) {
    let house = House::opened(db, Env::system(), |_| {}).await;
    let (ann, _) = house.sign_up("ann", "ann@example.org").await;
    let user = house.user("ann").await;
    let letter = house.letter("verify").await;
    house.accounts.verify_email_by_link(letter["token"].as_str().unwrap(), None).await.unwrap();
    let (_, key) = house.accounts.create_token(user.id, "script").await.unwrap();

    let stranger = house.stranger();
    let empty = stranger.post("/reset", &[("who", " ")]).await;
    assert!(empty.status == 422 && !empty.error("who").is_empty());
    let before = house.count_mails().await;
    let mut answers = Vec::new();
    for who in ["nobody@example.org", "nobody", "reader", "<script>", "ann@example.org"] {
        let answer = stranger.post("/reset", &[("who", who)]).await;
        let page = stranger.get(answer.location()).await;
        answers.push((answer.status, answer.location().to_owned(), answer.text, page.text));
    }
    answers.dedup();
    assert_eq!((answers.len(), answers[0].0, answers[0].1.as_str()), (1, 303, "/reset?done=sent"));
    assert_eq!(house.count_mails().await, before + 1);

    let letter = house.letter("reset").await;
    let token = letter["token"].as_str().unwrap();
    let link = format!("/reset?token={token}");
    for _ in 0..2 {
        let page = stranger.get(&link).await;
        assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
        assert!(page.has("@ann") && page.text.matches(token).count() == 1, "{}", page.text);
    }
    assert!(stranger.get("/reset?token=nonsense").await.has("This link does not work"));
    assert_eq!(ann.get("/settings/account").await.status, 200, "looking changes nothing");
    let short = stranger.post("/reset", &[("token", token), ("password", "short")]).await;
    assert_eq!((short.status, short.value("token")), (422, token.to_owned()));
    assert!(!short.error("password").is_empty());
    let set = stranger.post("/reset", &[("token", token), ("password", "quite another one")]).await;
    assert_eq!((set.status, set.location()), (303, "/reset?done=reset"));
    let again = stranger.post("/reset", &[("token", token), ("password", "and a third one")]).await;
    assert!(again.status == 422 && again.has("used already"));
    assert_eq!(ann.get("/settings/account").await.status, 303, "asked to sign in");
    assert!(house.accounts.viewer_by_token(&key).await.unwrap().user().is_none());
    assert_eq!(house.letter("password_reset").await["handle"], "ann");

    let sign_in = async |password: &str| {
        stranger.post("/login", &[("handle", "ann"), ("password", password)]).await.status
    };
    assert_eq!((sign_in(PASSWORD).await, sign_in("quite another one").await), (422, 303));
    assert_eq!(house.letter("new_device").await["handle"], "ann");
    house.stop.cancel();
}

/// As a theme has it: with each link, and nothing that a page of mail would fetch.
#[test]
fn every_mail_about_accounts_renders() {
    let theme = Theme::load(None).unwrap();
    let checks = [
        check_mail::<VerifyEmail>(&theme),
        check_mail::<InvitedByMail>(&theme),
        check_mail::<IdentityChanged>(&theme),
        check_mail::<EmailInUse>(&theme),
        check_mail::<EmailChanged>(&theme),
        check_mail::<ResetPassword>(&theme),
        check_mail::<PasswordReset>(&theme),
        check_mail::<NewDevice>(&theme),
        check_mail::<FactorsChanged>(&theme),
        check_mail::<RecoveryCodeUsed>(&theme),
    ];
    for checked in checks {
        checked.unwrap();
    }
}
