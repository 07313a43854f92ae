//! Headlines, pins, topics, and the log of them.

use std::time::Duration;

use articles::State;
use db::{Db, db_test};
use editorial::{Slot, SlotItem};
use kernel::{ArticleId, TopicId};
use testing::{Answer, TestSite};
use tokio_util::sync::CancellationToken;

use super::open;

async fn put(site: &TestSite, slot: &str, article: ArticleId) -> Answer {
    site.post("editor", &format!("/admin/headlines/{slot}"), &[("thing", &*article.to_string())]).await
}

async fn standing(site: &TestSite, slot: &Slot) -> Vec<SlotItem> {
    let standing = site.editorial.standing(site.env.now()).await.unwrap();
    standing.slot(slot).iter().map(|placement| placement.thing).collect()
}

/// The ids of the rows of a list in its order.
async fn listed(site: &TestSite, page: &str) -> Vec<String> {
    let text = site.get("editor", page).await.text;
    let list = text.split("data-order>").nth(1).unwrap_or_default().split("</ol>").next().unwrap();
    list.split("data-id=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[db_test]
async fn an_article_is_placed_by_its_address_and_moved(db: Db) {
    let site = open(&db).await;
    let (tides, ferries) =
        (site.article("Tides", State::Live).await, site.article("Ferries", State::Live).await);
    let empty = site.get("editor", "/admin/headlines/home").await;
    assert!(empty.has("the lead of the home page is by heat now"));

    let address = format!("https%3A%2F%2Fnews.example%2Farticle%2F{tides}");
    let found = site.get("editor", &format!("/admin/headlines/home?q={address}")).await;
    let pressed = format!("value=\"{}\" checked", tides);
    assert!(found.has(&pressed), "the only one that is found is chosen");
    let answer = put(&site, "home", tides).await;
    assert_eq!((answer.status, answer.location()), (303, "/admin/headlines/home?done=placed"));
    assert!(site.get("editor", &answer.location()).await.has("Put first."));
    put(&site, "home", ferries).await;
    let rows = listed(&site, "/admin/headlines/home").await;
    let page = site.get("editor", "/admin/headlines/home").await;
    assert!(page.text.find(">Ferries<") < page.text.find(">Tides<"), "the last placed is first");

    let path = format!("/admin/headlines/home/{}/move", rows[1]);
    let answer = site.post("editor", &path, &[("to", "1")]).await;
    assert_eq!((answer.status, answer.location()), (303, "/admin/headlines/home?done=moved"));
    assert_eq!(listed(&site, "/admin/headlines/home").await, [rows[1].clone(), rows[0].clone()]);
    assert_eq!(standing(&site, &Slot::Home).await, [SlotItem::Article(tides), SlotItem::Article(ferries)]);
    assert_eq!(site.post("editor", &path, &[("to", "up")]).await.status, 422);
    let elsewhere = format!("/admin/headlines/pinned-city/{}/move", rows[1]);
    assert_eq!(site.post("editor", &elsewhere, &[("to", "1")]).await.status, 404, "not in that slot");
    for slot in ["nowhere", "pinned-nowhere"] {
        assert_eq!(site.get("editor", &format!("/admin/headlines/{slot}")).await.status, 404, "{slot}");
    }

    let answer = site.post("editor", &format!("/admin/headlines/home/{}/remove", rows[1]), "").await;
    assert_eq!(answer.location(), "/admin/headlines/home?done=unplaced");
    assert_eq!(standing(&site, &Slot::Home).await, [SlotItem::Article(ferries)]);
    let overview = site.get("operator", "/admin/headlines").await;
    assert!(overview.has(">Ferries<") && overview.has("By heat"));

    let log = site.get("operator", "/admin/headlines/log").await;
    for action in ["Placed", "Moved", "Removed"] {
        assert!(log.has(&format!("<td>{action}<")), "{action}");
    }
    assert!(log.has("From place 2 to 1") && log.has("@editor") && log.has(">Tides<"));
}

#[db_test]
async fn what_is_refused_stays_typed_and_says_why(db: Db) {
    let site = open(&db).await;
    let (live, draft) =
        (site.article("Tides", State::Live).await, site.article("Unfinished", State::Draft).await);
    let path = "/admin/headlines/headline-city";
    let (tides, unfinished) = (live.to_string(), draft.to_string());
    let typed = [("q", &*tides), ("note", "Tonight"), ("starts", "2024-06-07T08:00"), ("ends", "later")];
    let refused = site.post("editor", path, &typed).await;
    assert_eq!(refused.status, 422);
    assert!(refused.has("id=\"thing-error\"") && refused.has("id=\"ends-error\""));
    assert!(refused.has("value=\"2024-06-07T08:00\"") && refused.has("value=\"Tonight\""));
    assert!(refused.has(">Tides<"), "what was found is found again");

    for (ends, said) in [("2024-06-07T07:59", "end after it begins"), ("2024-06-05T17:59", "is past")] {
        let fields = [("thing", &*tides), ("starts", "2024-06-07T08:00"), ("ends", ends)];
        let refused = site.post("editor", path, &fields).await;
        assert!(refused.status == 422 && refused.has(said), "{ends}");
    }
    let secret = site.get("editor", &format!("{path}?q={unfinished}")).await;
    assert!(!secret.has("Unfinished"), "a draft is its author's own");
    let refused = site.post("editor", path, &[("thing", &unfinished)]).await;
    assert!(
        refused.status == 422 && refused.has("Only published and scheduled") && !refused.has("Unfinished")
    );
    assert_eq!(put(&site, "headline-city", live).await.status, 303);
    let again = put(&site, "headline-city", live).await;
    assert!(again.status == 422 && again.has("It is here already."));
}

#[db_test]
async fn times_are_the_sites_and_can_be_changed(db: Db) {
    let site = open(&db).await;
    let tides = site.article("Tides", State::Live).await;
    // The clock stands at 18:00 in Shanghai.
    let fields = [
        ("thing", &*tides.to_string()),
        ("starts", "2024-06-05T19:00"),
        ("ends", "2024-06-05T20:00"),
        ("note", "Tonight <b>"),
    ];
    assert_eq!(site.post("editor", "/admin/headlines/home", &fields).await.status, 303);
    let page = site.get("editor", "/admin/headlines/home").await;
    assert!(page.has("To come") && page.has("5 June 2024 19:00") && page.has("Tonight &lt;b&gt;"));
    assert!(standing(&site, &Slot::Home).await.is_empty());
    site.advance(Duration::from_hours(1));
    assert!(site.get("editor", "/admin/headlines/home").await.has("Readers see it"));
    site.advance(Duration::from_hours(1));
    let page = site.get("editor", "/admin/headlines/home").await;
    assert!(page.has("1 that ended lately") && !page.has("data-order"));

    let id = site.editorial.slot(&Slot::Home).await.unwrap()[0].id;
    let path = format!("/admin/headlines/home/{id}");
    let form = site.get("editor", &path).await;
    assert!(form.has("value=\"2024-06-05T19:00\"") && form.has("value=\"Tonight &lt;b&gt;\""));
    let refused = site.post("editor", &path, &[("ends", "2024-06-05T20:00")]).await;
    assert!(refused.status == 422 && refused.has("id=\"ends-error\"") && refused.has("This time is past."));
    let answer = site.post("editor", &path, &[("starts", "2024-06-05T19:00")]).await;
    assert_eq!((answer.status, answer.location()), (303, "/admin/headlines/home?done=saved"));
    assert_eq!(standing(&site, &Slot::Home).await, [SlotItem::Article(tides)]);
}

#[db_test]
async fn an_article_that_is_gone_is_marked(db: Db) {
    let site = open(&db).await;
    let (tides, ferries) =
        (site.article("Tides", State::Live).await, site.article("Ferries", State::Live).await);
    put(&site, "headline-city", tides).await;
    put(&site, "headline-city", ferries).await;
    let page = site.get("editor", "/admin/headlines/headline-city").await;
    let (now, next) = (page.text.find("Readers see it").unwrap(), page.text.find("Stands by").unwrap());
    assert!(now < next);
    site.post("reviewer", &format!("/admin/review/{ferries}/retract"), &[("retract", "wrong")]).await;
    let page = site.get("editor", "/admin/headlines/headline-city").await;
    assert!(page.has("Not for readers to see") && page.has("Readers see it") && !page.has("Stands by"));
}

#[db_test]
async fn articles_are_found_by_words(db: Db) {
    let site = open(&db).await;
    let stop = CancellationToken::new();
    tokio::spawn(site.search().clone().run(stop.clone()));
    let tides = site.article("Spring tides", State::Live).await;
    for _ in 0..500 {
        if site.search().len() == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let found = site.get("editor", "/admin/headlines/home?q=spring").await;
    assert!(found.has(">Spring tides<") && found.has(&tides.to_string()) && found.has("Harbour"));
    assert!(site.get("editor", "/admin/headlines/home?q=autumn").await.has("Nothing was found"));
    stop.cancel();
}

#[db_test]
async fn a_topic_is_made_filled_and_published(db: Db) {
    let site = open(&db).await;
    let (tides, ferries) =
        (site.article("Tides", State::Live).await, site.article("Ferries", State::Live).await);
    let refused = site.post("editor", "/admin/topics", &[("slug", "Sea!"), ("summary_en", "Of water")]).await;
    assert!(refused.status == 422 && refused.has("id=\"slug-error\"") && refused.has("Of water</textarea>"));
    let answer = site.post("editor", "/admin/topics", &[("slug", "sea"), ("en", "The <sea>")]).await;
    let path = answer.location().trim_end_matches("?done=topic").to_owned();
    assert!(answer.status == 303 && path.starts_with("/admin/topics/"), "{}", answer.location());
    let taken = site.post("editor", "/admin/topics", &[("slug", "sea"), ("en", "Sea")]).await;
    assert!(taken.status == 422 && taken.has("There is a topic of this name already."));
    let early = site.post("editor", &format!("{path}/publish"), "").await;
    assert!(early.status == 422 && early.has("There is no article in it"));

    for (article, section) in [(&tides, ""), (&ferries, "The <harbour>")] {
        let fields = [("thing", &*article.to_string()), ("section", section)];
        let answer = site.post("editor", &format!("{path}/articles"), &fields).await;
        assert_eq!(answer.location(), format!("{path}?done=topic-added"));
    }
    let none = site.post("editor", &format!("{path}/articles"), &[("section", "Kept")]).await;
    assert!(none.status == 422 && none.has("Choose one first."));
    let moved = format!("{path}/articles/{ferries}/move");
    site.post("editor", &moved, &[("to", "1")]).await;
    assert_eq!(listed(&site, &path).await, [ferries.to_string(), tides.to_string()]);
    let section = format!("{path}/articles/{ferries}/section");
    let long = site.post("editor", &section, &[("section", &"x".repeat(41))]).await;
    assert!(long.status == 422 && long.has(&format!("id=\"section-error-{}\"", ferries)));
    assert_eq!(site.post("editor", &section, &[("section", "Boats")]).await.status, 303);

    let answer = site.post("editor", &format!("{path}/publish"), "").await;
    assert_eq!(answer.location(), format!("{path}?done=topic-published"));
    let fields = [("en", "Of the sea"), ("cover", &*ferries.to_string())];
    assert_eq!(site.post("editor", &path, &fields).await.status, 303);
    let blank = site.post("editor", &path, &[("en", " ")]).await;
    assert!(blank.status == 422 && blank.has("id=\"zh-error\""));
    let page = site.get("editor", &path).await;
    assert!(page.has("Of the sea") && page.has("value=\"Boats\"") && page.has("href=\"/topic/sea\""));
    assert!(page.has(&format!("<option value=\"{}\" selected>Ferries", ferries)));

    // It can be put on the home page, and it can go again.
    let id: TopicId = path.rsplit('/').next().unwrap().parse().unwrap();
    assert!(site.get("editor", "/admin/headlines/topics").await.has("Of the sea"));
    site.post("editor", "/admin/headlines/topics", &[("thing", &id.to_string())]).await;
    assert_eq!(standing(&site, &Slot::Topics).await, [SlotItem::Topic(id)]);
    site.post("editor", &format!("{path}/articles/{ferries}/remove"), "").await;
    assert_eq!(listed(&site, &path).await, [tides.to_string()]);
    site.post("editor", &format!("{path}/withdraw"), "").await;
    assert!(site.get("editor", "/admin/topics").await.has("Not published"));
    let log = site.get("editor", "/admin/headlines/log").await;
    for action in ["Made a topic", "Added to", "Moved in", "Changed a heading", "Published", "Withdrew"] {
        assert!(log.has(action), "{action}");
    }
}
