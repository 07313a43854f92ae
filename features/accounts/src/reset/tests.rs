use db::{Conn, Db, args, db_test};
use mail::HOURLY;

use super::*;
use crate::email::tests::{PASSWORD, accounts, code, from, sent, user_with};

const NEW: &str = "quite another one";

#[db_test]
async fn a_link_sets_a_new_password_once(db: Db) {
    let (accounts, _) = accounts(&db, "optional");
    let ann = user_with(&accounts, "ann", "ann@example.org").await;
    let (_, session) = accounts.sign_in("ann", PASSWORD, "home").await.unwrap();
    let (_, key) = accounts.create_token(ann.id, "script").await.unwrap();
    sent(&db).await;
    for typed in ["ann", " Ann+x@EXAMPLE.org", "@ann"] {
        accounts.ask_for_reset(typed, from("home")).await.unwrap();
    }
    // Of those that wait, the newest is sent.
    let mails = sent(&db).await;
    assert_eq!(
        (mails.len(), mails[0].template.as_str(), mails[0].to.as_str()),
        (1, "reset", "ann@example.org")
    );
    let token = mails[0].text("token").to_owned();
    let hashes: Vec<String> = db.column("SELECT token_hash FROM email_tokens", args![]).await.unwrap();
    assert!(!hashes.contains(&token));

    for _ in 0..2 {
        assert_eq!(accounts.check_reset_link(&token).await.unwrap().id, ann.id);
    }
    // It shows no address, and a link that shows one sets no password.
    assert_eq!(code(accounts.check_email_link(&token, None).await.unwrap_err()), ("token", "link-unknown"));
    let reset = async |token: &str, password: &str| {
        let from = Origin { agent: Some("Firefox, Linux"), ..from("home") };
        accounts.reset_password(token, password, from).await.map(|user| user.id)
    };
    for (password, want) in
        [("short", "password-short"), ("annannannann", "password-own"), ("1234567890", "password-common")]
    {
        assert_eq!(code(reset(&token, password).await.unwrap_err()), ("password", want));
    }
    assert_eq!(reset(&token, NEW).await.unwrap(), ann.id);
    assert_eq!(code(reset(&token, NEW).await.unwrap_err()), ("token", "link-used"));
    assert_eq!(code(reset("nonsense", NEW).await.unwrap_err()), ("token", "link-unknown"));
    assert!(accounts.viewer(session.as_str()).await.unwrap().user().is_none());
    assert!(accounts.viewer_by_token(&key).await.unwrap().user().is_none());
    let notice = sent(&db).await.remove(0);
    assert_eq!((notice.template.as_str(), notice.text("agent")), ("password_reset", "Firefox, Linux"));
    let last = "SELECT action FROM audit_log ORDER BY seq DESC LIMIT 1";
    assert_eq!(db.scalar::<String>(last, args![]).await.unwrap().as_deref(), Some("user.password-reset"));
    accounts.sign_in("ann", PASSWORD, "home").await.unwrap_err();
    accounts.sign_in("ann", NEW, "home").await.unwrap();
}

#[db_test]
async fn a_link_that_is_late_or_older_opens_nothing(db: Db) {
    let (accounts, clock) = accounts(&db, "optional");
    let ann = user_with(&accounts, "ann", "ann@example.org").await;
    let ask = async || {
        accounts.ask_for_reset("ann@example.org", from("home")).await.unwrap();
        sent(&db).await.remove(0).text("token").to_owned()
    };
    let said = async |token: &str| code(accounts.reset_password(token, NEW, from("home")).await.unwrap_err());
    let (first, second) = (ask().await, ask().await);
    assert_eq!(said(&first).await, ("token", "link-replaced"));
    clock.advance(LIFE);
    assert_eq!(said(&second).await, ("token", "link-late"));
    // Whoever has the password, has it without.
    let third = ask().await;
    accounts.change_password(&ann, PASSWORD, NEW, from("home"), false).await.unwrap();
    let notice = sent(&db).await.remove(0);
    assert_eq!((notice.template.as_str(), &notice.says["by_link"]), ("password_reset", &false.into()));
    assert_eq!(said(&third).await, ("token", "link-replaced"));
    // Nor whoever reads the mail of an address that was changed.
    clock.advance(LIFE);
    let fourth = ask().await;
    assert!(accounts.change_email(&ann, "new@example.org", NEW, from("home")).await.unwrap());
    let mail = sent(&db).await.remove(0);
    accounts.verify_email_by_link(mail.text("token"), None).await.unwrap();
    assert_eq!(said(&fourth).await, ("token", "link-replaced"));
    // Nor whoever is shut out.
    clock.advance(LIFE);
    sent(&db).await;
    accounts.ask_for_reset("ann", from("home")).await.unwrap();
    let fifth = sent(&db).await.remove(0);
    accounts.suspend(None, ann.id).await.unwrap();
    assert_eq!(said(fifth.text("token")).await, ("token", "link-unknown"));
    accounts.ask_for_reset("ann", from("home")).await.unwrap();
    assert!(sent(&db).await.is_empty());
}

#[db_test]
async fn nobody_learns_who_is_known(db: Db) {
    let (accounts, _) = accounts(&db, "optional");
    user_with(&accounts, "ann", "ann@example.org").await;
    let bob = accounts.sign_up_from("bob", "波", PASSWORD, "bob@example.org", from("home")).await.unwrap();
    sent(&db).await;
    let mut times = Vec::new();
    for typed in ["ann@example.org", "bob@example.org", "nobody@example.org", "bob", "nobody", "/", ""] {
        let begun = Instant::now();
        accounts.ask_for_reset(typed, from("away")).await.unwrap();
        times.push(begun.elapsed());
    }
    assert!(times.iter().all(|&took| took >= ANSWER), "{times:?}");
    let mails = sent(&db).await;
    assert_eq!(
        (mails.len(), mails[0].to.as_str()),
        (1, "ann@example.org"),
        "{} has shown none",
        bob.user.handle
    );
    // The link of the one who asked stays, however often others ask.
    let token = mails[0].text("token").to_owned();
    for _ in 0..2 {
        accounts.ask_for_reset("ann", from("elsewhere")).await.unwrap();
    }
    let newest = sent(&db).await.remove(0).text("token").to_owned();
    assert_eq!(code(accounts.check_reset_link(&token).await.unwrap_err()), ("token", "link-replaced"));
    for _ in 0..3 {
        accounts.ask_for_reset("ann", from("elsewhere")).await.unwrap();
    }
    assert!(sent(&db).await.is_empty());
    accounts.check_reset_link(&newest).await.unwrap();
}

#[db_test]
async fn a_network_asks_only_so_often(db: Db) {
    let (accounts, _) = accounts(&db, "optional");
    for _ in 0..20 {
        accounts.shared.reset_asks.check("away").await.unwrap();
    }
    assert!(matches!(accounts.ask_for_reset("ann", from("away")).await, Err(Error::TooMany(_))));
    accounts.ask_for_reset("ann", from("home")).await.unwrap();
}

#[db_test]
async fn nobody_keeps_a_link_away_by_other_mail(db: Db) {
    let (accounts, _) = accounts(&db, "optional");
    user_with(&accounts, "ann", "ann@example.org").await;
    // With the mail that asked her, the mailbox gets no more that others ask for.
    for n in 1..HOURLY {
        let handle = format!("user{n}");
        accounts.sign_up_from(&handle, "某", PASSWORD, "ann@example.org", from("away")).await.unwrap();
    }
    let more = accounts.sign_up_from("more", "某", PASSWORD, "ann@example.org", from("away")).await;
    assert_eq!(code(more.map(drop).unwrap_err()), ("email", "email-often"));
    sent(&db).await;
    accounts.ask_for_reset("ann", from("home")).await.unwrap();
    let mails = sent(&db).await;
    assert_eq!((mails.len(), mails[0].template.as_str()), (1, "reset"));
}
