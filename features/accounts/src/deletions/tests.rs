use std::time::Duration;

use db::{Conn, Db, args, db_test};

use super::*;
use crate::email::tests::{PASSWORD, accounts, code, from, sent};
use crate::role::Role;

#[db_test]
async fn who_asked_to_be_deleted_may_say_no_until_the_day(db: Db) {
    let (accounts, clock) = accounts(&db, "optional");
    let ann = accounts.ensure("ann", "Ann", None, Some(PASSWORD)).await.unwrap();
    let before = accounts.sign_in_from("ann", PASSWORD, from("n")).await.unwrap();
    let (_, key) = accounts.create_token(ann.id, "script").await.unwrap();
    assert!(!before.leaving);
    let wrong = accounts.ask_to_delete(&ann, "x", true, true, from("n")).await.unwrap_err();
    assert_eq!(code(wrong), ("delete-password", "password-wrong"));
    assert_eq!(accounts.deletion(ann.id).await.unwrap(), None);

    let asked = accounts.ask_to_delete(&ann, PASSWORD, true, true, from("n")).await.unwrap();
    assert_eq!(asked.due_at.since(asked.asked_at), Duration::from_hours(14 * 24));
    assert!(accounts.viewer(before.session.as_str()).await.unwrap().user().is_none());
    assert!(accounts.viewer_by_token(&key).await.unwrap().user().is_none());
    clock.advance(Duration::from_hours(24));
    let again = accounts.ask_to_delete(&ann, PASSWORD, false, true, from("n")).await.unwrap();
    assert_eq!(again, asked, "the first wish counts");

    // What they begin now opens the way back and nothing else.
    let back = accounts.sign_in_from("ann", PASSWORD, from("n")).await.unwrap();
    let token = back.session.as_str();
    assert!(back.leaving && accounts.viewer(token).await.unwrap().user().is_none());
    let (user, deletion) = accounts.leaving(token).await.unwrap().unwrap();
    assert_eq!((user.id, deletion), (ann.id, asked));
    accounts.keep(token).await.unwrap();
    assert_eq!(accounts.viewer(token).await.unwrap().user().map(|user| user.id), Some(ann.id));
    assert!(accounts.leaving(token).await.unwrap().is_none());
    assert!(!accounts.is_to_be_deleted(asked).await.unwrap(), "whoever read who is due may be late");
    assert!(matches!(accounts.keep(token).await, Err(Error::NotFound)), "a session of one who stays is none");
    clock.advance(Duration::from_hours(15 * 24));
    assert!(accounts.deletions_due(9).await.unwrap().is_empty());
}

#[db_test]
async fn whose_time_has_come_is_due(db: Db) {
    let (accounts, clock) = accounts(&db, "optional");
    let ann = accounts.ensure("ann", "Ann", None, Some(PASSWORD)).await.unwrap();
    let asked = accounts.ask_to_delete(&ann, PASSWORD, false, true, from("n")).await.unwrap();
    clock.advance(Duration::from_hours(14 * 24) - Duration::from_secs(1));
    assert!(accounts.deletions_due(9).await.unwrap().is_empty());
    clock.advance(Duration::from_secs(1));
    // It may be carried out at any moment, and parts of it be done.
    let late = accounts.sign_in_from("ann", PASSWORD, from("n")).await.unwrap();
    let refused = accounts.keep(late.session.as_str()).await;
    assert!(late.leaving && matches!(refused, Err(Error::NotFound)));
    assert_eq!(accounts.deletions_due(9).await.unwrap(), [asked]);
    assert!(accounts.is_to_be_deleted(asked).await.unwrap());
}

#[db_test]
async fn a_site_keeps_an_operator_who_stays(db: Db) {
    let (accounts, _) = accounts(&db, "optional");
    let make = async |handle: &str| {
        let user = accounts.ensure(handle, handle, None, Some(PASSWORD)).await.unwrap();
        accounts.grant(None, user.id, Role::Operator).await.unwrap();
        accounts.find(user.id).await.unwrap().unwrap()
    };
    let ann = make("ann").await;
    let refused = accounts.ask_to_delete(&ann, PASSWORD, true, true, from("n")).await;
    assert!(matches!(refused, Err(Error::Conflict(codes::OPERATOR_LAST))));
    let bob = make("bob").await;
    accounts.ask_to_delete(&ann, PASSWORD, true, true, from("n")).await.unwrap();
    let refused = accounts.ask_to_delete(&bob, PASSWORD, true, true, from("n")).await;
    assert!(matches!(refused, Err(Error::Conflict(codes::OPERATOR_LAST))), "ann does not count any more");
    assert!(matches!(accounts.suspend(None, bob.id).await, Err(Error::Conflict(codes::OPERATOR_LAST))));
    let tx = db.write().await.unwrap();
    accounts.may_shut_out(&tx, None, ann.id).await.unwrap();
}

#[db_test]
async fn the_address_of_somebody_who_goes_is_told_when(db: Db) {
    let (accounts, _) = accounts(&db, "optional");
    let ann = accounts.ensure("ann", "Ann", None, Some(PASSWORD)).await.unwrap();
    accounts.change_email(&ann, "ann@example.org", PASSWORD, from("n")).await.unwrap();
    let token = sent(&db).await.pop().unwrap().text("token").to_owned();
    accounts.verify_email_by_link(&token, None).await.unwrap();
    let own = crate::Choices { zone: Some("America/Lima".into()), ..crate::Choices::default() };
    accounts.set_choices(ann.id, own).await.unwrap();
    let asked = accounts.ask_to_delete(&ann, PASSWORD, true, true, from("n")).await.unwrap();
    let zone: Option<String> = db.scalar("SELECT zone FROM mails", args![]).await.unwrap();
    assert_eq!(zone.as_deref(), Some("America/Lima"), "by their own clock");
    let told = sent(&db).await.pop().unwrap();
    assert_eq!(
        (told.template.as_str(), told.text("due")),
        ("deletion_asked", asked.due_at.rfc3339().as_str())
    );
    let back = accounts.sign_in_from("ann", PASSWORD, from("n")).await.unwrap();
    accounts.keep(back.session.as_str()).await.unwrap();
    let told: Vec<String> = sent(&db).await.into_iter().map(|mail| mail.template).collect();
    assert!(told.iter().any(|template| template == "deletion_taken_back"), "{told:?}");
}
