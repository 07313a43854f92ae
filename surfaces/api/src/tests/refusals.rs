//! What is wrong is said, and said the same way everywhere.

use serde_json::json;

use super::*;

#[tokio::test]
async fn unknown_paths_and_methods() {
    let desk = Desk::open(false).await;
    for path in [
        "/api",
        "/api/v1",
        "/api/v1/nothing",
        "/api/v2/articles",
        "/api/v1/articles/0l",
        "/api/v1/articles/2",
    ] {
        let answer = desk.anybody.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.problem(path)["type"], format!("{SITE}/api/docs#not-found"));
    }
    let path = "/api/v1/channels";
    let answer = desk.own.request(Method::DELETE, path, Value::Null).await;
    assert_eq!((answer.status, answer.header(header::ALLOW)), (405, "GET,HEAD"));
    answer.problem(path);
}

#[tokio::test]
async fn tokens() {
    let desk = Desk::open(false).await;
    let id = desk.live().await;
    let path = "/api/v1/articles";
    let without = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    let answer = desk.anybody.send(without.body(Body::from("{}")).unwrap()).await;
    assert_eq!((answer.status, answer.header(header::WWW_AUTHENTICATE)), (401, "Bearer realm=\"byline\""));
    answer.problem(path);
    for token in ["byl_wrong", "", "x y"] {
        let answer = desk.bearing(token).request(Method::POST, path, json!({})).await;
        let challenge = answer.header(header::WWW_AUTHENTICATE);
        assert_eq!(
            (answer.status, challenge),
            (401, "Bearer realm=\"byline\", error=\"invalid_token\""),
            "{token}"
        );
    }
    // A wrong token is refused even where none is needed.
    assert_eq!(desk.bearing("byl_wrong").get(&format!("{path}/{id}")).await.status, 401);

    for verb in ["submit", "withdraw", "retract"] {
        let path = format!("{path}/{id}/{verb}");
        let answer = desk.stranger.request(Method::POST, &path, Value::Null).await;
        assert_eq!(answer.status, 403, "{path}");
        answer.problem(&path);
    }
    let draft = desk.tagged(&desk.author, "tech", "潮汐", false).await;
    let hidden = desk.stranger.request(Method::PUT, &format!("{path}/{draft}"), json!({"version": 1})).await;
    assert_eq!(hidden.status, 404);
    let upload = desk.stranger.request(Method::POST, "/api/v1/media", json!({})).await;
    assert_eq!(upload.status, 403);
}

#[tokio::test]
async fn bodies() {
    let desk = Desk::open(false).await;
    let path = "/api/v1/articles";
    let send = async |kind: &str, body: String| {
        let request = Request::post(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", desk.token))
            .header(header::CONTENT_TYPE, kind);
        desk.anybody.send(request.body(Body::from(body)).unwrap()).await
    };
    let broken = send("application/json", "{\n  \"title\": \"题\",\n}".into()).await;
    assert_eq!(broken.status, 400);
    let detail = broken.problem(path)["detail"].clone();
    assert!(detail.as_str().unwrap().contains("line 3 column 1"), "{detail}");
    assert_eq!(send("text/plain", "{}".into()).await.status, 415);
    assert_eq!(send("application/json", "x".repeat(9 << 20)).await.status, 413);

    let shape = send("application/json", json!({"title": "题", "tags": ["a", 2]}).to_string()).await;
    assert_eq!((shape.status, shape.field_errors()), (422, vec!["tags[1] json-type".to_owned()]));
    let unknown = send("application/json", json!({"titel": "题"}).to_string()).await;
    assert_eq!(unknown.field_errors(), ["titel json-type"]);

    let wrong = json!({
        "title": "题", "format": "rtf", "channel": "No!", "tags": ["ok", "a/b"], "declarations": ["true"],
        "covers": ["00"], "version": 1,
    });
    let codes = [
        "version field-unknown",
        "format format-unknown",
        "channel channel-unknown",
        "tags[1] tag-form",
        "declarations[0] declaration-unknown",
        "covers[0] cover-unknown",
    ];
    assert_eq!(send("application/json", wrong.to_string()).await.field_errors(), codes);
    let long = send("application/json", json!({"title": "长".repeat(201)}).to_string()).await;
    assert_eq!(
        (long.field_errors(), &long.json()["errors"][0]["limit"]),
        (vec!["title title-long".to_owned()], &200.into())
    );

    let bare = send("application/json", "{}".into()).await.json();
    let incomplete =
        desk.own.post(&format!("{path}/{}/submit", bare["id"].as_str().unwrap()), Value::Null).await;
    assert_eq!(incomplete.field_errors(), ["title title-empty", "body body-empty", "channel channel-empty"]);
    let unversioned = format!("{path}/{}", bare["id"].as_str().unwrap());
    let unversioned = desk.own.request(Method::PUT, &unversioned, json!({"title": "题"})).await;
    assert_eq!(unversioned.field_errors(), ["version version-empty"]);
}

#[tokio::test]
async fn parameters() {
    let desk = Desk::open(false).await;
    for (query, wrong) in [
        ("cursor=x", "cursor cursor-form"),
        ("limit=0", "limit limit-range"),
        ("limit=101", "limit limit-range"),
        ("limit=ten", "limit limit-range"),
        ("limit=1&limit=2", "limit parameter-twice"),
        ("chanel=tech", "chanel parameter-unknown"),
        ("channel=none", "channel channel-unknown"),
        ("channel=No!", "channel slug-form"),
        ("author=nobody", "author author-unknown"),
        ("tag=a/b", "tag tag-form"),
    ] {
        let answer = desk.anybody.get(&format!("/api/v1/articles?{query}")).await;
        assert_eq!((answer.status, answer.field_errors()), (422, vec![wrong.to_owned()]), "{query}");
        answer.problem("/api/v1/articles");
    }
}

#[tokio::test]
async fn a_program_that_runs_wild_is_slowed_down() {
    let desk = Desk::open(false).await;
    let path = format!("/api/v1/articles/{}", desk.live().await);
    for _ in 0..crate::PACE {
        assert_eq!(desk.own.get(&path).await.status, 200);
    }
    let slow = desk.own.get(&path).await;
    assert_eq!((slow.status, slow.header(header::RETRY_AFTER)), (429, "1"));
    slow.problem(&path);
    assert_eq!(desk.stranger.get(&path).await.status, 200);
    desk.advance(Duration::from_secs(1));
    assert_eq!(desk.own.get(&path).await.status, 200);
}

#[tokio::test]
async fn problems_speak_the_readers_language() {
    let desk = Desk::open(false).await;
    let request = Request::get("/api/v1/articles/2").header(header::ACCEPT_LANGUAGE, "zh-CN");
    let answer = desk.anybody.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.header(header::CONTENT_LANGUAGE), "zh-CN");
    let english = desk.anybody.get("/api/v1/articles/2").await.json();
    assert_ne!(answer.json()["detail"], english["detail"]);
    assert_eq!(answer.json()["title"], english["title"]);
}
