use db::{Conn, Db, args, db_test};
use kernel::PasskeyId;

use super::*;
use crate::email::tests::{PASSWORD, accounts, code, from, sent, user_with};
use crate::sign_in::SignedIn;
use crate::sign_up::SignUp;

const ISSUER: &str = "https://id.example";

fn arrival(subject: &str) -> Arrival {
    Arrival {
        provider: "work".into(),
        issuer: ISSUER.into(),
        subject: subject.into(),
        username: Some("ann".into()),
        back: "/".into(),
        ..Arrival::default()
    }
}

fn typed(handle: &str) -> SignUp<'_> {
    SignUp { handle, name: "某人", ..SignUp::default() }
}

fn let_in(admission: Option<Admission>) -> SignedIn {
    match admission {
        Some(Admission::In(signed_in)) => *signed_in,
        other => panic!("{other:?}"),
    }
}

async fn actions(db: &Db) -> Vec<String> {
    db.column("SELECT action FROM audit_log ORDER BY seq", args![]).await.unwrap()
}

#[db_test]
async fn a_browser_comes_back_once_with_what_it_was_sent_with(db: Db) {
    let (accounts, clock) = accounts(&db, "optional");
    let flow = |state| NewFlow {
        provider: "work",
        state,
        nonce: "n",
        verifier: "v",
        back: "/hot",
        ..NewFlow::default()
    };
    let browser = accounts.begin_flow(None, flow("s1"), from("home")).await.unwrap();
    // A second tab of the same browser.
    assert_eq!(accounts.begin_flow(Some(&browser), flow("s2"), from("home")).await.unwrap(), browser);
    let stored: Vec<String> = db.column("SELECT state_hash FROM oidc_flows", args![]).await.unwrap();
    assert!(!stored.contains(&"s1".to_owned()));
    let take = async |browser: &str, provider: &str, state: &str| {
        accounts.take_flow(browser, provider, state).await.unwrap().map(|flow| (flow.nonce, flow.back))
    };
    assert_eq!(take(&browser, "work", "s3").await, None);
    assert_eq!(take("another browser", "work", "s1").await, None);
    let want = Some(("n".to_owned(), "/hot".to_owned()));
    assert_eq!(take(&browser, "work", "s1").await, want);
    assert_eq!(take(&browser, "work", "s1").await, None, "once");
    assert_eq!(take(&browser, "home", "s2").await, None, "by the provider that it was sent to");
    accounts.begin_flow(Some(&browser), flow("s4"), from("home")).await.unwrap();
    clock.advance(LIFE);
    assert_eq!(take(&browser, "work", "s4").await, None, "in time");
}

#[db_test]
async fn who_is_linked_signs_in_and_an_address_links_nobody(db: Db) {
    let (accounts, clock) = accounts(&db, "optional");
    let ann = user_with(&accounts, "ann", "ann@example.org").await;
    let same = Arrival { email: Some("Ann+work@example.org".into()), ..arrival("1") };
    assert!(accounts.sign_in_with(ISSUER, "1", from("home")).await.unwrap().is_none());
    // Whoever brings ann's address makes another account, without the address.
    assert!(accounts.email_of(&same).await.unwrap().is_none());
    let browser = accounts.keep_arrival(&same).await.unwrap();
    let (made, _) = accounts.sign_up_with(&browser, typed("annie"), from("home")).await.unwrap();
    assert_ne!(made.user.id, ann.id);
    assert!(accounts.email(made.user.id).await.unwrap().is_none());
    // Once.
    let again = accounts.sign_up_with(&browser, typed("annika"), from("home")).await.map(drop);
    assert_eq!(code(again.unwrap_err()), ("", "identity-late"));
    let signed_in = let_in(accounts.sign_in_with(ISSUER, "1", from("home")).await.unwrap());
    assert_eq!(signed_in.user.id, made.user.id);
    assert!(accounts.viewer(signed_in.session.as_str()).await.unwrap().user().is_some());
    assert!(accounts.sign_in_with("https://other.example", "1", from("home")).await.unwrap().is_none());

    // Linked by hand, and not twice.
    accounts.link(&ann, &arrival("2")).await.unwrap();
    accounts.link(&ann, &arrival("2")).await.unwrap();
    let mails = sent(&db).await;
    let told: Vec<_> = mails.iter().map(|mail| (mail.template.as_str(), mail.text("provider"))).collect();
    assert_eq!(told, [("identity_changed", "work")]);
    assert_eq!(code(accounts.link(&ann, &arrival("1")).await.unwrap_err()), ("", "identity-taken"));
    assert_eq!(accounts.identities(ann.id).await.unwrap().len(), 1);
    accounts.suspend(None, ann.id).await.unwrap();
    let refused = accounts.sign_in_with(ISSUER, "2", from("home")).await.map(drop);
    assert_eq!(code(refused.unwrap_err()), ("", "sign-in-suspended"));

    let late = accounts.keep_arrival(&arrival("3")).await.unwrap();
    clock.advance(LIFE);
    let late = accounts.sign_up_with(&late, typed("lara"), from("home")).await.map(drop);
    assert_eq!(code(late.unwrap_err()), ("", "identity-late"));
    assert!(actions(&db).await.iter().filter(|action| *action == "user.identity-link").count() == 2);
}

#[db_test]
async fn a_verified_address_that_nobody_has_is_the_new_users(db: Db) {
    let (accounts, _) = accounts(&db, "required");
    let with = |subject, email: Option<&str>| Arrival { email: email.map(str::to_owned), ..arrival(subject) };
    let browser = accounts.keep_arrival(&with("1", Some("ann@example.org"))).await.unwrap();
    let (made, _) = accounts.sign_up_with(&browser, typed("ann"), from("home")).await.unwrap();
    let email = accounts.email(made.user.id).await.unwrap().unwrap();
    assert_eq!(email.expose(), "ann@example.org");
    // Without one, the site's rules ask for it.
    let browser = accounts.keep_arrival(&with("2", None)).await.unwrap();
    let none = accounts.sign_up_with(&browser, typed("bob"), from("home")).await.map(drop);
    assert_eq!(code(none.unwrap_err()), ("email", "email-empty"));
    let with_email = SignUp { email: "bob@example.org", ..typed("bob") };
    let (bob, _) = accounts.sign_up_with(&browser, with_email, from("home")).await.unwrap();
    assert!(accounts.email(bob.user.id).await.unwrap().is_none());
    assert_eq!(sent(&db).await.last().unwrap().template, "verify");
}

#[db_test]
async fn nobody_is_left_without_a_way_to_sign_in(db: Db) {
    let (accounts, clock) = accounts(&db, "optional");
    let browser = accounts.keep_arrival(&arrival("1")).await.unwrap();
    let (made, _) = accounts.sign_up_with(&browser, typed("ann"), from("home")).await.unwrap();
    let (ann, session) = (made.user, made.session.as_str().to_owned());
    let usable = [ISSUER.to_owned()];
    let only = accounts.identities(ann.id).await.unwrap().remove(0);
    assert_eq!((only.name.as_deref(), only.issuer.as_str()), (Some("ann"), ISSUER));
    let refused = |error: Error| matches!(error, Error::Conflict("identity-last"));
    assert!(refused(accounts.unlink(&ann, only.id, &usable).await.unwrap_err()));
    // One of a provider that the site has no more opens nothing.
    let gone = Arrival { issuer: "https://gone.example".into(), ..arrival("1") };
    accounts.link(&ann, &gone).await.unwrap();
    assert!(refused(accounts.unlink(&ann, only.id, &usable).await.unwrap_err()));
    let other = accounts.sign_up("bob", "波", PASSWORD, "home").await.unwrap();
    assert!(matches!(accounts.unlink(&other, only.id, &usable).await, Err(Error::NotFound)));

    // A passkey is a way in, and may be the last one, too.
    let with_keys = accounts.clone().with_address("https://news.example");
    let tx = db.write().await.unwrap();
    let sql = "INSERT INTO passkeys (id, user_id, name, credential_id, credential, created_at) VALUES ($1, $2, 'x', $3, '{}', 0)";
    for (id, credential) in [(1i64, "a"), (2, "b")] {
        tx.exec(sql, args![id, ann.id, credential]).await.unwrap();
    }
    tx.commit().await.unwrap();
    let remove = async |id: i64, usable: &[String]| {
        with_keys.delete_passkey(&ann, PasskeyId::new(id), usable, from("home")).await
    };
    remove(1, &[]).await.unwrap();
    assert!(refused(remove(2, &[]).await.unwrap_err()));
    assert!(matches!(remove(1, &usable).await, Err(Error::NotFound)));
    remove(2, &usable).await.unwrap();

    // Whoever has no password is asked for none, and may set one.
    let asked = accounts.change_email(&ann, "ann@example.org", "", from("home")).await.unwrap_err();
    assert_eq!(code(asked), ("email-password", "password-none"));
    assert_eq!(
        code(accounts.sign_in("ann", "", "home").await.map(drop).unwrap_err()),
        ("password", "sign-in-wrong")
    );
    assert!(!accounts.has_password(ann.id).await.unwrap());
    assert_eq!(
        code(accounts.set_first_password(&ann, &session, "short", from("home")).await.unwrap_err()),
        ("password", "password-short")
    );
    // Whoever finds a browser open sets none.
    clock.advance(crate::step_up::FRESH);
    let stale = accounts.set_first_password(&ann, &session, PASSWORD, from("home")).await.unwrap_err();
    assert_eq!(code(stale), ("password", "password-stale"));
    let session = let_in(accounts.sign_in_with(ISSUER, "1", from("home")).await.unwrap()).session;
    let session = session.as_str();
    accounts.set_first_password(&ann, session, PASSWORD, from("home")).await.unwrap();
    assert_eq!(
        code(accounts.set_first_password(&ann, session, PASSWORD, from("home")).await.unwrap_err()),
        ("current", "password-wrong")
    );
    accounts.sign_in("ann", PASSWORD, "home").await.unwrap();
    accounts.unlink(&ann, only.id, &usable).await.unwrap();
    assert!(accounts.sign_in_with(ISSUER, "1", from("home")).await.unwrap().is_none());
    assert_eq!(actions(&db).await.last().unwrap(), "user.identity-unlink");
}
