//! Tokens for the API: made on a page, shown once, ended there.

use axum::body::Body;
use db::{Db, db_test};
use kernel::{Env, Handle};

use testing::Answer;

use super::{House, get};

const PAGE: &str = "/settings/tokens";

impl House {
    /// Sends a form with that cookie.
    pub async fn post_as(&self, cookie: &str, path: &str, fields: &str) -> Answer {
        let request = get(path)
            .method("POST")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", cookie);
        self.answer(request.body(Body::from(fields.to_owned())).unwrap()).await
    }

    /// What the API says to a program that wants to write.
    async fn write(&self, token: &str) -> u16 {
        let request = ::http::Request::post("/api/v1/articles")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(Body::from(r#"{"title": "Low water", "body": "The harbour is dry."}"#));
        self.answer(request.unwrap()).await.status
    }
}

#[db_test]
async fn an_author_makes_a_token_and_ends_it(db: Db) {
    let house = House::new(db, Env::system()).await;
    let (mara, reader) = (house.cookie("mara").await, house.cookie("reader").await);
    let see = async || house.send(get(PAGE).header("cookie", &mara)).await.text;
    assert_eq!(house.get_anonymous(PAGE).await.status, 303, "visitors sign in first");
    assert!(see().await.contains("You have no token yet"));
    let Answer { status, text: refused, .. } = house.post_as(&mara, PAGE, "name=+").await;
    assert!(status == 422 && refused.contains("id=\"name-error\""));

    let answer = house.post_as(&mara, PAGE, "name=tide+bot").await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
    let made = &answer.text;
    let token = &made[made.find("byl_").unwrap()..];
    let token = &token[..token.find('"').unwrap()];
    assert_eq!(house.write(token).await, 201);
    let list = see().await;
    assert!(list.contains("tide bot") && !list.contains(token), "shown once");

    let delete = &list[list.find("/settings/tokens/").unwrap()..];
    let delete = &delete[..delete.find('"').unwrap()];
    assert_eq!(house.post_as("", delete, "").await.status, 303, "a visitor is led to sign in");
    assert_eq!(house.post_as(&reader, delete, "").await.status, 404, "somebody else's is not there");
    assert_eq!(house.write(token).await, 201);
    let deleted = house.post_as(&mara, delete, "").await;
    assert_eq!((deleted.status, deleted.location()), (303, PAGE));
    assert_eq!(house.write(token).await, 401);
    assert!(!see().await.contains("tide bot"));

    // Too many within an hour: the form says when to come back, with what was typed.
    let writer = house.writer.id;
    while let Ok((id, _)) = house.accounts.create_token(writer, "one more").await {
        house.accounts.delete_token(writer, id).await.unwrap();
    }
    let often = house.post_as(&mara, PAGE, "name=tide+bot").await;
    assert!(often.status == 422 && often.text.contains("You made many tokens"), "{}", often.text);
    assert!(often.text.contains("value=\"tide bot\""));
    house.stop.cancel();
}

#[db_test]
async fn who_writes_for_nobody_makes_no_token_but_ends_what_there_is(db: Db) {
    let house = House::new(db, Env::system()).await;
    let reader = house.cookie("reader").await;
    let see = async || house.send(get(PAGE).header("cookie", &reader)).await.text;
    assert_eq!(house.post_as(&reader, PAGE, "name=script").await.status, 403);
    let page = see().await;
    assert!(page.contains("Tokens are for those who write") && !page.contains("id=\"name\""));

    // An operator made one, or the author was theirs then.
    let accounts = &house.accounts;
    let user = accounts.find_by_handle(&Handle::new("reader").unwrap()).await.unwrap().unwrap();
    let (id, _) = accounts.create_token(user.id, "old script").await.unwrap();
    assert!(see().await.contains("old script"));
    assert_eq!(house.post_as(&reader, &format!("{PAGE}/{id}/delete"), "").await.status, 303);
    assert!(!see().await.contains("old script"));
    house.stop.cancel();
}
