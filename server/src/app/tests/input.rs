//! What no database takes: U+0000 by every way in, and lists without end; and methods that a path does not know.

use axum::body::Body;
use db::{Db, db_test};
use kernel::Env;

use testing::Answer;

use super::{House, State, get};

/// None of them is a fault of ours, on either database.
#[db_test]
async fn nul_is_no_fault_by_any_way_in(db: Db) {
    let house = House::new(db, Env::system()).await;
    let article = house.article("Bread", State::Live).await;
    let (mara, reader) = (house.cookie("mara").await, house.cookie("reader").await);
    let owner = house.writer.id;
    let (_, token) = house.accounts.create_token(owner, "bot").await.unwrap();

    for path in [
        "/@a%00b",
        "/channel/a%00b",
        "/tag/a%00b",
        "/article/%00",
        "/assets/a%00.css",
        "/api/v1/authors/a%00b",
    ] {
        assert_eq!(house.get_anonymous(path).await.status, 404, "{path}");
    }
    for path in [
        "/search?q=lamps%00",
        "/search?q=%00",
        "/search?author=a%00b&q=lamps",
        "/search/suggest?q=l%00a",
        "/latest?cursor=%00",
        "/login?return=/%00",
        "/api/v1/search?q=lamps%00",
        "/api/v1/suggest?q=la%00",
        "/hot?channel=ci%00ty",
        "/oembed?url=http://127.0.0.1:8080/article/%00",
    ] {
        let Answer { status, .. } = house.get_anonymous(path).await;
        assert!(status < 500, "{path}: {status}");
    }

    let form = |path: &str, cookie: &str, fields: &'static str| {
        get(path)
            .method("POST")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", cookie)
            .body(Body::from(fields))
            .unwrap()
    };
    let comment = format!("/article/{article}/comments");
    assert_eq!(house.answer(form(&comment, &reader, "text=Fine+%00words")).await.status, 303);
    let said = house.comments.clone();
    let counts = said.counts(&[article]).await.unwrap();
    assert_eq!(counts[&article], 1);
    for (path, fields) in [
        ("/login", "handle=reader%00&password=%00"),
        ("/signup", "handle=a%00b&name=%00&password=a%00+long+password"),
        ("/settings/account", "name=Read%00er"),
        ("/settings/email", "email=a%00%40example.org&email-password=%00"),
        ("/reset", "who=%00"),
        ("/reset", "token=%00&password=a%00+long+password"),
        ("/verify", "code=%00"),
        ("/verify", "token=%00"),
        ("/apply", "handle=q%00&name=%00&kind=person&bio=%00&reason=%00"),
        ("/settings/interests/wish", "kind=tag%00&value=%00"),
    ] {
        let Answer { status, text: said, .. } = house.answer(form(path, &reader, fields)).await;
        assert!(status < 500, "{path}: {status} {said}");
    }
    let multipart = "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nLow\0 water\r\n--b--\r\n";
    let form = get("/studio/new").method("POST").header("content-type", "multipart/form-data; boundary=b");
    let form = form.header("cookie", &mara).body(Body::from(multipart)).unwrap();
    assert_eq!(house.answer(form).await.status, 303);

    let json = ::http::Request::post("/api/v1/articles")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json");
    let body = "{\"title\": \"Low\\u0000 water\", \"body\": \"dry \\u0000\", \"tags\": [\"la\\u0000mps\"], \"channel\": \"city\\u0000\"}";
    let Answer { status: made, text: said, .. } = house.answer(json.body(Body::from(body)).unwrap()).await;
    assert!(made == 201 && said.contains("\"Low water\""), "{made} {said}");
    house.stop.cancel();
}

#[db_test]
async fn lists_are_bounded_before_they_are_looked_into(db: Db) {
    let house = House::new(db, Env::system()).await;
    let (_, token) = house.accounts.create_token(house.writer.id, "bot").await.unwrap();
    let lists =
        [("covers", 9_000, 3), ("tags", 9_000, 10), ("declarations", 9_000, 5), ("tags", 100_000, 10_000)];
    for (field, length, limit) in lists {
        let list = vec!["0123456789abcdef0123456789abcdef"; length];
        let request = ::http::Request::post("/api/v1/articles")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(Body::from(serde_json::json!({ "title": "a", "body": "b", (field): list }).to_string()));
        let Answer { status: refused, text: said, .. } = house.answer(request.unwrap()).await;
        assert!(
            refused == 422 && said.len() < 2_000 && said.contains(&format!("\"limit\":{limit}")),
            "{refused} {said:.500}"
        );
    }
    // What is asked for inside is looked up in parts.
    let ids: Vec<kernel::ArticleId> = (0..100_000).map(kernel::ArticleId::new).collect();
    let s = &house.services;
    assert!(s.articles.cards(&ids).await.unwrap().is_empty());
    assert!(s.comments.counts(&ids).await.unwrap().is_empty());
    assert!(s.articles.documents_of(&ids).await.unwrap().is_empty());
    let authors: Vec<kernel::AuthorId> = ids.iter().map(|id| kernel::AuthorId::new(id.raw())).collect();
    assert!(s.authors.get_many(&authors).await.unwrap().is_empty());
    assert!(s.articles.by_authors(&authors, kernel::Cursor::START, 10).await.unwrap().items.is_empty());
    let hashes: Vec<String> = (0..100_000).map(|n| format!("{n:032x}")).collect();
    assert!(
        s.media.get_many(&hashes.iter().map(String::as_str).collect::<Vec<_>>()).await.unwrap().is_empty()
    );
    house.stop.cancel();
}

#[db_test]
async fn a_wrong_method_is_told_which_would_do(db: Db) {
    let house = House::new(db, Env::system()).await;
    for (method, path, allowed) in [
        ("POST", "/latest", "GET,HEAD"),
        ("DELETE", "/channel/city", "GET,HEAD"),
        ("PUT", "/login", "GET,HEAD,POST"),
        ("GET", "/logout", "POST"),
        ("PATCH", "/api/v1/channels", "GET,HEAD"),
    ] {
        let request = get(path).method(method).header("sec-fetch-site", "same-origin").body(Body::empty());
        let answer = house.answer(request.unwrap()).await;
        assert_eq!((answer.status, answer.header("allow")), (405, allowed), "{method} {path}");
    }
    house.stop.cancel();
}
