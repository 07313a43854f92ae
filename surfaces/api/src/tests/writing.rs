//! From a draft to a live article, with a token.

use serde_json::json;

use super::*;

#[tokio::test]
async fn create_edit_submit_read() {
    let desk = Desk::open(false).await;
    let upload = Request::post("/api/v1/media")
        .header(header::AUTHORIZATION, format!("bearer {}", desk.token))
        .header(header::CONTENT_TYPE, "image/png");
    let picture = desk.anybody.send(upload.body(Body::from(png())).unwrap()).await;
    assert_eq!(picture.status, 201, "{}", picture.text);
    let hash = picture.json()["hash"].clone();
    assert_eq!(picture.header(header::LOCATION), picture.json()["url"]);
    assert_eq!(picture.json()["variants"][0]["width"], 320);

    let article = json!({
        "title": "潮汐表", "body": "从一根**刻度尺**说起。<script>1</script>", "channel": "tech", "tags": ["潮汐"],
        "covers": [hash], "declarations": ["original"], "language": null,
    });
    let made = desk.own.post("/api/v1/articles", article.clone()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/articles/{id}");
    assert_eq!(made.header(header::LOCATION), format!("{SITE}{path}"));
    assert_eq!(desk.anybody.get(&path).await.status, 404);

    let mut edit = article.clone();
    (edit["version"], edit["subtitle"]) = (1.into(), "怎样做出来的".into());
    let edited = desk.own.request(Method::PUT, &path, edit.clone()).await;
    assert_eq!((edited.status, &edited.json()["desk"]["version"]), (200, &2.into()));
    let late = desk.own.request(Method::PUT, &path, edit).await;
    assert_eq!((late.status, &late.problem(&path)["code"]), (409, &"article-edited".into()));

    let live = desk.own.post(&format!("{path}/submit"), Value::Null).await.json();
    assert_eq!(live["desk"]["state"], "live");
    let article = desk.anybody.get(&path).await.json();
    assert_eq!(article["html"], "<p>从一根<strong>刻度尺</strong>说起。</p>");
    assert_eq!((&article["subtitle"], &article["covers"][0]["hash"]), (&"怎样做出来的".into(), &hash));
    let again = desk.own.post(&format!("{path}/withdraw"), Value::Null).await;
    assert_eq!((again.status, &again.json()["code"]), (409, &"article-state".into()));

    let gone = desk.own.post(&format!("{path}/retract"), Value::Null).await.json();
    assert_eq!(gone["desk"]["state"], "retracted");
    assert_eq!(desk.anybody.get(&path).await.status, 410);
}

#[tokio::test]
async fn review_and_schedules_hold_it_back() {
    let desk = Desk::open(true).await;
    let id = desk.tagged(&desk.author, "tech", "潮汐", false).await;
    let path = format!("/api/v1/articles/{id}");
    let at = json!({"publish_at": "2024-07-01T08:00:00+08:00"});
    let waiting = desk.own.post(&format!("{path}/submit"), at).await.json();
    assert_eq!(
        (&waiting["desk"]["state"], &waiting["desk"]["publish_at"]),
        (&"submitted".into(), &"2024-07-01T00:00:00Z".into())
    );
    assert_eq!(desk.anybody.get(&path).await.status, 404);
    let back = desk.own.post(&format!("{path}/withdraw"), Value::Null).await.json();
    assert_eq!(back["desk"]["state"], "draft");
    for (at, code) in [("2024-06-05T09:00:00Z", "time-past"), ("tomorrow", "time-form")] {
        let refused = desk.own.post(&format!("{path}/submit"), json!({"publish_at": at})).await;
        assert_eq!((refused.status, refused.field_errors()), (422, vec![format!("publish_at {code}")]));
    }
}

#[tokio::test]
async fn a_form_brings_a_picture_too() {
    let desk = Desk::open(false).await;
    let send = async |field: &str, bytes: &[u8]| {
        let head =
            format!("--X\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"a.png\"\r\n\r\n");
        let body = [head.as_bytes(), bytes, b"\r\n--X--\r\n"].concat();
        let request = Request::post("/api/v1/media")
            .header(header::AUTHORIZATION, format!("Bearer {}", desk.token))
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=X");
        desk.anybody.send(request.body(Body::from(body)).unwrap()).await
    };
    let picture = send("file", &png()).await;
    assert_eq!((picture.status, &picture.json()["width"]), (201, &700.into()));
    assert_eq!(send("other", &png()).await.field_errors(), ["file file-empty"]);
    let broken = send("file", b"no picture").await;
    assert_eq!((broken.status, broken.field_errors()), (415, vec!["file picture-type".to_owned()]));
    assert_eq!(send("file", &vec![0; (20 << 20) + 1]).await.status, 413);
    assert_eq!(send("file", &vec![0; 21 << 20]).await.status, 413);
}

#[tokio::test]
async fn who_writes_for_several_says_for_whom() {
    let desk = Desk::open(false).await;
    let profile = Profile { handle: "second".into(), name: "第二".into(), ..Profile::default() };
    desk.authors.create(profile, &[desk.writer.id]).await.unwrap();
    let profile = Profile { handle: "third".into(), name: "别人的".into(), ..Profile::default() };
    desk.authors.create(profile, &[]).await.unwrap();
    let create = async |author: &str, client: &Client| {
        let body = json!({"title": "题", "body": "文", "author": author});
        client.request(Method::POST, "/api/v1/articles", body).await
    };
    let unsaid = desk.own.post("/api/v1/articles", json!({"title": "题"})).await;
    assert_eq!((unsaid.status, unsaid.field_errors()), (422, vec!["author author-empty".to_owned()]));
    assert_eq!(create("second", &desk.own).await.json()["author"]["handle"], "second");
    assert_eq!(create("third", &desk.own).await.status, 403);
    assert_eq!(create("nanpo", &desk.stranger).await.status, 403);
    assert_eq!(create("nobody", &desk.own).await.field_errors(), ["author author-unknown"]);
    let nothing = desk.stranger.request(Method::POST, "/api/v1/articles", json!({"title": "题"})).await;
    assert_eq!(nothing.status, 403);
}

#[tokio::test]
async fn drafts_and_pictures_are_deleted() {
    let desk = Desk::open(false).await;
    let upload = async || {
        let upload = Request::post("/api/v1/media")
            .header(header::AUTHORIZATION, format!("bearer {}", desk.token))
            .header(header::CONTENT_TYPE, "image/png");
        desk.anybody.send(upload.body(Body::from(png())).unwrap()).await.json()
    };
    let uploaded = upload().await;
    assert_eq!(uploaded["first_frame_only"], false);
    let hash = uploaded["hash"].as_str().unwrap().to_owned();
    let picture = format!("/api/v1/media/{hash}");
    let article = json!({ "title": "潮汐表", "body": "正文", "channel": "tech", "covers": [hash] });
    let made = desk.own.post("/api/v1/articles", article).await.json();
    let path = format!("/api/v1/articles/{}", made["id"].as_str().unwrap());
    let delete = async |path: &str, client: &Client| client.request(Method::DELETE, path, Value::Null).await;
    for path in [&picture, &path] {
        assert!(matches!(delete(path, &desk.stranger).await.status, 403 | 404), "{path}");
        assert_eq!(delete(path, &desk.bearing("nobody's")).await.status, 401);
    }
    let later = json!({ "publish_at": "2024-06-06T10:00:00Z" });
    desk.own.post(&format!("{path}/submit"), later).await;
    assert_eq!(delete(&picture, &desk.own).await.status, 409, "it waits for its time");
    desk.own.post(&format!("{path}/withdraw"), Value::Null).await;
    desk.own.post(&format!("{path}/submit"), Value::Null).await;
    for (path, code) in [(&picture, "picture-used"), (&path, "article-published")] {
        let refused = delete(path, &desk.own).await;
        assert_eq!((refused.status, &refused.problem(path)["code"]), (409, &code.into()));
    }
    desk.own.post(&format!("{path}/retract"), Value::Null).await;
    assert_eq!(delete(&picture, &desk.own).await.status, 204);
    assert_eq!(delete(&picture, &desk.own).await.status, 404);
    assert_eq!(upload().await["hash"], hash.as_str(), "it can be brought again");

    let draft = desk.own.post("/api/v1/articles", json!({ "title": "草稿" })).await.json();
    let path = format!("/api/v1/articles/{}", draft["id"].as_str().unwrap());
    assert_eq!(delete(&path, &desk.own).await.status, 204);
    assert_eq!(delete(&path, &desk.own).await.status, 404);
}
