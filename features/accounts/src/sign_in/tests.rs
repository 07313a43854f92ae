use std::sync::Arc;
use std::time::Duration;

use ::settings::{Fixed, Settings};
use db::{Conn, Db, args, db_test};
use events::Journal;
use kernel::time::ManualClock;
use kernel::{Env, Time};

use super::*;
use crate::settings;

const PASSWORD: &str = "a long password";

fn accounts(db: &Db) -> (Accounts, Arc<ManualClock>) {
    let (env, clock) = Env::manual(Time::parse("2024-06-04T12:00:00Z").unwrap());
    let journal = Journal::new(db.clone(), env.clone());
    let fixed = Fixed::from([("site.name", "Harbour News".to_owned())]);
    let settings = Settings::new(db.clone(), journal.clone(), env.clone(), settings::ALL, fixed);
    (Accounts::new(db.clone(), journal, env).with_settings(settings), clock)
}

fn code(error: Error) -> &'static str {
    match error {
        Error::Invalid(errors) => errors.0[0].code,
        other => panic!("{other}"),
    }
}

fn from(network: &str) -> Origin<'_> {
    Origin { network, ..Origin::default() }
}

fn is_slowed<T>(result: Result<T>) -> bool {
    matches!(result, Err(Error::TooMany(_)))
}

#[db_test]
async fn guessing_elsewhere_does_not_lock_the_owner_out(db: Db) {
    let (accounts, clock) = accounts(&db);
    accounts.sign_up("ann", "安", PASSWORD, "home").await.unwrap();
    for _ in 0..10 {
        assert_eq!(code(accounts.sign_in("ann", "wrong", "away").await.unwrap_err()), "sign-in-wrong");
    }
    assert!(is_slowed(accounts.sign_in("ann", PASSWORD, "away").await));
    accounts.sign_in("ann", PASSWORD, "home").await.unwrap();
    // Slowed, not locked: a little later one more may be tried. Nobody's handle behaves the same.
    clock.advance(Duration::from_secs(30));
    accounts.sign_in("ann", PASSWORD, "away").await.unwrap();
    for _ in 0..10 {
        assert_eq!(code(accounts.sign_in("nobody", "wrong", "away").await.unwrap_err()), "sign-in-wrong");
    }
    assert!(is_slowed(accounts.sign_in("nobody", "wrong", "away").await));
}

#[db_test]
async fn many_networks_are_slowed_too_but_not_the_owners_browser(db: Db) {
    let (accounts, _) = accounts(&db);
    let own = accounts.sign_up_from("ann", "安", PASSWORD, "", from("home")).await.unwrap().device;
    let bob = accounts.sign_up_from("bob", "波", PASSWORD, "", from("home")).await.unwrap().device;
    let ann = kernel::Handle::new("ann").unwrap();
    let mut guessed = 0;
    while accounts.shared.guesses.check(&format!("bot {guessed}"), Some(&ann), None).await.is_ok() {
        guessed += 1;
    }
    assert_eq!(guessed, 100);
    assert!(is_slowed(accounts.sign_in("ann", PASSWORD, "elsewhere").await));
    let origin = Origin { device: Some(own.as_str()), ..from("elsewhere") };
    accounts.sign_in_from("ann", PASSWORD, origin).await.unwrap();
    // Nobody else's browser, and no invented one.
    for device in [bob.as_str(), "x", &"a".repeat(43)] {
        assert!(is_slowed(
            accounts.sign_in_from("ann", PASSWORD, Origin { device: Some(device), ..origin }).await
        ));
    }
    // Its own failures count.
    for _ in 0..10 {
        assert_eq!(code(accounts.sign_in_from("ann", "wrong", origin).await.unwrap_err()), "sign-in-wrong");
    }
    assert!(is_slowed(accounts.sign_in_from("ann", PASSWORD, origin).await));
}

#[db_test]
async fn one_network_tries_only_so_many_handles(db: Db) {
    let (accounts, _) = accounts(&db);
    accounts.sign_up("ann", "安", PASSWORD, "home").await.unwrap();
    for n in 0..60 {
        let handle = kernel::Handle::new(&format!("user{n}")).unwrap();
        assert!(accounts.shared.guesses.check("away", Some(&handle), None).await.is_ok());
    }
    assert!(is_slowed(accounts.sign_in("ann", PASSWORD, "away").await));
    // Success costs nothing: an office signs in all morning.
    for _ in 0..12 {
        accounts.sign_in("ann", PASSWORD, "office").await.unwrap();
    }
}

#[db_test]
async fn setting_the_clock_neither_locks_nor_frees(db: Db) {
    let (accounts, clock) = accounts(&db);
    accounts.sign_up("ann", "安", PASSWORD, "home").await.unwrap();
    for _ in 0..10 {
        accounts.sign_in("ann", "wrong", "away").await.unwrap_err();
    }
    let day = Duration::from_hours(24);
    clock.set(accounts.env.now().plus(30 * day));
    assert!(is_slowed(accounts.sign_in("ann", PASSWORD, "away").await));
    clock.set(accounts.env.now().minus(60 * day));
    clock.advance(Duration::from_secs(30));
    accounts.sign_in("ann", PASSWORD, "away").await.unwrap();
}

#[db_test]
async fn a_password_is_right_however_it_is_composed(db: Db) {
    let (accounts, _) = accounts(&db);
    let ann = accounts.sign_up("ann", "安", "un caf\u{e9} noir", "home").await.unwrap();
    accounts.sign_in("ann", "un cafe\u{301}\u{a0}noir", "home").await.unwrap();
    // Hashed as it was typed, before passwords were normalised: it opens once as it was, and from then on either way.
    let old = accounts.passwords.hash(&accounts.env, "deux cafe\u{301}s noirs").await.unwrap();
    let tx = db.write().await.unwrap();
    tx.exec("UPDATE users SET password = $2 WHERE id = $1", args![ann.id, old]).await.unwrap();
    tx.commit().await.unwrap();
    accounts.sign_in("ann", "deux cafe\u{301}s noirs", "home").await.unwrap();
    accounts.sign_in("ann", "deux caf\u{e9}s noirs", "home").await.unwrap();
}

#[db_test]
async fn a_sign_up_that_is_refused_makes_nobody(db: Db) {
    let (accounts, _) = accounts(&db);
    let refused = accounts.sign_up_from("ann", "安", "harbournews1", "", from("home")).await.unwrap_err();
    assert_eq!(code(refused), "password-own");
    assert_eq!(
        code(accounts.sign_up_from("ann", "安", "1234567890", "", from("home")).await.unwrap_err()),
        "password-common"
    );
    accounts.sign_up("bob", "波", PASSWORD, "home").await.unwrap();
    assert_eq!(
        code(accounts.sign_up_from("bob", "波", PASSWORD, "", from("home")).await.unwrap_err()),
        "handle-taken"
    );
    assert_eq!(db.scalar("SELECT COUNT(*) FROM users", vec![]).await.unwrap(), Some(1i64));
    // After failures of others on the same network the one who signs up is in, and signed in.
    for n in 0..60 {
        let handle = kernel::Handle::new(&format!("user{n}")).unwrap();
        accounts.shared.guesses.check("school", Some(&handle), None).await.map(drop).unwrap();
    }
    let ann = accounts.sign_up_from("ann", "安", PASSWORD, "", from("school")).await.unwrap();
    assert!(accounts.viewer(ann.session.as_str()).await.unwrap().user().is_some());
}

#[db_test]
async fn only_the_browsers_used_last_are_known(db: Db) {
    let (accounts, clock) = accounts(&db);
    let ann = accounts.sign_up("ann", "安", PASSWORD, "home").await.unwrap();
    for _ in 0..32 {
        clock.advance(Duration::from_secs(1));
        accounts.sign_in("ann", PASSWORD, "home").await.unwrap();
    }
    let known = "SELECT COUNT(*) FROM devices WHERE user_id = $1";
    assert_eq!(db.scalar(known, args![ann.id]).await.unwrap(), Some(30i64));
    accounts.set_password(&ann.handle, "another password").await.unwrap();
    assert_eq!(db.scalar(known, args![ann.id]).await.unwrap(), Some(0i64));
}

#[db_test]
async fn nobody_new_looks_like_somebody_else(db: Db) {
    let (accounts, _) = accounts(&db);
    accounts.sign_up("nanpo-observer", "南坡", PASSWORD, "home").await.unwrap();
    let refused =
        async |handle: &str| code(accounts.sign_up(handle, "某人", PASSWORD, "home").await.unwrap_err());
    assert_eq!(refused("ＮａｎＰｏ-observer").await, "handle-taken");
    assert_eq!(refused("nanp0_observer").await, "handle-alike");
    assert_eq!(refused("nanро-observer").await, "handle-mixed"); // Cyrillic р and о
    assert_eq!(refused("moderator").await, "handle-reserved");
    assert_eq!(refused("nan\u{200b}po").await, "handle-form");
    // Full width is how an input method may leave it: it signs in.
    accounts.sign_in("＠ＮａｎＰｏ-ｏｂｓｅｒｖｅｒ", PASSWORD, "home").await.unwrap();
    let user = accounts.sign_up("linqiu", "林秋", PASSWORD, "home").await.unwrap();
    for (name, want) in
        [("本站官方", "name-reserved"), ("L\u{456}n", "name-mixed"), ("\u{3164}", "name-empty")]
    {
        assert_eq!(code(accounts.rename(user.id, name).await.unwrap_err()), want, "{name}");
    }
    // To look after something is not to speak for the site.
    accounts.grant(None, user.id, crate::Role::Reviewer).await.unwrap();
    assert_eq!(code(accounts.rename(user.id, "本站官方").await.unwrap_err()), "name-reserved");
    accounts.grant(None, user.id, crate::Role::Operator).await.unwrap();
    accounts.rename(user.id, "本站官方").await.unwrap();
    // What somebody is called stays theirs.
    let other = accounts.ensure("other-operator", "Other", None, None).await.unwrap();
    accounts.grant(None, other.id, crate::Role::Operator).await.unwrap();
    accounts.revoke(None, user.id, crate::Role::Operator).await.unwrap();
    accounts.rename(user.id, "本站官方").await.unwrap();
}

#[db_test]
async fn nobody_is_called_like_one_who_looks_after_the_site(db: Db) {
    let (accounts, _) = accounts(&db);
    let boss = accounts.ensure("harbour-master", "Mara Lind", None, None).await.unwrap();
    let ann = accounts.sign_up("ann", "Ann", PASSWORD, "home").await.unwrap();
    // Readers may share a name.
    accounts.rename(ann.id, "Mara Lind").await.unwrap();
    accounts.rename(ann.id, "Ann").await.unwrap();
    accounts.grant(None, boss.id, crate::Role::Editor).await.unwrap();
    for name in ["Mara Lind", "mara-l1nd", "Harbour Master"] {
        assert_eq!(code(accounts.rename(ann.id, name).await.unwrap_err()), "name-staff", "{name}");
        let made = accounts.sign_up("other", name, PASSWORD, "home").await;
        assert_eq!(code(made.unwrap_err()), "name-staff", "{name}");
    }
    accounts.rename(boss.id, "Mara  Lind").await.unwrap();
    accounts.rename(boss.id, "Harbour Master").await.unwrap();
}

#[db_test]
async fn handles_from_before_are_compared_too(db: Db) {
    let (accounts, _) = accounts(&db);
    for handle in ["ann", "bob"] {
        accounts.sign_up(handle, "某", PASSWORD, "home").await.unwrap();
    }
    let tx = db.write().await.unwrap();
    // As they were stored before handles were folded: one that can be spelled as now, and one whose spelling somebody has.
    tx.exec("UPDATE users SET skeleton = NULL", vec![]).await.unwrap();
    for (id, handle) in [(1i64, "ｌｉｎ"), (2, "ｂｏｂ")] {
        let sql = "INSERT INTO users (id, handle, name, roles, created_at) VALUES ($1, $2, 'x', 0, 0)";
        tx.exec(sql, args![id, handle]).await.unwrap();
    }
    tx.commit().await.unwrap();
    accounts.fold_handles().await.unwrap();
    let of =
        async |id: i64| accounts.find(kernel::UserId::new(id)).await.unwrap().unwrap().handle.to_string();
    assert_eq!((of(1).await.as_str(), of(2).await.as_str()), ("lin", "ｂｏｂ"));
    assert_eq!(code(accounts.sign_up("l1n", "某", PASSWORD, "home").await.unwrap_err()), "handle-alike");
    accounts.fold_handles().await.unwrap();
}

#[db_test]
async fn where_sign_up_is_closed_nobody_signs_up_and_those_who_did_come_in(db: Db) {
    let (accounts, _) = accounts(&db);
    accounts.sign_up("ann", "Ann", PASSWORD, "here").await.unwrap();
    let journal = Journal::new(db.clone(), accounts.env.clone());
    let fixed = Fixed::from([("accounts.sign-up", "closed".to_owned())]);
    let closed = Settings::new(db.clone(), journal, accounts.env.clone(), settings::ALL, fixed);
    let accounts = accounts.with_settings(closed);
    let refused = accounts.sign_up("ben", "Ben", PASSWORD, "here").await;
    assert!(matches!(refused, Err(Error::Conflict("sign-up-closed"))));
    accounts.sign_in("ann", PASSWORD, "here").await.unwrap();
    accounts.create_user("cem", "Cem", PASSWORD).await.unwrap();
}
