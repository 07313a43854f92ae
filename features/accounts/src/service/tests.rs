use std::sync::Arc;
use std::time::Duration;

use db::{Conn, args, db_test};
use kernel::Time;
use kernel::time::ManualClock;

use super::*;
use crate::sessions::REMEMBERED;
use crate::{Action, Origin, Role, SessionToken};

const DAY: Duration = Duration::from_hours(24);
const PASSWORD: &str = "a long password";
const HOME: &str = "10.0.0.9";

fn accounts(db: &Db) -> (Accounts, Arc<ManualClock>) {
    let (env, clock) = Env::manual(Time::parse("2024-06-04T12:00:00Z").unwrap());
    (Accounts::new(db.clone(), Journal::new(db.clone(), env.clone()), env), clock)
}

fn code(error: Error) -> &'static str {
    match error {
        Error::Invalid(errors) => errors.0[0].code,
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
    accounts.sign_out_everywhere(ann.id, false).await.unwrap();
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
async fn a_session_lives_while_it_is_used_but_not_for_ever(db: Db) {
    let (accounts, clock) = accounts(&db);
    accounts.sign_up("ann", "安", PASSWORD, HOME).await.unwrap();
    let is_in = async |token: &SessionToken| accounts.viewer(token.as_str()).await.unwrap().user().is_some();
    let (_, token) = accounts.sign_in("ann", PASSWORD, "n").await.unwrap();
    // What a page loads by itself prolongs nothing.
    let expires = async || {
        accounts
            .sessions(accounts.viewer_unprolonged(token.as_str()).await.unwrap().user().unwrap().id)
            .await
            .unwrap()[0]
            .expires_at
    };
    let at_first = expires().await;
    clock.advance(2 * DAY);
    assert_eq!(expires().await, at_first);
    clock.advance(Duration::from_mins(2));
    assert!(is_in(&token).await && expires().await > at_first);
    let (_, token) = accounts.sign_in("ann", PASSWORD, "n").await.unwrap();
    for _ in 0..6 {
        clock.advance(29 * DAY);
        assert!(is_in(&token).await);
    }
    clock.advance(6 * DAY);
    assert!(!is_in(&token).await, "180 days after it began");
    let (_, idle) = accounts.sign_in("ann", PASSWORD, "n").await.unwrap();
    clock.advance(30 * DAY);
    assert!(!is_in(&idle).await);
    let (_, old) = accounts.sign_in("ann", PASSWORD, "n").await.unwrap();
    assert_eq!(db.scalar("SELECT COUNT(*) FROM sessions", vec![]).await.unwrap(), Some(1i64));
    // One from before there was an absolute end, which was prolonged again and again.
    let tx = db.write().await.unwrap();
    let long_ago = accounts.env.now().minus(200 * DAY);
    tx.exec("UPDATE sessions SET created_at = $1", args![long_ago]).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!is_in(&old).await);
}

#[db_test]
async fn what_is_remembered_is_not_remembered_longer_by_setting_the_clock_back(db: Db) {
    let (accounts, clock) = accounts(&db);
    let elsewhere = Accounts::new(db.clone(), accounts.journal.clone(), accounts.env.clone());
    accounts.sign_up("ann", "安", PASSWORD, HOME).await.unwrap();
    let (user, token) = accounts.sign_in("ann", PASSWORD, "n").await.unwrap();
    assert!(elsewhere.viewer(token.as_str()).await.unwrap().user().is_some());
    accounts.sign_out_everywhere(user.id, false).await.unwrap();
    clock.set(accounts.env.now().minus(DAY));
    clock.advance(REMEMBERED);
    assert!(elsewhere.viewer(token.as_str()).await.unwrap().user().is_none());
}

#[db_test]
async fn rights_change_at_once_here_and_soon_elsewhere(db: Db) {
    let (accounts, clock) = accounts(&db);
    let elsewhere = Accounts::new(db.clone(), accounts.journal.clone(), accounts.env.clone());
    let ann = accounts.sign_up("ann", "安", PASSWORD, HOME).await.unwrap();
    let (_, token) = accounts.sign_in("ann", PASSWORD, "n").await.unwrap();
    let role = async |accounts: &Accounts| {
        accounts.viewer(token.as_str()).await.unwrap().require(Action::HandleReports).is_ok()
    };
    assert!(!role(&accounts).await && !role(&elsewhere).await);
    accounts.grant(None, ann.id, Role::Editor).await.unwrap();
    accounts.grant(None, ann.id, Role::Reviewer).await.unwrap();
    assert!(role(&accounts).await && !role(&elsewhere).await);
    clock.advance(REMEMBERED);
    assert!(role(&elsewhere).await);
    accounts.revoke(None, ann.id, Role::Reviewer).await.unwrap();
    assert!(!role(&accounts).await);
    let roles = accounts.find(ann.id).await.unwrap().unwrap().roles;
    assert_eq!(roles, Roles::of(Role::Editor));
    let holding = async |role| accounts.holding(role, Cursor::START).await.unwrap().items;
    assert_eq!((holding(Role::Editor).await[0].id, holding(Role::Reviewer).await.len()), (ann.id, 0));
    assert!(matches!(accounts.grant(None, UserId::new(1), Role::Editor).await, Err(Error::NotFound)));
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
async fn keys_to_the_api_end_with_the_password(db: Db) {
    let (accounts, _) = accounts(&db);
    let ann = accounts.ensure("ann", "安", None, Some(PASSWORD)).await.unwrap();
    let has = async |key: &str| accounts.viewer_by_token(key).await.unwrap().user().is_some();
    let key = async || accounts.create_token(ann.id, "script").await.unwrap().1;
    let from = Origin { network: "n", ..Origin::default() };

    let kept = key().await;
    let (_, other) = accounts.sign_in("ann", PASSWORD, "n").await.unwrap();
    let again = accounts.change_password(&ann, PASSWORD, "another password", from, false).await.unwrap();
    assert!(has(&kept).await, "they were not to end");
    assert!(accounts.viewer(other.as_str()).await.unwrap().user().is_none());
    assert!(accounts.viewer(again.session.as_str()).await.unwrap().user().is_some());

    accounts.change_password(&ann, "another password", "a third password", from, true).await.unwrap();
    assert!(!has(&kept).await);
    let errors = accounts.change_password(&ann, PASSWORD, "a fourth password", from, true).await.unwrap_err();
    assert_eq!(code(errors), "password-wrong");

    let second = key().await;
    accounts.sign_out_everywhere(ann.id, true).await.unwrap();
    assert!(!has(&second).await);
    let third = key().await;
    accounts.set_password(&ann.handle, "set on the machine").await.unwrap();
    assert!(!has(&third).await);
}

#[db_test]
async fn who_is_shut_out_is_out_at_once_and_everywhere(db: Db) {
    let (accounts, _) = accounts(&db);
    let boss = accounts.ensure("boss", "长", None, Some(PASSWORD)).await.unwrap();
    accounts.grant(None, boss.id, Role::Operator).await.unwrap();
    let boss = accounts.find(boss.id).await.unwrap().unwrap();
    let ann = accounts.sign_up("ann", "安", PASSWORD, HOME).await.unwrap();
    let (_, token) = accounts.sign_in("ann", PASSWORD, "n").await.unwrap();
    let (_, key) = accounts.create_token(ann.id, "script").await.unwrap();
    let elsewhere = Accounts::new(db.clone(), accounts.journal.clone(), accounts.env.clone());
    assert!(elsewhere.viewer(token.as_str()).await.unwrap().user().is_some());

    assert!(matches!(accounts.suspend(Some(&ann), boss.id).await, Err(Error::Denied)));
    assert!(matches!(accounts.suspend(Some(&boss), boss.id).await, Err(Error::Conflict("own-account"))));
    assert!(matches!(accounts.suspend(None, boss.id).await, Err(Error::Conflict("operator-last"))));
    accounts.suspend(Some(&boss), ann.id).await.unwrap();
    assert!(accounts.viewer(token.as_str()).await.unwrap().user().is_none());
    assert!(accounts.viewer_by_token(&key).await.unwrap().user().is_none());
    // Another process reads the journal and asks anew.
    let events = events::testing::all(&accounts.journal).await;
    assert!(
        events.iter().filter_map(events::Entry::read::<AccessChanged>).any(|changed| changed.id == ann.id)
    );
    elsewhere.forget_viewers();
    assert!(elsewhere.viewer(token.as_str()).await.unwrap().user().is_none());

    // Only who knows the password is told why.
    assert_eq!(code(accounts.sign_in("ann", "wrong", "n").await.unwrap_err()), "sign-in-wrong");
    assert_eq!(code(accounts.sign_in("ann", PASSWORD, "n").await.unwrap_err()), "sign-in-suspended");
    assert!(matches!(accounts.create_token(ann.id, "x").await, Err(Error::Conflict("user-suspended"))));
    assert_eq!(db.scalar("SELECT COUNT(*) FROM sessions", vec![]).await.unwrap(), Some(0i64));

    accounts.restore(Some(&boss), ann.id).await.unwrap();
    assert!(accounts.viewer_by_token(&key).await.unwrap().user().is_none(), "keys do not come back");
    accounts.sign_in("ann", PASSWORD, "n").await.unwrap();
    assert!(matches!(accounts.suspend(None, UserId::new(1)).await, Err(Error::NotFound)));
}

#[db_test]
async fn all_that_is_open_is_ended_at_once(db: Db) {
    let (accounts, _) = accounts(&db);
    let boss = accounts.ensure("boss", "长", None, None).await.unwrap();
    accounts.grant(None, boss.id, Role::Operator).await.unwrap();
    let boss = accounts.find(boss.id).await.unwrap().unwrap();
    let ann = accounts.sign_up("ann", "安", PASSWORD, HOME).await.unwrap();
    let (_, token) = accounts.sign_in("ann", PASSWORD, "n").await.unwrap();
    let (_, key) = accounts.create_token(ann.id, "script").await.unwrap();
    let is_in = async || {
        let session = accounts.viewer(token.as_str()).await.unwrap().user().is_some();
        (session, accounts.viewer_by_token(&key).await.unwrap().user().is_some())
    };
    assert!(matches!(accounts.end_all_access(Some(&ann), ann.id).await, Err(Error::Denied)));
    assert_eq!(is_in().await, (true, true));
    accounts.end_all_access(Some(&boss), ann.id).await.unwrap();
    assert_eq!(is_in().await, (false, false));
    // It shuts nobody out.
    accounts.sign_in("ann", PASSWORD, "n").await.unwrap();
}

#[db_test]
async fn a_site_keeps_an_operator(db: Db) {
    let (accounts, _) = accounts(&db);
    let boss = accounts.ensure("boss", "长", None, None).await.unwrap().id;
    let ann = accounts.ensure("ann", "安", None, None).await.unwrap().id;
    accounts.grant(None, boss, Role::Operator).await.unwrap();
    accounts.grant(None, boss, Role::Editor).await.unwrap();
    let last = || async { accounts.revoke(None, boss, Role::Operator).await };
    assert!(matches!(last().await, Err(Error::Conflict("operator-last"))));
    // One who cannot act is no other.
    accounts.grant(None, ann, Role::Operator).await.unwrap();
    accounts.suspend(None, ann).await.unwrap();
    assert!(matches!(last().await, Err(Error::Conflict("operator-last"))));
    accounts.revoke(None, ann, Role::Operator).await.unwrap();
    accounts.revoke(None, boss, Role::Editor).await.unwrap();
    accounts.restore(None, ann).await.unwrap();
    accounts.grant(None, ann, Role::Operator).await.unwrap();
    last().await.unwrap();
}

#[db_test]
async fn sessions_are_seen_and_ended_one_by_one(db: Db) {
    let (accounts, _) = accounts(&db);
    let ann = accounts.ensure("ann", "安", None, Some(PASSWORD)).await.unwrap();
    let bob = accounts.ensure("bob", "波", None, None).await.unwrap();
    let from = Origin { network: "n", agent: Some("Firefox"), ..Origin::default() };
    let first = accounts.sign_in_from("ann", PASSWORD, from).await.unwrap().session;
    let second =
        accounts.sign_in_from("ann", PASSWORD, Origin { agent: None, ..from }).await.unwrap().session;
    let id = Accounts::session_id(first.as_str());
    let open = accounts.sessions(ann.id).await.unwrap();
    assert_eq!(open.len(), 2);
    assert_eq!(open.iter().find(|s| s.id == id).unwrap().agent.as_deref(), Some("Firefox"));
    assert!(accounts.viewer(&id).await.unwrap().user().is_none(), "a name opens nothing");
    assert!(matches!(accounts.end_session(bob.id, &id).await, Err(Error::NotFound)));
    accounts.end_session(ann.id, &id).await.unwrap();
    assert!(accounts.viewer(first.as_str()).await.unwrap().user().is_none());
    assert!(accounts.viewer(second.as_str()).await.unwrap().user().is_some());
    let known = "SELECT COUNT(*) FROM devices WHERE user_id = $1";
    assert_eq!(db.scalar(known, args![ann.id]).await.unwrap(), Some(0i64), "whoever sat there is told of");
}

#[db_test]
async fn of_who_is_deleted_only_an_empty_row_stays(db: Db) {
    let (accounts, _) = accounts(&db);
    let ann = accounts.sign_up("ann", "安", PASSWORD, HOME).await.unwrap();
    let (_, token) = accounts.sign_in("ann", PASSWORD, "n").await.unwrap();
    let tx = db.write().await.unwrap();
    accounts.erase(&tx, ann.id, "已注销用户").await.unwrap();
    tx.commit().await.unwrap();
    accounts.forget_viewers();
    let left = accounts.find(ann.id).await.unwrap().unwrap();
    assert_eq!((left.name.as_str(), left.deleted_at.is_some()), ("已注销用户", true));
    assert!(!left.handle.as_str().contains("ann"));
    assert!(accounts.viewer(token.as_str()).await.unwrap().user().is_none());
    assert_eq!(code(accounts.sign_in("ann", PASSWORD, "n").await.unwrap_err()), "sign-in-wrong");
    assert_eq!(accounts.list(Cursor::START).await.unwrap().items, []);
    assert!(matches!(accounts.suspend(None, ann.id).await, Err(Error::Conflict("user-deleted"))));
    // The handle is free again.
    accounts.sign_up("ann", "安", PASSWORD, HOME).await.unwrap();
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
    // Who runs the machine ends a key without knowing whose it is.
    let (other, lost) = accounts.create_token(bob.id, "lost").await.unwrap();
    accounts.revoke_token(other).await.unwrap();
    assert!(accounts.viewer_by_token(&lost).await.unwrap().user().is_none());
    assert!(matches!(accounts.revoke_token(other).await, Err(Error::NotFound)));
    assert!(accounts.viewer_by_token(&key).await.unwrap().user().is_some(), "and no other");
    assert_eq!(accounts.tokens(ann.id).await.unwrap()[0].name, "script");
    assert!(matches!(accounts.delete_token(bob.id, id).await, Err(Error::NotFound)));
    accounts.delete_token(ann.id, id).await.unwrap();
    assert!(accounts.viewer_by_token(&key).await.unwrap().user().is_none());
    for _ in 0..TOKENS {
        accounts.create_token(ann.id, "script").await.unwrap();
    }
    assert_eq!(code(accounts.create_token(ann.id, "script").await.unwrap_err()), "tokens-many");
    accounts.create_token(bob.id, "script").await.unwrap();
    // Who makes one after the other is told to wait, whatever they end in between.
    let mut refused = None;
    for _ in 0..2 * TOKENS {
        accounts.delete_token(ann.id, accounts.tokens(ann.id).await.unwrap()[0].id).await.unwrap();
        refused = accounts.create_token(ann.id, "script").await.err();
        if refused.is_some() {
            break;
        }
    }
    assert!(matches!(refused, Some(Error::TooMany(_))), "{refused:?}");
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
