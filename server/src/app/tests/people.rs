//! What holds of users over all surfaces and processes.

use std::time::Duration;

use accounts::Accounts;
use db::{Db, db_test};
use events::Journal;
use kernel::confusable::is_reserved_handle;
use kernel::{Env, Handle};

use testing::Answer;

use super::{House, get};

/// A handle that is an address, or looks like one, would let a user pose as the site.
#[db_test]
async fn no_address_of_the_site_is_a_handle(db: Db) {
    let house = House::new(db, Env::system()).await;
    for endpoint in &house.site.endpoints {
        let first = endpoint.path.trim_start_matches('/').split(['/', '.']).next().unwrap_or_default();
        let is_name = Handle::new(first).is_ok_and(|handle| handle.as_str() == first);
        assert!(!is_name || is_reserved_handle(first), "{}: reserve {first:?}", endpoint.path);
    }
    house.stop.cancel();
}

#[db_test]
async fn who_is_shut_out_by_another_process_is_out_within_a_moment(db: Db) {
    let house = House::new(db.clone(), Env::system()).await;
    let reader = house.cookie("reader").await;
    let page = async || house.send(get("/settings/account").header("cookie", &reader)).await.status;
    assert_eq!(page().await, 200);
    let env = Env::system();
    let elsewhere = Accounts::new(db.clone(), Journal::new(db, env.clone()), env);
    let user = elsewhere.find_by_handle(&Handle::new("reader").unwrap()).await.unwrap().unwrap();
    elsewhere.suspend(None, user.id).await.unwrap();
    // Less than the ten seconds that a viewer is remembered for.
    for _ in 0..150 {
        if page().await != 200 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(page().await, 303, "asked to sign in");
    house.stop.cancel();
}

/// A refused form has what was typed, never the password; and nobody is made.
#[db_test]
async fn a_refused_sign_up_keeps_what_was_typed(db: Db) {
    let house = House::new(db, Env::system()).await;
    for (fields, wrong) in [
        ("handle=moderator&name=Lin&password=a+long+password", "handle-error"),
        ("handle=lin&name=Lin&password=linlinlinlin", "password-error"),
        ("handle=lin&name=Lin&password=short", "password-error"),
        ("handle=lin&name=%E3%85%A4&password=a+long+password", "name-error"),
        ("handle=lin&name=Official&password=a+long+password", "name-error"),
    ] {
        let Answer { status, text: page, .. } = house.post_as("", "/signup", fields).await;
        assert_eq!(status, 422, "{fields}");
        assert!(page.contains(&format!("id=\"{wrong}\"")), "{fields}");
        let handle = fields.split(['=', '&']).nth(1).unwrap();
        assert!(
            page.contains(&format!("value=\"{handle}\"")) && !page.contains("a long password"),
            "{fields}"
        );
        let found = house.accounts.find_by_handle(&Handle::new(handle).unwrap()).await.unwrap();
        assert_eq!(found, None, "{fields}");
    }
    let page = house.send(get("/signup")).await.text;
    assert!(page.contains("minlength=\"10\"") && page.contains("At least 10 characters"));
    // The name of an author is no reader's name.
    let author = house.authors.list(kernel::Cursor::START, 1).await.unwrap().items.remove(0);
    let fields =
        format!("handle=lin&name={}&password=a+long+password", author.name.to_uppercase().replace(' ', "+"));
    let Answer { status, text: page, .. } = house.post_as("", "/signup", &fields).await;
    assert!(status == 422 && page.contains("id=\"name-error\""));
    house.stop.cancel();
}

#[db_test]
async fn a_password_change_ends_what_it_says(db: Db) {
    let house = House::new(db, Env::system()).await;
    let accounts = &house.accounts;
    let here = house.cookie("reader").await;
    let (_, token) = accounts.sign_in("reader", super::PASSWORD, "127.0.0.1").await.unwrap();
    let there = format!("session={}", token.as_str());
    let reader = house.user("reader").await;
    let (_, key) = accounts.create_token(reader.id, "script").await.unwrap();
    let page = house.send(get("/settings/account").header("cookie", &here)).await.text;
    assert!(page.contains("name=\"tokens\" value=\"1\" checked"));
    let page = house.send(get("/settings/sessions").header("cookie", &here)).await.text;
    assert!(page.contains("name=\"keys\" value=\"1\" checked"));
    assert_eq!(page.matches("/end\"").count(), 1, "all but this one");

    let wrong =
        house.post_as(&here, "/settings/password", "current=wrong&password=another+long+one&tokens=1").await;
    assert!(wrong.status == 422 && wrong.has("id=\"current-error\""));
    let Answer { status, .. } = house
        .post_as(&here, "/settings/password", "current=a+long+password&password=another+long+one&tokens=1")
        .await;
    assert_eq!(status, 303);
    for cookie in [&here, &there] {
        assert_eq!(house.send(get("/settings/account").header("cookie", cookie)).await.status, 303);
    }
    assert!(accounts.viewer_by_token(&key).await.unwrap().user().is_none());
    house.stop.cancel();
}
