//! The description and the routes are the same thing.

use std::collections::BTreeSet;

use super::*;
use crate::describe::description;
use crate::responses::SHARED;

fn described() -> Value {
    serde_json::to_value(description(SITE)).unwrap()
}

#[tokio::test]
async fn every_route_is_described_and_every_description_is_routed() {
    let desk = Desk::open(false).await;
    let api = described();
    let paths = api["paths"].as_object().unwrap();
    let routed: BTreeSet<&str> = crate::endpoints().iter().map(|(path, _)| *path).collect();
    assert_eq!(routed, paths.keys().map(String::as_str).collect());
    for (path, item) in paths {
        // No path knows PATCH, so each says what it knows instead.
        let answer = desk.own.request(Method::PATCH, &path.replace(['{', '}'], ""), Value::Null).await;
        assert_eq!(answer.status, 405, "{path}");
        let mut known: BTreeSet<String> =
            answer.header(header::ALLOW).split(',').map(str::to_lowercase).collect();
        known.remove("head");
        assert_eq!(known, item.as_object().unwrap().keys().cloned().collect(), "{path}");
    }
}

#[test]
fn the_description_is_whole() {
    let api = described();
    assert_eq!((&api["openapi"], &api["servers"][0]["url"]), (&"3.1.0".into(), &SITE.into()));
    assert_eq!(api["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    let mut ids = BTreeSet::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = format!("{method} {path}");
            assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{name}");
            assert!(!operation["summary"].as_str().unwrap().is_empty(), "{name}");
            assert_eq!(
                operation["security"].is_array(),
                method != "get" || path.ends_with("articles/{id}"),
                "{name}"
            );
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|status| status.starts_with('2')), "{name}");
            if method != "get" {
                assert!(["401", "403", "429"].iter().all(|status| responses.contains_key(*status)), "{name}");
            }
        }
    }
    check_references(&api, &api);
}

/// Whatever is referred to is there.
fn check_references(api: &Value, part: &Value) {
    match part {
        Value::Object(fields) => {
            if let Some(at) = fields.get("$ref").and_then(Value::as_str) {
                assert!(api.pointer(at.trim_start_matches('#')).is_some(), "{at}");
            }
            fields.values().for_each(|field| check_references(api, field));
        }
        Value::Array(items) => items.iter().for_each(|item| check_references(api, item)),
        _ => {}
    }
}

#[tokio::test]
async fn the_docs_page_holds_all_of_it_without_scripts() {
    let desk = Desk::open(false).await;
    let answer = desk.anybody.get("/api/docs").await;
    assert_eq!((answer.status, answer.header(header::CONTENT_TYPE)), (200, "text/html; charset=utf-8"));
    let page = &answer.text.replace("&#x2f;", "/");
    let api = described();
    for (path, item) in api["paths"].as_object().unwrap() {
        assert!(page.contains(&format!(" {path}</code>")), "{path}");
        for operation in item.as_object().unwrap().values() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
        }
    }
    for name in api["components"]["schemas"].as_object().unwrap().keys() {
        assert!(page.contains(&format!("id=\"schema-{name}\"")), "{name}");
    }
    for shared in SHARED {
        assert_eq!(page.matches(&format!("id=\"{}\"", shared.kind)).count(), 1, "{}", shared.kind);
    }
    for refused in ["<script", "<style", "style=", " on"] {
        let inside =
            page.split('<').filter_map(|rest| rest.split_once('>')).map(|(tag, _)| format!("<{tag}"));
        assert!(!inside.into_iter().any(|tag| tag.contains(refused)), "{refused}");
    }
    let links = page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap());
    for link in links {
        assert!(page.contains(&format!("id=\"{link}\"")), "{link}");
    }
    assert_eq!(desk.anybody.get("/api/openapi.json").await.json(), api);
    let style = desk.anybody.get("/api/docs.css").await;
    assert_eq!((style.status, style.header(header::CONTENT_TYPE)), (200, "text/css; charset=utf-8"));
    assert!(page.contains("href=\"/api/docs.css\"") && page.contains("href=\"/assets/site.css?v="));
}
