use std::sync::Arc;

use db::{Conn, Db, args, db_test};
use events::Journal;
use kernel::time::ManualClock;
use kernel::{Cursor, Env, Time};

use super::*;
use crate::sessions::REMEMBERED;

const PASSWORD: &str = "a long password";
const DESK: TypedRole<'_> =
    TypedRole { name: "night-desk", title: "Night desk", actions: &["retract-articles", "see-insights"] };

fn accounts(db: &Db) -> (Accounts, Arc<ManualClock>) {
    let (env, clock) = Env::manual(Time::parse("2024-06-04T12:00:00Z").unwrap());
    (Accounts::new(db.clone(), Journal::new(db.clone(), env.clone()), env), clock)
}

async fn user(accounts: &Accounts, handle: &str) -> User {
    accounts.ensure(handle, handle, None, Some(PASSWORD)).await.unwrap()
}

async fn now(accounts: &Accounts, id: UserId) -> User {
    accounts.find(id).await.unwrap().unwrap()
}

fn slug(name: &str) -> Slug {
    Slug::new(name).unwrap()
}

fn code(error: Error) -> &'static str {
    match error {
        Error::Invalid(errors) => errors.0[0].code,
        other => panic!("{other}"),
    }
}

#[db_test]
async fn a_role_of_ones_own_lets_do_what_it_says_here_and_elsewhere(db: Db) {
    let (accounts, clock) = accounts(&db);
    let elsewhere = Accounts::new(db.clone(), accounts.journal.clone(), accounts.env.clone());
    let ann = user(&accounts, "ann").await;
    let (_, token) = accounts.sign_in("ann", PASSWORD, "n").await.unwrap();
    let (_, key) = accounts.create_token(ann.id, "script").await.unwrap();
    let may = async |accounts: &Accounts, action| {
        let (by_session, by_token) =
            (accounts.viewer(token.as_str()).await.unwrap(), accounts.viewer_by_token(&key).await.unwrap());
        assert_eq!(by_token.may(action), now(accounts, ann.id).await.may(action));
        by_session.may(action)
    };
    let role = accounts.create_role(None, DESK).await.unwrap();
    assert!(!may(&accounts, Action::RetractArticles).await && !may(&elsewhere, Action::SeeInsights).await);

    accounts.grant(None, ann.id, role.name.clone()).await.unwrap();
    accounts.grant(None, ann.id, role.name.clone()).await.unwrap();
    for action in [Action::RetractArticles, Action::ReadSubmissions, Action::SeeInsights] {
        assert!(may(&accounts, action).await, "{}", action.name());
    }
    assert!(!may(&accounts, Action::ReviewArticles).await);
    assert!(!may(&elsewhere, Action::SeeInsights).await, "it remembers");
    // As it does when it reads the journal.
    let told = events::testing::all(&accounts.journal).await;
    let told: Vec<_> = told.iter().filter_map(events::Entry::read::<RolesChanged>).collect();
    assert_eq!(told.last().unwrap().custom, std::slice::from_ref(&role.name));
    elsewhere.forget_viewers();
    assert!(may(&elsewhere, Action::SeeInsights).await);

    // What it says is changed for whoever holds it.
    let less = TypedRole { title: "夜班", actions: &["retract-articles"], ..TypedRole::default() };
    accounts.update_role(None, &role.name, less).await.unwrap();
    assert!(!may(&accounts, Action::SeeInsights).await && may(&elsewhere, Action::SeeInsights).await);
    clock.advance(REMEMBERED);
    assert!(!may(&elsewhere, Action::SeeInsights).await);
    let told = events::testing::all(&accounts.journal).await;
    assert_eq!(told.iter().filter_map(events::Entry::read::<CustomRoleChanged>).count(), 2);

    // Two roles add up, with a built-in one too, and either can go.
    let press = TypedRole { name: "press", title: "Press", actions: &["curate-topics"] };
    accounts.create_role(None, press).await.unwrap();
    accounts.grant(None, ann.id, slug("press")).await.unwrap();
    accounts.grant(None, ann.id, Role::Editor).await.unwrap();
    let held = now(&accounts, ann.id).await;
    assert_eq!(held.custom_roles.names(), [role.name.clone(), slug("press")]);
    assert!(held.may(Action::RestoreArticles) && held.may(Action::RetractArticles) && held.is_staff());
    let holding = accounts.holding(slug("press"), Cursor::START).await.unwrap().items;
    assert_eq!((holding.len(), holding[0].id), (1, ann.id));
    accounts.revoke(None, ann.id, slug("press")).await.unwrap();
    accounts.revoke(None, ann.id, Role::Editor).await.unwrap();
    assert_eq!(now(&accounts, ann.id).await.actions().to_string(), "read-submissions retract-articles");

    assert_eq!(accounts.count_holding(&role.name).await.unwrap(), 1);
    accounts.delete_role(None, &role.name).await.unwrap();
    assert!(!may(&accounts, Action::RetractArticles).await && !now(&accounts, ann.id).await.is_staff());
    assert!(accounts.custom_roles().await.unwrap().iter().all(|left| left.name == slug("press")));
    assert!(matches!(accounts.grant(None, ann.id, role.name).await, Err(Error::NotFound)));
}

#[db_test]
async fn nobody_gives_takes_or_makes_more_than_they_have(db: Db) {
    let (accounts, _) = accounts(&db);
    let boss = user(&accounts, "boss").await;
    accounts.grant(None, boss.id, Role::Operator).await.unwrap();
    let boss = now(&accounts, boss.id).await;
    let (clerk, ann) = (user(&accounts, "clerk").await, user(&accounts, "ann").await);
    let clerks =
        TypedRole { name: "clerk", title: "Clerk", actions: &["manage-permissions", "curate-topics"] };
    accounts.create_role(Some(&boss), clerks).await.unwrap();
    accounts.create_role(Some(&boss), DESK).await.unwrap();
    assert!(matches!(accounts.grant(Some(&clerk), clerk.id, slug("clerk")).await, Err(Error::Denied)));
    accounts.grant(Some(&boss), clerk.id, slug("clerk")).await.unwrap();
    let clerk = now(&accounts, clerk.id).await;

    let topics = TypedRole { name: "topics", title: "Topics", actions: &["curate-topics"] };
    accounts.create_role(Some(&clerk), topics).await.unwrap();
    accounts.grant(Some(&clerk), ann.id, slug("topics")).await.unwrap();
    accounts.grant(Some(&boss), ann.id, slug("night-desk")).await.unwrap();
    let more = TypedRole { actions: &["curate-topics", "change-settings"], ..topics };
    for refused in [
        accounts.grant(Some(&clerk), ann.id, Role::Editor).await,
        accounts.grant(Some(&clerk), clerk.id, Role::Operator).await,
        accounts.grant(Some(&clerk), ann.id, slug("night-desk")).await,
        accounts.revoke(Some(&clerk), ann.id, slug("night-desk")).await,
        accounts.revoke(Some(&clerk), boss.id, Role::Operator).await,
        accounts.create_role(Some(&clerk), TypedRole { name: "more", ..more }).await.map(drop),
        accounts.update_role(Some(&clerk), &slug("topics"), more).await,
        accounts.update_role(Some(&clerk), &slug("night-desk"), topics).await,
        accounts.delete_role(Some(&clerk), &slug("night-desk")).await,
        // Who may not at all does not learn what there is.
        accounts.grant(Some(&ann), ann.id, slug("no-such")).await,
        accounts.delete_role(Some(&ann), &slug("no-such")).await,
        accounts.create_role(Some(&ann), TypedRole::default()).await.map(drop),
        // Nor is anybody shut out by one who may do less.
        accounts.suspend(Some(&clerk), boss.id).await,
        accounts.suspend(Some(&clerk), ann.id).await,
        accounts.end_all_access(Some(&clerk), boss.id).await,
        accounts.restore(Some(&clerk), boss.id).await,
    ] {
        assert!(matches!(refused, Err(Error::Denied)), "{refused:?}");
    }
    assert!(now(&accounts, ann.id).await.custom_roles.has(&slug("night-desk")), "nothing of it was done");
    accounts.revoke(Some(&boss), ann.id, slug("night-desk")).await.unwrap();
    accounts.suspend(Some(&clerk), ann.id).await.unwrap();
    accounts.restore(Some(&clerk), ann.id).await.unwrap();
    accounts.revoke(Some(&clerk), ann.id, slug("topics")).await.unwrap();

    // All actions of today do not make an operator, who may do those of tomorrow.
    let all: Vec<&str> = Action::ALL.iter().copied().map(Action::name).collect();
    accounts.create_role(None, TypedRole { name: "all", title: "All", actions: &all }).await.unwrap();
    accounts.grant(None, clerk.id, slug("all")).await.unwrap();
    let clerk = now(&accounts, clerk.id).await;
    assert!(matches!(accounts.grant(Some(&clerk), ann.id, Role::Operator).await, Err(Error::Denied)));
    assert!(matches!(accounts.suspend(Some(&clerk), boss.id).await, Err(Error::Denied)));
    accounts.grant(Some(&clerk), ann.id, Role::Editor).await.unwrap();
    // Nor does holding all of them keep a site from ending without one.
    let last = accounts.revoke(None, boss.id, Role::Operator).await;
    assert!(matches!(last, Err(Error::Conflict("operator-last"))));
}

#[db_test]
async fn roles_have_names_of_their_own_and_an_end(db: Db) {
    let (accounts, _) = accounts(&db);
    accounts.create_role(None, DESK).await.unwrap();
    assert_eq!(code(accounts.create_role(None, DESK).await.unwrap_err()), "role-taken");
    assert!(matches!(accounts.get_custom_role(&slug("no-such")).await, Err(Error::NotFound)));
    for (name, there) in [("night-desk", true), ("editor", true), ("no-such", false), ("No such", false)] {
        let role = accounts.find_role(name).await.unwrap();
        assert_eq!(role.map(|role| role.to_string()).as_deref(), there.then_some(name));
    }
    assert!(matches!(accounts.update_role(None, &slug("no-such"), DESK).await, Err(Error::NotFound)));
    let nothing = TypedRole { title: "Desk", ..TypedRole::default() };
    assert_eq!(
        code(accounts.update_role(None, &slug("night-desk"), nothing).await.unwrap_err()),
        "role-empty"
    );
    for n in 1..MOST {
        let name = format!("role-{n}");
        accounts.create_role(None, TypedRole { name: &name, ..DESK }).await.unwrap();
    }
    let full = accounts.create_role(None, TypedRole { name: "more", ..DESK }).await;
    assert_eq!(code(full.unwrap_err()), "roles-many");
}

#[db_test]
async fn what_a_newer_program_stored_is_passed_over(db: Db) {
    let (accounts, _) = accounts(&db);
    let ann = user(&accounts, "ann").await;
    accounts.create_role(None, DESK).await.unwrap();
    accounts.grant(None, ann.id, slug("night-desk")).await.unwrap();
    let tx = db.write().await.unwrap();
    tx.exec("UPDATE roles SET actions = $1", args!["see-insights walk-on-water"]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(now(&accounts, ann.id).await.actions().to_string(), "see-insights");
    assert_eq!(accounts.custom_roles().await.unwrap()[0].actions.to_string(), "see-insights");
}

#[db_test]
async fn of_who_is_deleted_no_role_stays(db: Db) {
    let (accounts, _) = accounts(&db);
    let ann = user(&accounts, "ann").await;
    accounts.create_role(None, DESK).await.unwrap();
    accounts.grant(None, ann.id, slug("night-desk")).await.unwrap();
    let tx = db.write().await.unwrap();
    accounts.erase(&tx, ann.id, "Deleted").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(accounts.count_holding(&slug("night-desk")).await.unwrap(), 0);
    let again = accounts.grant(None, ann.id, slug("night-desk")).await;
    assert!(matches!(again, Err(Error::Conflict("user-deleted"))));
}
