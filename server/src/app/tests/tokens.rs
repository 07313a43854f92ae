//! Tokens for the API: made on a page, shown once, ended there.

use axum::body::Body;
use db::{Db, db_test};
use http_body_util::BodyExt;
use kernel::{Env, Handle};

use super::{House, get};

const PAGE: &str = "/settings/tokens";

impl House {
    pub async fn post(&self, cookie: &str, path: &str, fields: &'static str) -> (u16, String, String) {
        let request = ::http::Request::post(path)
            .header("accept", "text/html")
            .header("accept-language", "en")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", cookie);
        let (head, body) = self.answer(request.body(Body::from(fields)).unwrap()).await.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let header = |name: &str| head.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        let says = header("location").or_else(|| header("cache-control")).unwrap_or_default();
        (head.status.as_u16(), says, String::from_utf8_lossy(&body).into_owned())
    }

    /// What the API says to a program that wants to write.
    async fn write(&self, token: &str) -> u16 {
        let request = ::http::Request::post("/api/v1/articles")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(Body::from(r#"{"title": "Low water", "body": "The harbour is dry."}"#));
        self.answer(request.unwrap()).await.status().as_u16()
    }
}

#[db_test]
async fn an_author_makes_a_token_and_ends_it(db: Db) {
    let house = House::new(db, Env::system()).await;
    let (mara, reader) = (house.cookie("mara").await, house.cookie("reader").await);
    let see = async || house.send(get(PAGE).header("cookie", &mara)).await.1;
    assert_eq!(house.context(PAGE).await.0, 303, "visitors sign in first");
    assert!(see().await.contains("You have no token yet"));
    let (status, _, refused) = house.post(&mara, PAGE, "name=+").await;
    assert!(status == 422 && refused.contains("id=\"name-error\""));

    let (status, keep, made) = house.post(&mara, PAGE, "name=tide+bot").await;
    assert_eq!((status, keep.as_str()), (200, "no-store"));
    let token = &made[made.find("byl_").unwrap()..];
    let token = &token[..token.find('"').unwrap()];
    assert_eq!(house.write(token).await, 201);
    let list = see().await;
    assert!(list.contains("tide bot") && !list.contains(token), "shown once");

    let delete = &list[list.find("/settings/tokens/").unwrap()..];
    let delete = &delete[..delete.find('"').unwrap()];
    assert_eq!(house.post("", delete, "").await.0, 303, "a visitor is led to sign in");
    assert_eq!(house.post(&reader, delete, "").await.0, 404, "somebody else's is not there");
    assert_eq!(house.write(token).await, 201);
    let (status, to, _) = house.post(&mara, delete, "").await;
    assert_eq!((status, to.as_str()), (303, PAGE));
    assert_eq!(house.write(token).await, 401);
    assert!(!see().await.contains("tide bot"));
    house.stop.cancel();
}

#[db_test]
async fn who_writes_for_nobody_makes_no_token_but_ends_what_there_is(db: Db) {
    let house = House::new(db, Env::system()).await;
    let reader = house.cookie("reader").await;
    let see = async || house.send(get(PAGE).header("cookie", &reader)).await.1;
    assert_eq!(house.post(&reader, PAGE, "name=script").await.0, 403);
    let page = see().await;
    assert!(page.contains("Tokens are for those who write") && !page.contains("id=\"name\""));

    // An operator made one, or the author was theirs then.
    let accounts = &house.site.services.accounts;
    let user = accounts.find_by_handle(&Handle::new("reader").unwrap()).await.unwrap().unwrap();
    let (id, _) = accounts.create_token(user.id, "old script").await.unwrap();
    assert!(see().await.contains("old script"));
    assert_eq!(house.post(&reader, &format!("{PAGE}/{id}/delete"), "").await.0, 303);
    assert!(!see().await.contains("old script"));
    house.stop.cancel();
}
