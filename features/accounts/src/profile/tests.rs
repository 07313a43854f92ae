use db::{Db, db_test};
use events::Journal;
use kernel::{Env, Error, Time};

use super::*;
use crate::{BIO_CHARS, Role};

fn accounts(db: &Db) -> Accounts {
    let (env, _) = Env::manual(Time::parse("2024-06-04T12:00:00Z").unwrap());
    Accounts::new(db.clone(), Journal::new(db.clone(), env.clone()), env)
}

fn new(bio: &str, avatar: Option<&str>) -> NewProfile {
    NewProfile { bio: bio.to_owned(), avatar: avatar.map(str::to_owned), private: false }
}

#[db_test]
async fn a_bio_is_plain_text_of_so_many_characters(db: Db) {
    let accounts = accounts(&db);
    let ann = accounts.ensure("ann", "安", None, None).await.unwrap().id;
    assert_eq!(accounts.profile(ann).await.unwrap(), UserProfile::default());
    accounts.set_profile(ann, new(" 写字\u{202e}的人 \n\n\n<b>港</b> ", None), false).await.unwrap();
    assert_eq!(accounts.profile(ann).await.unwrap().bio, "写字的人\n\n<b>港</b>");
    let long = accounts.set_profile(ann, new(&"长".repeat(BIO_CHARS + 1), None), false).await;
    let Err(Error::Invalid(errors)) = long else { panic!("accepted") };
    assert_eq!((errors.0[0].field, errors.0[0].code, errors.0[0].limit), ("bio", "bio-long", Some(300)));
    accounts.set_profile(ann, new(&"长".repeat(BIO_CHARS), None), false).await.unwrap();
}

#[db_test]
async fn what_is_held_is_shown_to_nobody_until_somebody_else_decides(db: Db) {
    let accounts = accounts(&db);
    let ann = accounts.ensure("ann", "Ann", None, None).await.unwrap().id;
    let bob = accounts.ensure("bob", "Bob", None, None).await.unwrap();
    let is_shown = async || accounts.is_avatar("aa", None).await.unwrap();
    accounts.set_profile(ann, new("Lamps", Some("aa")), true).await.unwrap();
    assert!(accounts.profile(ann).await.unwrap().held && !is_shown().await);
    // To save it once more brings it no nearer.
    accounts.set_profile(ann, new("Lamps", Some("aa")), false).await.unwrap();
    assert!(accounts.profile(ann).await.unwrap().held);
    assert_eq!(accounts.count_held_profiles().await.unwrap(), 1);

    let decide = async |by: &User, show: bool| {
        let read = accounts.profile(ann).await.unwrap().digest();
        let tx = db.write().await.unwrap();
        let decided = accounts.decide_profile(&tx, by, ann, show.then_some(read.as_str())).await;
        if decided.is_ok() {
            tx.commit().await.unwrap();
        }
        decided.map(drop)
    };
    assert!(matches!(decide(&bob, true).await, Err(Error::Denied)));
    accounts.grant(None, ann, Role::Reviewer).await.unwrap();
    let own = accounts.find(ann).await.unwrap().unwrap();
    assert!(matches!(decide(&own, true).await, Err(Error::Conflict("own-account"))));
    accounts.grant(None, bob.id, Role::Reviewer).await.unwrap();
    let bob = accounts.find(bob.id).await.unwrap().unwrap();
    // What was changed since it was read is not shown.
    let read = accounts.profile(ann).await.unwrap().digest();
    accounts.set_profile(ann, new("Lamps for sale", Some("aa")), true).await.unwrap();
    let tx = db.write().await.unwrap();
    let other = accounts.decide_profile(&tx, &bob, ann, Some(&read)).await;
    assert!(matches!(other, Err(Error::Conflict("profile-changed"))));
    drop(tx);
    accounts.set_profile(ann, new("Lamps", Some("aa")), true).await.unwrap();
    decide(&bob, true).await.unwrap();
    assert!(!accounts.profile(ann).await.unwrap().held && is_shown().await);
    assert!(!accounts.is_avatar("aa", Some(ann)).await.unwrap());
    assert_eq!(accounts.held_profiles(10).await.unwrap(), []);
    decide(&bob, false).await.unwrap();
    assert_eq!(accounts.profile(ann).await.unwrap(), UserProfile::default());
    // What is taken away waits for nobody.
    accounts.set_profile(ann, new("Lamps", None), true).await.unwrap();
    accounts.set_profile(ann, new("", None), true).await.unwrap();
    assert!(!accounts.profile(ann).await.unwrap().held);
}

#[db_test]
async fn a_page_that_is_closed_shows_no_picture(db: Db) {
    let accounts = accounts(&db);
    let ann = accounts.ensure("ann", "Ann", None, None).await.unwrap();
    assert!(ann.has_page());
    accounts.set_profile(ann.id, new("", Some("aa")), false).await.unwrap();
    assert!(accounts.is_avatar("aa", None).await.unwrap());
    accounts.set_profile(ann.id, NewProfile { private: true, ..new("", Some("aa")) }, false).await.unwrap();
    assert!(!accounts.is_avatar("aa", None).await.unwrap());
    assert!(!accounts.find(ann.id).await.unwrap().unwrap().has_page());
    accounts.set_profile(ann.id, new("", Some("aa")), false).await.unwrap();
    accounts.suspend(None, ann.id).await.unwrap();
    assert!(!accounts.is_avatar("aa", None).await.unwrap());
    assert!(!accounts.find(ann.id).await.unwrap().unwrap().has_page());
}

#[db_test]
async fn choices_follow_a_user_and_those_of_a_new_browser_fill_the_gaps(db: Db) {
    let accounts = accounts(&db);
    let ann = accounts.ensure("ann", "Ann", None, None).await.unwrap().id;
    let lang = |lang: &str| Choices { lang: Some(lang.to_owned()), ..Choices::default() };
    // What a visitor chose before there was an account.
    let first = Choices { edition: Some("care".into()), ..lang("en") };
    assert_eq!(accounts.join_choices(ann, first.clone()).await.unwrap(), first);
    // Another browser: the account goes first.
    let there = Choices { prefs: Some("200a".into()), ..lang("zh-CN") };
    let joined = accounts.join_choices(ann, there).await.unwrap();
    assert_eq!(joined, Choices { prefs: Some("200a".into()), ..first });
    assert_eq!(accounts.choices(ann).await.unwrap(), joined);

    let zone = |zone: &str| Choices { zone: Some(zone.to_owned()), ..joined.clone() };
    let Err(Error::Invalid(errors)) = accounts.set_choices(ann, zone("Mars/Olympus")).await else {
        panic!("accepted")
    };
    assert_eq!((errors.0[0].field, errors.0[0].code), ("zone", "zone-unknown"));
    accounts.set_choices(ann, zone("Europe/Oslo")).await.unwrap();
    assert_eq!(accounts.find(ann).await.unwrap().unwrap().zone.as_deref(), Some("Europe/Oslo"));
}

#[db_test]
async fn nothing_of_it_is_left_of_who_is_deleted(db: Db) {
    let accounts = accounts(&db);
    let ann = accounts.ensure("ann", "Ann", None, None).await.unwrap().id;
    accounts.set_profile(ann, new("zqbio", Some("zqavatar")), true).await.unwrap();
    let choices = Choices { zone: Some("Europe/Oslo".into()), lang: Some("en".into()), ..Choices::default() };
    accounts.set_choices(ann, choices).await.unwrap();
    let tx = db.write().await.unwrap();
    accounts.erase(&tx, ann, "somebody").await.unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(accounts.profile(ann).await, Err(Error::NotFound)));
    assert_eq!(accounts.choices(ann).await.unwrap(), Choices::default());
    assert_eq!(accounts.wearers("zqavatar").await.unwrap(), []);
    assert!(!accounts.find(ann).await.unwrap().unwrap().has_page());
}
