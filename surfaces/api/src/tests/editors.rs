//! What editors chose.

use std::time::Duration;

use accounts::{Role, Viewer};
use editorial::{Slot, SlotItem, Terms, TopicText};
use kernel::ArticleId;

use super::*;

#[tokio::test]
async fn headlines_and_topics_are_what_readers_see() {
    let desk = Desk::open(false).await;
    let id = desk.accounts.ensure("edith", "Edith", None, None).await.unwrap().id;
    desk.accounts.grant(None, id, Role::Editor).await.unwrap();
    let editor = Viewer::from(desk.accounts.find(id).await.unwrap().unwrap());
    let mut ids = Vec::<ArticleId>::new();
    for title in ["潮汐", "月亮", "港口"] {
        ids.push(desk.tagged(&desk.author, "tech", title, true).await);
    }
    let (slug, e) = (Slug::new("tech").unwrap(), &desk.editorial);
    let later = Terms { starts_at: Some(desk.env.now().plus(Duration::from_hours(1))), ..Terms::default() };
    let noted = Terms { note: Some("今夜大潮".into()), ..Terms::default() };
    for (slot, article, terms) in [
        (Slot::Home, ids[0], later),
        (Slot::Home, ids[1], noted),
        (Slot::Headline(slug.clone()), ids[2], Terms::default()),
        (Slot::Headline(slug), ids[1], Terms::default()),
    ] {
        e.place(&editor, slot, SlotItem::Article(article), terms).await.unwrap();
    }
    let listed = async |path: &str| {
        let list = desk.anybody.get(path).await.json();
        let one = |item: &Value| {
            format!(
                "{} {} {}",
                item["slot"].as_str().unwrap(),
                item["article"]["id"].as_str().unwrap(),
                item["note"]
            )
        };
        list["items"].as_array().unwrap().iter().map(one).collect::<Vec<_>>()
    };
    let first = format!("headline {} null", ids[1]);
    assert_eq!(listed("/api/v1/headlines").await, [format!("home {} \"今夜大潮\"", ids[1]), first.clone()]);
    assert_eq!(listed("/api/v1/headlines?channel=tech").await, [first]);
    assert!(listed("/api/v1/headlines?channel=city").await.is_empty());
    assert_eq!(
        desk.anybody.get("/api/v1/headlines?channel=sea").await.field_errors(),
        ["channel channel-unknown"]
    );
    desk.articles.retract(ids[1]).await.unwrap();
    assert_eq!(listed("/api/v1/headlines").await, [format!("headline {} null", ids[2])]);
    desk.advance(Duration::from_hours(1));
    assert_eq!(listed("/api/v1/headlines").await[0], format!("home {} null", ids[0]));

    let text = TopicText { zh: "潮汐".into(), ..TopicText::default() };
    let topic = e.create_topic(&editor, "tides", text).await.unwrap();
    e.add_to_topic(&editor, topic, ids[0], "涨潮").await.unwrap();
    assert_eq!(desk.anybody.get("/api/v1/topics/tides").await.status, 404);
    e.publish_topic(&editor, topic).await.unwrap();
    let list = desk.anybody.get("/api/v1/topics").await.json();
    assert_eq!(list["items"][0]["url"], format!("{SITE}/topic/tides"));
    assert_eq!((&list["items"][0]["title"]["zh"], &list["next"]), (&"潮汐".into(), &Value::Null));
    let whole = desk.anybody.get("/api/v1/topics/tides").await.json();
    let section = &whole["sections"][0];
    assert_eq!((&whole["slug"], &section["title"]), (&"tides".into(), &"涨潮".into()));
    assert_eq!(section["items"][0]["id"], ids[0].to_string());
    desk.articles.retract(ids[0]).await.unwrap();
    assert_eq!(desk.anybody.get("/api/v1/topics/tides").await.status, 404);
}
