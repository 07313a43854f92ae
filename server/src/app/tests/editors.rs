//! What editors place is on the pages that visitors are given out of the cache: from its time on, until its time is over.

use std::time::Duration;

use articles::State;
use db::{Db, db_test};
use editorial::{Slot, SlotItem, Terms, TopicText};
use kernel::{ArticleId, Env, PlacementId, Slug, Time, TopicId};
use moderation::Verdict;

use testing::Answer;

use super::{House, get};

const HOUR: Duration = Duration::from_hours(1);

impl House {
    async fn place(&self, slot: &Slot, article: ArticleId, terms: Terms) -> PlacementId {
        let editor = self.viewer("editor").await;
        let editorial = &self.editorial;
        editorial.place(&editor, slot.clone(), SlotItem::Article(article), terms).await.unwrap()
    }

    /// The first article of a page's lead, and why it is there.
    async fn lead(&self, path: &str) -> String {
        let html = self.get_anonymous(path).await.text;
        let lead = html.split("card lead").nth(1).unwrap_or_default();
        lead.split("</article>").next().unwrap_or_default().to_owned()
    }

    async fn wait_lead(&self, path: &str, what: &str, has: bool) {
        self.wait_as(async || self.lead(path).await, path, what, has).await;
    }

    /// The channels' headlines beside an article.
    async fn headlines(&self, path: &str) -> String {
        let html = self.get_anonymous(path).await.text;
        html.split("id=\"channel-headlines\"")
            .nth(1)
            .and_then(|r| r.split("</section>").next())
            .unwrap()
            .to_owned()
    }
}

fn city() -> Slug {
    Slug::new("city").unwrap()
}

#[db_test]
async fn a_lead_begins_and_ends_by_the_clock_and_heat_fills_its_place(db: Db) {
    let (env, clock) = Env::manual(Time::parse("2024-06-05T10:00:00Z").unwrap());
    let house = House::new(db, env.clone()).await;
    let old = house.article("Elderly", State::Live).await;
    clock.advance(HOUR);
    let new = house.article("Newborn", State::Live).await;
    let now = env.now();
    house.wait_lead("/", &new.to_string(), true).await;
    assert!(!house.lead("/").await.contains("Picked by the editors"));

    let terms = Terms {
        starts_at: Some(now.plus(HOUR)),
        ends_at: Some(now.plus(2 * HOUR)),
        note: Some("For the night watch".into()),
    };
    house.place(&Slot::Home, old, terms).await;
    house
        .place(&Slot::Pinned(city()), old, Terms { ends_at: Some(now.plus(HOUR)), ..Terms::default() })
        .await;
    house.wait_lead("/channel/city", &old.to_string(), true).await;
    assert!(house.lead("/").await.contains(&new.to_string()), "its time has not come");

    clock.advance(HOUR);
    house.wait_lead("/", &old.to_string(), true).await;
    assert!(house.lead("/").await.contains("Picked by the editors: For the night watch"));
    let home = house.get_anonymous("/").await.text;
    let (lead, rest) = home.split_once("front-rest").unwrap();
    assert!(lead.contains(&old.to_string()) && rest.contains(&new.to_string()), "heat fills what is left");
    house.wait_lead("/channel/city", &new.to_string(), true).await;

    clock.advance(HOUR);
    house.wait_lead("/", &new.to_string(), true).await;
    house.stop.cancel();
}

#[db_test]
async fn the_headline_of_a_channel_is_beside_every_article_while_it_may_be_seen(db: Db) {
    let house = House::new(db, Env::system()).await;
    let first = house.article("Firstling", State::Live).await;
    let second = house.article("Secondary", State::Live).await;
    let scheduled = house.article("Scheduleable", State::Scheduled).await;
    let page = format!("/article/{first}");
    let has = async |what: String, has: bool| {
        house.wait_as(async || house.headlines(&page).await, &page, &what, has).await;
    };
    let slot = Slot::Headline(city());
    has("Picked by the editors".into(), false).await;
    for id in [first, second] {
        let placed = house.place(&slot, id, Terms::default()).await;
        has("Picked by the editors".into(), true).await;
        has(id.to_string(), true).await;
        house.editorial.remove(&house.viewer("editor").await, placed).await.unwrap();
        has("Picked by the editors".into(), false).await;
    }

    // What is not to be seen never shows; the next of the slot does.
    house.place(&slot, second, Terms::default()).await;
    has(second.to_string(), true).await;
    house.place(&slot, scheduled, Terms::default()).await;
    let third = house.article("Thirdhand", State::Live).await;
    house.place(&slot, third, Terms::default()).await;
    has(third.to_string(), true).await;
    house.wait_lead("/channel/city", &third.to_string(), true).await;
    let s = &house.services;
    let law = Verdict::Retract { code: "law".into() };
    house.decide(third, law).await;
    has(second.to_string(), true).await;
    has("Picked by the editors".into(), true).await;
    house.wait_lead("/channel/city", &second.to_string(), true).await;
    for path in ["/", "/channel/city", &page] {
        let html = house.get_anonymous(path).await.text;
        assert!(!html.contains(&scheduled.to_string()) && !html.contains("Scheduleable"), "{path}");
    }
    house.stop.cancel();
}

#[db_test]
async fn a_topic_is_named_on_the_pages_of_its_articles(db: Db) {
    let house = House::new(db, Env::system()).await;
    let (editor, editorial) = (house.viewer("editor").await, &house.editorial);
    let live = house.article("Livewire", State::Live).await;
    let hidden = house.article("Scheduleable", State::Scheduled).await;
    let text = TopicText { en: "Lamps & keepers".into(), ..TopicText::default() };
    let id: TopicId = editorial.create_topic(&editor, "lamps", text).await.unwrap();
    for article in [live, hidden] {
        editorial.add_to_topic(&editor, id, article, "By night").await.unwrap();
    }
    editorial.place(&editor, Slot::Topics, SlotItem::Topic(id), Terms::default()).await.unwrap();
    let (page, link) = (format!("/article/{live}"), "/topic/lamps");
    let everywhere = ["/", "/topics", &page, "/sitemap.xml"];
    for path in everywhere {
        assert!(!house.get_anonymous(path).await.text.contains(link), "{path} names a draft");
    }
    assert_eq!(house.get_anonymous(link).await.status, 404);

    editorial.publish_topic(&editor, id).await.unwrap();
    for path in everywhere {
        house.wait_as(async || house.get_anonymous(path).await.text, path, link, true).await;
    }
    house.wait_as(async || house.get_anonymous(link).await.text, link, "CollectionPage", true).await;
    let Answer { status, text: topic, .. } = house.get_anonymous(link).await;
    assert!(status == 200 && topic.contains("Lamps &amp; keepers") && topic.contains("By night"));
    assert!(topic.contains("\"numberOfItems\":1") && topic.contains("1 article<"));
    for path in everywhere.into_iter().chain([link]) {
        assert!(!house.get_anonymous(path).await.text.contains(&hidden.to_string()), "{path}");
    }

    // Once nothing of it may be seen, neither may the topic.
    let law = Verdict::Retract { code: "law".into() };
    house.decide(live, law).await;
    for path in ["/", "/topics"] {
        house.wait_as(async || house.get_anonymous(path).await.text, path, link, false).await;
    }
    house.wait_as(async || house.get_anonymous(link).await.status.to_string(), link, "404", true).await;
    house.stop.cancel();
}

#[db_test]
async fn a_preview_is_for_editors_and_shows_the_time_to_come(db: Db) {
    let (env, _) = Env::manual(Time::parse("2024-06-05T10:00:00Z").unwrap());
    let house = House::new(db, env.clone()).await;
    let old = house.article("Elderly", State::Live).await;
    house.article("Newborn", State::Live).await;
    let tomorrow = Terms { starts_at: Some(env.now().plus(24 * HOUR)), ..Terms::default() };
    house.place(&Slot::Home, old, tomorrow.clone()).await;
    house.place(&Slot::Headline(city()), old, tomorrow).await;
    // 24 hours on, 18:00 in Shanghai.
    for (path, plain) in [("/preview/home", "/"), ("/preview/channel/city", "/channel/city")] {
        let (now, then) = (path.to_owned(), format!("{path}?at=2024-06-06T18:00"));
        assert_eq!(house.get_anonymous(&now).await.status, 303, "sign in first");
        assert_eq!(house.ask(&now).await.status, 403, "a reader may not");
        let cookie = house.cookie("editor").await;
        let see = async |path: &str| house.send(get(path).header("cookie", &cookie)).await;
        let (before, after) = (see(&now).await, see(&then).await);
        assert_eq!(before.status, 200);
        let (before, after) = (before.text, after.text);
        assert!(
            !before.contains("Picked by the editors") && after.contains("Picked by the editors"),
            "{path}"
        );
        assert!(after.contains("6 June 2024 18:00") && after.contains("noindex"));
        let Answer { status, text: everybodys, .. } = house.get_anonymous(plain).await;
        assert!(status == 200 && !everybodys.contains("Picked by the editors"), "{plain}");
    }
    house.stop.cancel();
}
