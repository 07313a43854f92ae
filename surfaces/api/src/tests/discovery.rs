//! What leads from one article to others.

use tokio_util::sync::CancellationToken;

use super::*;

fn ids(list: &Value) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

impl Desk {
    async fn write_about(&self, author: &str, channel: &str, title: &str, body: &str) -> String {
        let author = self.authors.ensure(author, author).await.unwrap();
        let channel = Some(Slug::new(channel).unwrap());
        let draft = Draft { title: title.into(), body: body.into(), channel, ..Draft::default() };
        self.article_of(author.id, draft, State::Live).await.to_string()
    }
}

#[tokio::test]
async fn related_articles_are_close_and_can_be_read() {
    let desk = Desk::open(false).await;
    let tides = desk.write_about("ai", "tech", "How tide tables are made", "Tides follow the moon.").await;
    let moon =
        desk.write_about("bo", "city", "The moon and the tides", "A harbour waits for its tide.").await;
    let gone = desk.write_about("bo", "city", "A tide table for the harbour", "Moon, tide, harbour.").await;
    let bread = desk.write_about("bo", "city", "Bread from the oven", "Flour, water and salt.").await;
    desk.search().rebuild(&CancellationToken::new(), |_| {}).await.unwrap();
    desk.articles.retract(gone.parse().unwrap()).await.unwrap();

    let path = format!("/api/v1/articles/{tides}/related");
    let answer = desk.anybody.get(&path).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let related = answer.json();
    assert_eq!(ids(&related)[0], moon);
    for other in [&tides, &gone, &bread] {
        assert!(!ids(&related).contains(other), "{other}");
    }
    assert_eq!(related["items"][0]["author"]["handle"], "bo");
    for (query, wrong) in [("limit=21", "limit limit-range"), ("cursor=2.2", "cursor parameter-unknown")] {
        assert_eq!(desk.anybody.get(&format!("{path}?{query}")).await.field_errors(), [wrong]);
    }

    assert_eq!(desk.anybody.get(&format!("/api/v1/articles/{gone}/related")).await.status, 410);
    let draft = desk.tagged(&desk.author, "tech", "潮汐", false).await;
    assert_eq!(desk.anybody.get(&format!("/api/v1/articles/{draft}/related")).await.status, 404);
}

#[tokio::test]
async fn hot_articles_are_those_that_are_talked_about() {
    let desk = Desk::open(false).await;
    let quiet = desk.write_about("ai", "tech", "One", "Text.").await;
    let talked = desk.write_about("bo", "city", "Two", "Text.").await;
    let newest = desk.write_about("cy", "tech", "Three", "Text.").await;
    let gone = desk.write_about("di", "tech", "Four", "Text.").await;
    let user = desk.writer.clone();
    for id in [&talked, &talked, &gone] {
        desk.advance(Duration::from_secs(61));
        desk.comments.post(&user, id.parse().unwrap(), None, &format!("Comment on {id}")).await.unwrap();
    }
    desk.lists().hot.load().await.unwrap();
    desk.articles.retract(gone.parse().unwrap()).await.unwrap();

    let hot = desk.anybody.get("/api/v1/hot").await;
    assert_eq!(hot.status, 200, "{}", hot.text);
    assert_eq!(ids(&hot.json()), [&talked, &newest, &quiet].map(String::clone));
    assert_eq!(hot.json()["items"][0]["comments"], 2);
    assert_eq!(ids(&desk.anybody.get("/api/v1/hot?limit=1").await.json()), [talked.as_str()]);
    assert_eq!(ids(&desk.anybody.get("/api/v1/hot?channel=tech").await.json()), [newest, quiet]);
    assert_eq!(ids(&desk.anybody.get("/api/v1/hot?span=week&limit=1").await.json()), [talked.as_str()]);
    assert_eq!(desk.anybody.get("/api/v1/hot?span=year").await.field_errors(), ["span span-unknown"]);
    assert_eq!(
        desk.anybody.get("/api/v1/hot?channel=none").await.field_errors(),
        ["channel channel-unknown"]
    );
    assert_eq!(desk.anybody.get("/api/v1/hot?limit=51").await.field_errors(), ["limit limit-range"]);
}
