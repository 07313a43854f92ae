use std::sync::Arc;

use db::{Conn, db_test};
use kernel::time::ManualClock;

use super::*;

const PASSWORD: &str = "a long password";
const HOME: &str = "10.0.0.9";

fn accounts(db: &Db) -> (Accounts, Arc<ManualClock>) {
    let (env, clock) = Env::manual(Time::parse("2024-06-04T12:00:00Z").unwrap());
    (Accounts::new(db.clone(), Journal::new(db.clone(), env.clone()), env), clock)
}

fn code(error: Error) -> &'static str {
    match error {
        Error::Invalid(wrong) => wrong.0[0].code,
        other => panic!("{other}"),
    }
}

#[db_test]
async fn sign_up_in_and_out(db: Db) {
    let (accounts, _) = accounts(&db);
    let ann = accounts.sign_up("@Ann", "安", PASSWORD, HOME).await.unwrap();
    assert_eq!(accounts.find_by_handle(&ann.handle).await.unwrap().as_ref(), Some(&ann));
    assert_eq!(code(accounts.sign_up("ann", "B", PASSWORD, HOME).await.unwrap_err()), "handle-taken");

    let (user, first) = accounts.sign_in("ANN", PASSWORD, "10.0.0.1").await.unwrap();
    let (_, second) = accounts.sign_in("ann", PASSWORD, "10.0.0.1").await.unwrap();
    assert_eq!(user, ann);
    assert_ne!(first, second);
    assert_eq!(accounts.viewer(first.as_str()).await.unwrap().user(), Some(&ann));

    accounts.sign_out(first.as_str()).await.unwrap();
    assert!(accounts.viewer(first.as_str()).await.unwrap().user().is_none());
    assert_eq!(accounts.viewer(second.as_str()).await.unwrap().user(), Some(&ann));
    accounts.sign_out_everywhere(ann.id).await.unwrap();
    assert!(accounts.viewer(second.as_str()).await.unwrap().user().is_none());
}

#[db_test]
async fn a_stranger_learns_nothing(db: Db) {
    let (accounts, _) = accounts(&db);
    let ann = accounts.sign_up("ann", "安", PASSWORD, HOME).await.unwrap();
    accounts.ensure("import", "旧站", None, None).await.unwrap();
    for (handle, password) in [("ann", "wrong"), ("nobody", PASSWORD), ("import", ""), ("/", PASSWORD)] {
        let error = accounts.sign_in(handle, password, "10.0.0.1").await.unwrap_err();
        assert_eq!(code(error), "sign-in-wrong", "{handle}");
    }
    // What is stored opens nothing.
    let (_, token) = accounts.sign_in("ann", PASSWORD, "10.0.0.1").await.unwrap();
    let (_, key) = accounts.create_token(ann.id, "script").await.unwrap();
    let stored = "SELECT token_hash FROM sessions UNION SELECT token_hash FROM api_tokens";
    for text in db.column::<String>(stored, vec![]).await.unwrap() {
        assert!(text != token.as_str() && text != key);
        assert!(accounts.viewer(&text).await.unwrap().user().is_none());
    }
}

#[db_test]
async fn guessing_is_slowed_by_handle_and_by_network(db: Db) {
    let (accounts, clock) = accounts(&db);
    accounts.sign_up("ann", "安", PASSWORD, HOME).await.unwrap();
    for n in 0..10 {
        accounts.sign_in("ann", "wrong", &format!("10.0.0.{n}")).await.unwrap_err();
    }
    // Even the right password waits now, from anywhere; and nobody's handle behaves the same.
    assert!(matches!(accounts.sign_in("ann", PASSWORD, "10.1.0.1").await, Err(Error::TooMany(_))));
    clock.advance(Duration::from_secs(30));
    accounts.sign_in("ann", PASSWORD, "10.1.0.1").await.unwrap();

    let start = accounts.env.instant();
    for _ in 0..60 {
        accounts.shared.by_network.take("10.2.0.1".into(), start).unwrap();
    }
    assert!(matches!(accounts.sign_in("bob", "wrong", "10.2.0.1").await, Err(Error::TooMany(_))));
    // Success costs nothing: an office signs in all morning.
    let bob = accounts.sign_up("bob", "波", PASSWORD, HOME).await.unwrap();
    for _ in 0..58 {
        accounts.shared.by_network.take("10.3.0.1".into(), start).unwrap();
    }
    for _ in 0..8 {
        accounts.shared.by_handle.take(bob.handle.clone(), start).unwrap();
    }
    for _ in 0..5 {
        accounts.sign_in("bob", PASSWORD, "10.3.0.1").await.unwrap();
    }
}

#[db_test]
async fn a_session_lives_while_it_is_used(db: Db) {
    let (accounts, clock) = accounts(&db);
    accounts.sign_up("ann", "安", PASSWORD, HOME).await.unwrap();
    let (_, token) = accounts.sign_in("ann", PASSWORD, "n").await.unwrap();
    for _ in 0..3 {
        clock.advance(29 * DAY);
        assert!(accounts.viewer(token.as_str()).await.unwrap().user().is_some());
    }
    clock.advance(30 * DAY);
    assert!(accounts.viewer(token.as_str()).await.unwrap().user().is_none());
    accounts.sign_in("ann", PASSWORD, "n").await.unwrap();
    assert_eq!(db.scalar("SELECT COUNT(*) FROM sessions", vec![]).await.unwrap(), Some(1i64));
}

#[db_test]
async fn rights_change_at_once_here_and_soon_elsewhere(db: Db) {
    let (accounts, clock) = accounts(&db);
    let elsewhere = Accounts::new(db.clone(), accounts.journal.clone(), accounts.env.clone());
    let ann = accounts.sign_up("ann", "安", PASSWORD, HOME).await.unwrap();
    let (_, token) = accounts.sign_in("ann", PASSWORD, "n").await.unwrap();
    let role = async |accounts: &Accounts| {
        accounts.viewer(token.as_str()).await.unwrap().require(Role::Reviewer).is_ok()
    };
    assert!(!role(&accounts).await && !role(&elsewhere).await);
    accounts.grant(ann.id, Role::Editor).await.unwrap();
    accounts.grant(ann.id, Role::Reviewer).await.unwrap();
    assert!(role(&accounts).await && !role(&elsewhere).await);
    clock.advance(REMEMBERED);
    assert!(role(&elsewhere).await);
    accounts.revoke(ann.id, Role::Reviewer).await.unwrap();
    assert!(!role(&accounts).await);
    let roles = accounts.find(ann.id).await.unwrap().unwrap().roles;
    assert_eq!(roles, Roles::of(Role::Editor));
    let holding = async |role| accounts.holding(role, Cursor::START).await.unwrap().items;
    assert_eq!((holding(Role::Editor).await[0].id, holding(Role::Reviewer).await.len()), (ann.id, 0));
    assert!(matches!(accounts.grant(UserId::new(1), Role::Editor).await, Err(Error::NotFound)));
}

#[db_test]
async fn a_new_password_ends_old_sessions(db: Db) {
    let (accounts, _) = accounts(&db);
    let ann = accounts.ensure("ann", "安", None, Some(PASSWORD)).await.unwrap();
    assert_eq!(accounts.ensure("ann", "other", None, None).await.unwrap(), ann);
    let (_, token) = accounts.sign_in("ann", PASSWORD, "n").await.unwrap();
    assert_eq!(code(accounts.set_password(&ann.handle, "short").await.unwrap_err()), "password-short");
    accounts.set_password(&ann.handle, "another password").await.unwrap();
    assert!(accounts.viewer(token.as_str()).await.unwrap().user().is_none());
    accounts.sign_in("ann", PASSWORD, "n").await.unwrap_err();
    accounts.sign_in("ann", "another password", "n").await.unwrap();
}

#[db_test]
async fn api_tokens(db: Db) {
    let (accounts, _) = accounts(&db);
    let ann = accounts.ensure("ann", "安", None, None).await.unwrap();
    let bob = accounts.ensure("bob", "波", None, None).await.unwrap();
    let (id, key) = accounts.create_token(ann.id, "script").await.unwrap();
    assert!(key.starts_with("byl_"));
    assert_eq!(accounts.viewer_by_token(&key).await.unwrap().user(), Some(&ann));
    assert!(accounts.viewer_by_token("byl_x").await.unwrap().user().is_none());
    assert_eq!(accounts.tokens(ann.id).await.unwrap()[0].name, "script");
    assert!(matches!(accounts.delete_token(bob.id, id).await, Err(Error::NotFound)));
    accounts.delete_token(ann.id, id).await.unwrap();
    assert!(accounts.viewer_by_token(&key).await.unwrap().user().is_none());
    for _ in 0..TOKENS {
        accounts.create_token(ann.id, "script").await.unwrap();
    }
    assert_eq!(code(accounts.create_token(ann.id, "script").await.unwrap_err()), "tokens-many");
    accounts.create_token(bob.id, "script").await.unwrap();
}

#[db_test]
async fn the_list_pages_newest_first(db: Db) {
    let (accounts, _) = accounts(&db);
    for n in 0..=PAGE {
        accounts.ensure(&format!("user{n}"), "x", None, None).await.unwrap();
    }
    let first = accounts.list(Cursor::START).await.unwrap();
    assert_eq!((first.items.len(), first.items[0].handle.as_str()), (PAGE, "user50"));
    let rest = accounts.list(first.next.unwrap()).await.unwrap();
    assert_eq!((rest.items.len(), rest.items[0].handle.as_str(), rest.next), (1, "user0", None));
    let ids = [rest.items[0].id, UserId::new(1)];
    assert_eq!(accounts.get_many(&ids).await.unwrap(), rest.items);
}

#[db_test]
async fn one_network_makes_only_so_many_users_an_hour(db: Db) {
    let (accounts, clock) = accounts(&db);
    let mut made = 0;
    let wait = loop {
        match accounts.sign_up(&format!("user{made}"), "名", PASSWORD, HOME).await {
            Ok(_) => made += 1,
            Err(Error::TooMany(wait)) => break wait,
            Err(other) => panic!("{other}"),
        }
    };
    assert_eq!(made, 40);
    assert!(accounts.sign_up("elsewhere", "名", PASSWORD, "10.0.0.8").await.is_ok());
    clock.advance(wait);
    assert!(accounts.sign_up("later", "名", PASSWORD, HOME).await.is_ok());
}
