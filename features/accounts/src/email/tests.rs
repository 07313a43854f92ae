use std::sync::Arc;

use ::settings::{Fixed, Settings};
use db::{Conn, Db, FromQueryResult, args, db_test};
use events::Journal;
use jobs::Jobs;
use kernel::time::ManualClock;
use kernel::{Env, Time};
use mail::{HOURLY, Outbox};
use serde_json::Value;

use super::*;
use crate::settings;

pub(crate) const PASSWORD: &str = "a long password";

/// With what the configuration says of addresses.
pub(crate) fn accounts(db: &Db, email: &str) -> (Accounts, Arc<ManualClock>) {
    let (env, clock) = Env::manual(Time::parse("2024-06-04T12:00:00Z").unwrap());
    let journal = Journal::new(db.clone(), env.clone());
    let outbox = Outbox::new(db.clone(), Jobs::new(db.clone(), env.clone()), env.clone());
    let accounts = Accounts::new(db.clone(), journal, env).with_outbox(outbox);
    (configured(accounts, email), clock)
}

fn configured(accounts: Accounts, email: &str) -> Accounts {
    let fixed = Fixed::from([("accounts.email", email.to_owned())]);
    let Accounts { db, journal, env, .. } = accounts.clone();
    accounts.with_settings(Settings::new(db, journal, env, settings::ALL, fixed))
}

pub(crate) fn code(error: Error) -> (&'static str, &'static str) {
    match error {
        Error::Invalid(errors) => (errors.0[0].field, errors.0[0].code),
        other => panic!("{other}"),
    }
}

pub(crate) fn from(network: &str) -> Origin<'_> {
    Origin { network, locale: Locale::En, ..Origin::default() }
}

#[derive(FromQueryResult)]
struct Row {
    template: String,
    address: String,
    locale: String,
    data: String,
}

/// Mail that would be sent.
pub(crate) struct Sent {
    pub template: String,
    pub to: String,
    pub locale: String,
    pub says: Value,
}

impl Sent {
    pub fn text(&self, field: &str) -> &str {
        self.says[field].as_str().unwrap()
    }
}

/// Takes all mail out of the database, oldest first.
pub(crate) async fn sent(db: &Db) -> Vec<Sent> {
    let sql = "SELECT template, address, locale, data FROM mails ORDER BY id";
    let rows: Vec<Row> = db.all(sql, args![]).await.unwrap();
    let tx = db.write().await.unwrap();
    tx.exec("DELETE FROM mails", args![]).await.unwrap();
    tx.commit().await.unwrap();
    let read = |Row { template, address, locale, data }| {
        let says = serde_json::from_str(&data).unwrap();
        Sent { template, to: address, locale, says }
    };
    rows.into_iter().map(read).collect()
}

/// Somebody who has shown an address.
pub(crate) async fn user_with(accounts: &Accounts, handle: &str, email: &str) -> User {
    let user = accounts.sign_up_from(handle, "某人", PASSWORD, email, from("home")).await.unwrap().user;
    let mail = sent(&accounts.db).await.remove(0);
    accounts.verify_email_by_link(mail.text("token"), None).await.unwrap();
    user
}

async fn actions(db: &Db) -> Vec<String> {
    db.column("SELECT action FROM audit_log ORDER BY seq", args![]).await.unwrap()
}

#[db_test]
async fn an_address_counts_once_it_is_shown(db: Db) {
    let (accounts, _) = accounts(&db, "optional");
    let ann = accounts
        .sign_up_from("ann", "安", PASSWORD, " Ann.Lee+news@EXAMPLE.org ", from("home"))
        .await
        .unwrap()
        .user;
    assert_eq!(accounts.email(ann.id).await.unwrap(), None);
    let address = |address: Option<Address>| address.map(|it| it.expose().to_owned());
    let waits = accounts.waiting_email(ann.id).await.unwrap();
    assert_eq!(address(waits).as_deref(), Some("Ann.Lee+news@example.org"));
    let mails = sent(&db).await;
    assert_eq!((mails.len(), mails[0].template.as_str(), mails[0].locale.as_str()), (1, "verify", "en"));
    assert_eq!(mails[0].to, "Ann.Lee+news@example.org");
    let token = mails[0].text("token").to_owned();
    // What is stored opens nothing.
    let stored: Vec<String> = db.column("SELECT token_hash FROM email_tokens", args![]).await.unwrap();
    let typed: Vec<String> = db.column("SELECT code_hash FROM email_tokens", args![]).await.unwrap();
    assert!(stored[0] != token && !typed[0].contains(mails[0].text("code")));
    assert_eq!(
        code(accounts.check_email_link(&stored[0], None).await.unwrap_err()),
        ("token", "link-unknown")
    );

    // Whoever looks changes nothing, as often as they look.
    for _ in 0..2 {
        let link = accounts.check_email_link(&token, Some(ann.id)).await.unwrap();
        assert_eq!((link.handle, link.address.expose()), (ann.handle.clone(), "Ann.Lee+news@example.org"));
    }
    assert_eq!(accounts.email(ann.id).await.unwrap(), None);
    let bob = accounts.sign_up("bob", "波", PASSWORD, "home").await.unwrap();
    let other = accounts.verify_email_by_link(&token, Some(bob.id)).await.unwrap_err();
    assert_eq!(code(other), ("token", "link-other"));
    accounts.verify_email_by_link(&token, None).await.unwrap();
    let shown = accounts.email(ann.id).await.unwrap();
    assert_eq!(address(shown).as_deref(), Some("Ann.Lee+news@example.org"));
    assert_eq!(accounts.waiting_email(ann.id).await.unwrap(), None);
    let again = accounts.verify_email_by_link(&token, Some(ann.id)).await.unwrap_err();
    assert_eq!(code(again), ("token", "link-used"));
    assert_eq!(code(accounts.check_email_link(&token, None).await.unwrap_err()), ("token", "link-used"));
    assert_eq!(actions(&db).await, ["user.email-verify"]);
}

#[db_test]
async fn a_code_is_tried_five_times_within_an_hour(db: Db) {
    let (accounts, clock) = accounts(&db, "optional");
    let sign_up = async |handle: &str| {
        let email = format!("{handle}@example.org");
        let user = accounts.sign_up_from(handle, "某", PASSWORD, &email, from("home")).await.unwrap().user;
        (user, sent(&db).await.remove(0).text("code").to_owned())
    };
    let tried = async |user: &User, typed: &str| accounts.verify_email_by_code(user.id, typed).await;
    let said = async |user: &User, typed: &str| code(tried(user, typed).await.unwrap_err());
    let (ann, right) = sign_up("ann").await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let (bob, other) = sign_up("bob").await;
    if other != right {
        assert_eq!(said(&bob, &right).await, ("code", "code-wrong"), "of another");
    }
    assert_eq!(said(&ann, "12345").await, ("code", "code-form"), "that is no try");
    for _ in 0..4 {
        assert_eq!(said(&ann, wrong).await, ("code", "code-wrong"));
    }
    tried(&ann, &format!(" {} {} ", &right[..3], &right[3..])).await.unwrap();
    assert_eq!(said(&ann, &right).await, ("code", "code-none"), "once");

    let (cem, right) = sign_up("cem").await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        assert_eq!(said(&cem, wrong).await, ("code", "code-wrong"));
    }
    assert_eq!(said(&cem, &right).await, ("code", "code-tries"));
    // A new one replaces it, and the link of the mail before.
    accounts.send_email_again(&cem, Locale::ZhCn).await.unwrap();
    let mail = sent(&db).await.remove(0);
    assert_eq!((mail.to.as_str(), mail.locale.as_str()), ("cem@example.org", "zh-CN"));
    let new = mail.text("code").to_owned();
    clock.advance(LIFE);
    assert_eq!(said(&cem, &new).await, ("code", "code-late"));
    let late = accounts.check_email_link(mail.text("token"), None).await.unwrap_err();
    assert_eq!(code(late), ("token", "link-late"));
    let dee = accounts.sign_up("dee", "迪", PASSWORD, "home").await.unwrap();
    assert_eq!(said(&dee, &new).await, ("code", "code-none"));
}

#[db_test]
async fn a_newer_mail_replaces_those_before_and_there_are_only_so_many(db: Db) {
    let (accounts, clock) = accounts(&db, "optional");
    let ann =
        accounts.sign_up_from("ann", "安", PASSWORD, "ann@example.org", from("home")).await.unwrap().user;
    let first = sent(&db).await.remove(0);
    for _ in 0..5 {
        accounts.send_email_again(&ann, Locale::En).await.unwrap();
    }
    let old = accounts.verify_email_by_link(first.text("token"), None).await.unwrap_err();
    assert_eq!(code(old), ("token", "link-replaced"));
    // Of those that wait, only the newest is sent.
    let mails = sent(&db).await;
    assert_eq!(mails.len(), 1);
    let often = accounts.send_email_again(&ann, Locale::En).await.unwrap_err();
    assert_eq!(code(often), ("email", "email-often"));
    assert_eq!(sent(&db).await.len(), 0);
    accounts.verify_email_by_link(mails[0].text("token"), None).await.unwrap();

    // Nobody has others' mailboxes filled: whoever the accounts are.
    clock.advance(Duration::from_hours(2));
    for n in 0..HOURLY {
        let (handle, email) = (format!("user{n}"), format!("Ben+{n}@example.org"));
        accounts.sign_up_from(&handle, "某", PASSWORD, &email, from("away")).await.unwrap();
    }
    let more =
        accounts.sign_up_from("more", "某", PASSWORD, "ben@example.org", from("away")).await.unwrap_err();
    assert_eq!(code(more), ("email", "email-often"));
    assert!(accounts.find_by_handle(&Handle::new("more").unwrap()).await.unwrap().is_none());
}

#[db_test]
async fn one_who_only_says_so_blocks_nobody_and_learns_nothing(db: Db) {
    let (accounts, _) = accounts(&db, "optional");
    let bob =
        accounts.sign_up_from("bob", "波", PASSWORD, "ann@example.org", from("away")).await.unwrap().user;
    let first = sent(&db).await.remove(0);
    let ann = user_with(&accounts, "ann", "ANN@example.org").await;
    // Whoever reads the mail is the one, but the mailbox has an account now.
    let late = accounts.verify_email_by_link(first.text("token"), None).await.unwrap_err();
    assert_eq!(code(late), ("token", "email-taken"));
    assert_eq!(accounts.email(bob.id).await.unwrap(), None);

    // From then on the mail says it to ann, and nothing says it to bob.
    assert!(accounts.change_email(&bob, "ann+b@example.org", PASSWORD, from("away")).await.unwrap());
    assert!(accounts.waiting_email(bob.id).await.unwrap().is_some());
    let mails = sent(&db).await;
    assert_eq!(
        (mails.len(), mails[0].template.as_str(), mails[0].to.as_str()),
        (1, "email_in_use", "ANN@example.org")
    );
    assert_eq!((mails[0].text("handle"), mails[0].text("asked_by")), ("ann", "bob"));
    let guess = accounts.verify_email_by_code(bob.id, "000000").await.unwrap_err();
    assert!(matches!(code(guess).1, "code-wrong" | "email-taken"));
    // The owner writes it in another way.
    assert!(accounts.change_email(&ann, "ann+own@example.org", PASSWORD, from("home")).await.unwrap());
    let mail = sent(&db).await.remove(0);
    assert_eq!((mail.template.as_str(), mail.to.as_str()), ("verify", "ann+own@example.org"));
    accounts.verify_email_by_link(mail.text("token"), None).await.unwrap();
    assert!(sent(&db).await.is_empty(), "it leads to the same mailbox");
}

#[db_test]
async fn the_old_address_is_told_of_the_new_one(db: Db) {
    let (accounts, _) = accounts(&db, "optional");
    let ann = user_with(&accounts, "ann", "ann@example.org").await;
    let change =
        async |typed: &str, password: &str| accounts.change_email(&ann, typed, password, from("home")).await;
    assert_eq!(
        code(change("new@example.org", "wrong").await.unwrap_err()),
        ("email-password", "password-wrong")
    );
    assert_eq!(code(change("new@example", PASSWORD).await.unwrap_err()), ("email", "address-form"));
    assert!(!change("ann@example.org", PASSWORD).await.unwrap(), "as it is");
    assert!(sent(&db).await.is_empty());
    assert!(change("new@example.org", PASSWORD).await.unwrap());
    let mails = sent(&db).await;
    assert_eq!((mails.len(), mails[0].to.as_str()), (1, "new@example.org"));
    let is = async || accounts.email(ann.id).await.unwrap().map(|it| it.expose().to_owned());
    assert_eq!(is().await.as_deref(), Some("ann@example.org"), "until the new one is shown");
    accounts.verify_email_by_code(ann.id, mails[0].text("code")).await.unwrap();
    assert_eq!(is().await.as_deref(), Some("new@example.org"));
    let notice = sent(&db).await.remove(0);
    assert_eq!((notice.template.as_str(), notice.to.as_str()), ("email_changed", "ann@example.org"));
    assert_eq!(notice.says["removed"], false);
    // The one of before is free.
    let bob = user_with(&accounts, "bob", "ann@example.org").await;

    assert!(!accounts.change_email(&bob, " ", PASSWORD, from("home")).await.unwrap());
    let notice = sent(&db).await.remove(0);
    assert_eq!((notice.to.as_str(), &notice.says["removed"]), ("ann@example.org", &Value::Bool(true)));
    assert_eq!(accounts.email(bob.id).await.unwrap(), None);
    let verify = "user.email-verify";
    assert_eq!(actions(&db).await, [verify, "user.email-change", verify, "user.email-remove"]);
    let all: String = db
        .column::<String>(
            "SELECT target || COALESCE(before_value, '') || COALESCE(after_value, '') FROM audit_log",
            args![],
        )
        .await
        .unwrap()
        .concat();
    assert!(!all.contains("example"), "{all}");
}

#[db_test]
async fn a_site_asks_for_addresses_as_it_is_set(db: Db) {
    let (required, _) = accounts(&db, "required");
    let refused = async |handle: &str, password: &str, email: &str| {
        let Err(Error::Invalid(errors)) =
            required.sign_up_from(handle, "某", password, email, from("home")).await
        else {
            panic!("taken")
        };
        errors.0.into_iter().map(|error| error.code).collect::<Vec<_>>()
    };
    assert_eq!(refused("ann", PASSWORD, " ").await, ["email-empty"]);
    assert_eq!(refused("a/b", "short", "ann@").await, ["handle-form", "password-short", "address-form"]);
    let ann = user_with(&required, "ann", "ann@example.org").await;
    let removed = required.change_email(&ann, "", PASSWORD, from("home")).await.unwrap_err();
    assert_eq!(code(removed), ("email", "email-empty"));

    let off = configured(required.clone(), "off");
    off.sign_up_from("bob", "波", PASSWORD, "bob@example.org", from("home")).await.unwrap();
    assert!(sent(&db).await.is_empty());
    let asked = off.change_email(&ann, "new@example.org", PASSWORD, from("home")).await;
    assert!(matches!(asked, Err(Error::Conflict("email-off"))));
    assert!(!off.change_email(&ann, "", PASSWORD, from("home")).await.unwrap(), "it may go");
    assert_eq!(off.email(ann.id).await.unwrap(), None);
}

#[db_test]
async fn an_address_that_takes_no_mail_is_not_taken(db: Db) {
    let (accounts, _) = accounts(&db, "optional");
    let tx = db.write().await.unwrap();
    let to = Address::parse("gone@example.org").unwrap();
    accounts.outbox().unwrap().refuse(&tx, &to, 550).await.unwrap();
    tx.commit().await.unwrap();
    let refused = accounts.sign_up_from("ann", "安", PASSWORD, "gone@example.org", from("home")).await;
    assert_eq!(code(refused.unwrap_err()), ("email", "email-refused"));
    assert!(accounts.find_by_handle(&Handle::new("ann").unwrap()).await.unwrap().is_none());
}

#[db_test]
async fn a_browser_that_is_not_known_is_told_of(db: Db) {
    let (accounts, _) = accounts(&db, "optional");
    let email = "ann@example.org";
    let ann = accounts.sign_up_from("ann", "安", PASSWORD, email, from("home")).await.unwrap();
    let mail = sent(&db).await;
    assert_eq!(mail.len(), 1, "not of signing up");
    accounts.sign_in("ann", PASSWORD, "away").await.unwrap();
    assert!(sent(&db).await.is_empty(), "nobody has shown that the address is theirs");
    accounts.verify_email_by_link(mail[0].text("token"), None).await.unwrap();

    let known = Origin { device: Some(ann.device.as_str()), ..from("away") };
    accounts.sign_in_from("ann", PASSWORD, known).await.unwrap();
    accounts.sign_in("ann", "wrong", "away").await.unwrap_err();
    assert!(sent(&db).await.is_empty());
    let region = kernel::Region::new("CN-ZJ", Some("浙江"), Some("Zhejiang"));
    // In the language of the address, whatever the browser asks for.
    let other =
        Origin { agent: Some("Safari, iOS"), region: region.as_ref(), locale: Locale::ZhCn, ..from("away") };
    let there = accounts.sign_in_from("ann", PASSWORD, other).await.unwrap();
    let notice = sent(&db).await.remove(0);
    assert_eq!(
        (notice.template.as_str(), notice.to.as_str(), notice.locale.as_str()),
        ("new_device", email, "en")
    );
    assert_eq!((notice.text("agent"), notice.text("region")), ("Safari, iOS", "Zhejiang"));
    // It is known from then on.
    accounts
        .sign_in_from("ann", PASSWORD, Origin { device: Some(there.device.as_str()), ..other })
        .await
        .unwrap();
    assert!(sent(&db).await.is_empty());
    // However much mail was sent before.
    for n in 0..=HOURLY {
        accounts.sign_in_from("ann", PASSWORD, from("away")).await.unwrap();
        assert_eq!(sent(&db).await.len(), 1, "{n}");
    }
}

#[db_test]
async fn address_and_links_go_with_the_user(db: Db) {
    let (accounts, _) = accounts(&db, "optional");
    let ann = user_with(&accounts, "ann", "ann@example.org").await;
    accounts.ask_for_reset("ann", from("home")).await.unwrap();
    assert!(accounts.change_email(&ann, "new@example.org", PASSWORD, from("home")).await.unwrap());
    accounts.sign_in("ann", PASSWORD, "away").await.unwrap();
    let count = async |table: &str| {
        db.scalar::<i64>(&format!("SELECT COUNT(*) FROM {table}"), args![]).await.unwrap().unwrap()
    };
    assert_eq!((count("user_emails").await, count("mails").await), (1, 3));
    let tx = db.write().await.unwrap();
    accounts.erase(&tx, ann.id, "已注销用户").await.unwrap();
    tx.commit().await.unwrap();
    for table in ["user_emails", "email_tokens", "mails"] {
        assert_eq!(count(table).await, 0, "{table}");
    }
    user_with(&accounts, "ann", "ann@example.org").await;
}
