//! Nothing that is not live shows anywhere.

use accounts::Role;
use articles::State;
use db::{Db, db_test};
use editorial::{Slot, Terms, Thing, TopicText};
use kernel::{ArticleId, Env, Slug};
use moderation::Verdict;

use super::House;

/// Pages of somebody's own: visitors are asked to sign in.
const OWN: [&str; 1] = ["/following"];

/// Every public address that lists articles.
fn lists(live: ArticleId) -> Vec<String> {
    let mut lists: Vec<String> = ["", "/channel/city", "/@harbour"]
        .iter()
        .flat_map(|base| ["feed.xml", "rss.xml", "feed.json"].map(|file| format!("{base}/{file}")))
        .collect();
    let pages = [
        "/",
        "/channel/city",
        "/@harbour",
        "/@harbour/articles",
        "/tag/lamps",
        "/hot",
        "/hot?span=week&channel=city",
        "/topic/lamps",
        "/latest",
        "/following",
        "/for-you",
        "/search?q=lighthouse",
        "/search?q=lighthouse&author=harbour",
        "/sitemap.xml",
        "/news-sitemap.xml",
        "/api/v1/articles",
        "/api/v1/articles?channel=city",
        "/api/v1/articles?author=harbour",
        "/api/v1/articles?tag=lamps",
        "/api/v1/hot",
        "/api/v1/search?q=lighthouse",
    ];
    lists.extend(pages.map(str::to_owned));
    lists.push(format!("/api/v1/articles/{live}"));
    lists
}

impl House {
    /// Into every slot, and into a topic on the home page. What was taken back was placed while it was live.
    async fn place_all(&self, articles: &[ArticleId]) {
        let s = &self.site.services;
        let editor = s.accounts.ensure("editor", "Editor", None, None).await.unwrap().id;
        s.accounts.grant(editor, Role::Editor).await.unwrap();
        let editor = s.accounts.find(editor).await.unwrap().unwrap().into();
        let city = Slug::new("city").unwrap();
        let text = TopicText { en: "Lamps".into(), ..TopicText::default() };
        let topic = s.editorial.create_topic(&editor, "lamps", text).await.unwrap();
        let retracted = articles[articles.len() - 1];
        s.moderation.decide(&editor, retracted, Verdict::Restore).await.unwrap();
        for &id in articles {
            for slot in [Slot::Home, Slot::Headline(city.clone()), Slot::Pinned(city.clone())] {
                s.editorial.place(&editor, slot, Thing::Article(id), Terms::default()).await.unwrap();
            }
            s.editorial.add_to_topic(&editor, topic, id, "").await.unwrap();
        }
        let wrong = Verdict::Retract { code: "wrong".into() };
        s.moderation.decide(&self.reviewer, retracted, wrong).await.unwrap();
        s.editorial.publish_topic(&editor, topic).await.unwrap();
        s.editorial.place(&editor, Slot::Topics, Thing::Topic(topic), Terms::default()).await.unwrap();
    }
}

#[db_test]
async fn what_is_not_live_is_nowhere(db: Db) {
    let house = House::new(db, Env::system()).await;
    let hidden = [
        ("Draftling", State::Draft),
        ("Submittable", State::Submitted),
        ("Scheduleable", State::Scheduled),
        ("Returnling", State::Returned),
        ("Retractable", State::Retracted),
    ];
    let mut ids = Vec::new();
    for (title, state) in hidden {
        ids.push((title, state, house.article(title, state).await));
    }
    let live = house.article("Livewire", State::Live).await;
    // Beside it on its own page stands another, so that there is something related.
    let other = house.article("Companion", State::Live).await;
    let word = live.to_string();
    house.wait("/search?q=lighthouse", &other.to_string(), true).await;
    house.wait(&format!("/api/v1/articles/{live}/related"), &other.to_string(), true).await;
    house.place_all(&[live, ids[2].2, ids[4].2]).await;

    let mut addresses = lists(live);
    for path in &addresses {
        house.wait(path, &word, true).await;
    }
    addresses.extend([format!("/article/{live}"), format!("/api/v1/articles/{other}/related")]);
    for path in &addresses {
        let mut answers = vec![house.ask(path).await];
        if !OWN.contains(&path.as_str()) {
            answers.push(house.visit(path).await);
        }
        for (status, text) in answers {
            assert_eq!(status, 200, "{path}");
            for (title, state, id) in &ids {
                let found = text.contains(title) || text.contains(&id.to_string());
                assert!(!found, "{path} shows an article that is {}", state.name());
            }
        }
    }
    for (title, state, id) in &ids {
        let want = if *state == State::Retracted { 410 } else { 404 };
        for path in [
            format!("/article/{id}"),
            format!("/article/{id}/comments"),
            format!("/api/v1/articles/{id}"),
            format!("/api/v1/articles/{id}/comments"),
            format!("/api/v1/articles/{id}/related"),
            format!("/oembed?url=http://127.0.0.1:8080/article/{id}"),
        ] {
            let (status, text) = house.ask(&path).await;
            assert!(
                status == want || status == 404,
                "{path} of an article that is {}: {status}",
                state.name()
            );
            assert!(!text.contains(title), "{path}");
        }
    }

    // And what was live goes from everywhere.
    house
        .site
        .services
        .moderation
        .decide(&house.reviewer, live, Verdict::Retract { code: "law".into() })
        .await
        .unwrap();
    for path in addresses.iter().filter(|path| !path.contains(&word)) {
        house.wait(path, &word, false).await;
        if !OWN.contains(&path.as_str()) {
            house.wait_as(async || house.visit(path).await.1, path, &word, false).await;
        }
    }
    assert_eq!(house.ask(&format!("/article/{live}")).await.0, 410);
    assert_eq!(house.visit(&format!("/article/{live}")).await.0, 410);
    house.stop.cancel();
}

/// The list that walks go by is that of the router itself.
#[db_test]
async fn every_address_is_listed_once(db: Db) {
    let house = House::new(db, Env::system()).await;
    let endpoints = &house.site.endpoints;
    let mut sorted = endpoints.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(sorted.len(), endpoints.len());
    for path in ["/", "/admin/review", "/studio/new", "/feed.xml", "/api/v1/articles", "/healthz"] {
        assert!(endpoints.iter().any(|e| e.method == "GET" && e.path == path), "{path}");
    }
    house.stop.cancel();
}
