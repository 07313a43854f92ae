//! What pages of other sites may do.

use super::*;

const ORIGIN: header::HeaderName = header::ACCESS_CONTROL_ALLOW_ORIGIN;

async fn preflight(desk: &Desk, path: &str) -> Answer {
    let request = Request::options(path)
        .header(header::ORIGIN, "https://other.example")
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "GET");
    desk.anybody.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn what_everybody_may_read_pages_of_other_sites_may() {
    let desk = Desk::open(false).await;
    let id = desk.live().await;
    for path in [
        "/api/v1/articles".to_owned(),
        format!("/api/v1/articles/{id}"),
        "/api/v1/hot".into(),
        "/api/v1/search?q=tech".into(),
        "/api/v1/channels".into(),
        "/api/openapi.json".into(),
        // What went wrong they may read too.
        "/api/v1/articles?limit=x".into(),
        "/api/v1/nothing".into(),
    ] {
        let answer = desk.anybody.get(&path).await;
        assert_eq!(answer.header(ORIGIN), "*", "{path}");
        assert!(answer.header(header::ACCESS_CONTROL_EXPOSE_HEADERS).contains("Link"), "{path}");
        assert!(!answer.headers.contains_key(header::ACCESS_CONTROL_ALLOW_CREDENTIALS), "{path}");
    }
    let answer = preflight(&desk, "/api/v1/articles").await;
    assert_eq!((answer.status, answer.header(ORIGIN)), (204, "*"));
    assert_eq!(answer.header(header::ACCESS_CONTROL_ALLOW_METHODS), "GET, HEAD");
    assert!(answer.header(header::ALLOW).contains("POST"), "{}", answer.header(header::ALLOW));
}

#[tokio::test]
async fn no_page_of_another_site_uses_a_token_or_writes() {
    let desk = Desk::open(false).await;
    let id = desk.live().await;
    let answer = preflight(&desk, &format!("/api/v1/articles/{id}/submit")).await;
    assert_eq!((answer.status, answer.header(ORIGIN)), (204, ""));
    assert!(
        !preflight(&desk, "/api/v1/articles")
            .await
            .header(header::ACCESS_CONTROL_ALLOW_HEADERS)
            .contains("Authorization")
    );
    assert_eq!(desk.own.get("/api/v1/articles").await.header(ORIGIN), "");
    let written = desk.own.post("/api/v1/articles", serde_json::json!({"title": "x"})).await;
    assert_eq!(written.header(ORIGIN), "");
}

#[tokio::test]
async fn kept_answers_say_so_too() {
    let desk = Desk::open(false).await;
    let anybody = desk.cached();
    for _ in 0..2 {
        let answer = anybody.get("/api/openapi.json").await;
        assert_eq!((answer.status, answer.header(ORIGIN)), (200, "*"));
    }
}

#[tokio::test]
async fn an_address_is_found_with_a_slash_at_its_end() {
    let desk = Desk::open(false).await;
    let answer = desk.anybody.get("/api/v1/articles/?limit=3").await;
    assert_eq!((answer.status, answer.header(header::LOCATION)), (308, "/api/v1/articles?limit=3"));
}
