//! Headlines, pins, topics, and the log of them.

use std::time::Duration;

use db::{Db, db_test};
use editorial::{Slot, SlotItem};
use kernel::{ArticleId, Clock, TopicId};
use tokio_util::sync::CancellationToken;

use super::{Answer, Desk};

impl Desk {
    async fn put(&self, slot: &str, article: ArticleId) -> Answer {
        self.post("editor", &format!("/admin/headlines/{slot}"), &[("thing", &article.to_string())]).await
    }

    async fn standing(&self, slot: &Slot) -> Vec<SlotItem> {
        let standing = self.admin.editorial.standing(self.clock.now()).await.unwrap();
        standing.slot(slot).iter().map(|placement| placement.thing).collect()
    }

    /// The ids of the rows of a list in its order.
    async fn rows(&self, page: &str) -> Vec<String> {
        let text = self.get("editor", page).await.text;
        let list = text.split("data-order>").nth(1).unwrap_or_default().split("</ol>").next().unwrap();
        list.split("data-id=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    }
}

#[db_test]
async fn an_article_is_placed_by_its_address_and_moved(db: Db) {
    let desk = Desk::open(&db).await;
    let (tides, ferries) = (desk.live("Tides").await, desk.live("Ferries").await);
    let empty = desk.get("editor", "/admin/headlines/home").await;
    assert!(empty.has("the lead of the home page is by heat now"));

    let address = format!("https%3A%2F%2Fnews.example%2Farticle%2F{}", tides.id);
    let found = desk.get("editor", &format!("/admin/headlines/home?q={address}")).await;
    let pressed = format!("value=\"{}\" checked", tides.id);
    assert!(found.has(&pressed), "the only one that is found is chosen");
    let answer = desk.put("home", tides.id).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, "/admin/headlines/home?done=placed"));
    assert!(desk.get("editor", &answer.location).await.has("Put first."));
    desk.put("home", ferries.id).await;
    let rows = desk.rows("/admin/headlines/home").await;
    let page = desk.get("editor", "/admin/headlines/home").await;
    assert!(page.text.find(">Ferries<") < page.text.find(">Tides<"), "the last placed is first");

    let path = format!("/admin/headlines/home/{}/move", rows[1]);
    let answer = desk.post("editor", &path, &[("to", "1")]).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, "/admin/headlines/home?done=moved"));
    assert_eq!(desk.rows("/admin/headlines/home").await, [rows[1].clone(), rows[0].clone()]);
    assert_eq!(
        desk.standing(&Slot::Home).await,
        [SlotItem::Article(tides.id), SlotItem::Article(ferries.id)]
    );
    assert_eq!(desk.post("editor", &path, &[("to", "up")]).await.status, 422);
    let elsewhere = format!("/admin/headlines/pinned-city/{}/move", rows[1]);
    assert_eq!(desk.post("editor", &elsewhere, &[("to", "1")]).await.status, 404, "not in that slot");
    for slot in ["nowhere", "pinned-nowhere"] {
        assert_eq!(desk.get("editor", &format!("/admin/headlines/{slot}")).await.status, 404, "{slot}");
    }

    let answer = desk.post("editor", &format!("/admin/headlines/home/{}/remove", rows[1]), &[]).await;
    assert_eq!(answer.location, "/admin/headlines/home?done=unplaced");
    assert_eq!(desk.standing(&Slot::Home).await, [SlotItem::Article(ferries.id)]);
    let overview = desk.get("operator", "/admin/headlines").await;
    assert!(overview.has(">Ferries<") && overview.has("By heat"));

    let log = desk.get("operator", "/admin/headlines/log").await;
    for deed in ["Placed", "Moved", "Removed"] {
        assert!(log.has(&format!("<td>{deed}<")), "{deed}");
    }
    assert!(log.has("From place 2 to 1") && log.has("@editor") && log.has(">Tides<"));
}

#[db_test]
async fn what_is_refused_stays_typed_and_says_why(db: Db) {
    let desk = Desk::open(&db).await;
    let (live, draft) = (desk.live("Tides").await, desk.write("Unfinished").await);
    let path = "/admin/headlines/headline-city";
    let (tides, unfinished) = (live.id.to_string(), draft.id.to_string());
    let typed = [("q", &*tides), ("note", "Tonight"), ("starts", "2024-06-07T08:00"), ("ends", "later")];
    let refused = desk.post("editor", path, &typed).await;
    assert_eq!(refused.status, 422);
    assert!(refused.has("id=\"thing-error\"") && refused.has("id=\"ends-error\""));
    assert!(refused.has("value=\"2024-06-07T08:00\"") && refused.has("value=\"Tonight\""));
    assert!(refused.has(">Tides<"), "what was found is found again");

    for (ends, said) in [("2024-06-07T07:59", "end after it begins"), ("2024-06-05T17:59", "is past")] {
        let fields = [("thing", &*tides), ("starts", "2024-06-07T08:00"), ("ends", ends)];
        let refused = desk.post("editor", path, &fields).await;
        assert!(refused.status == 422 && refused.has(said), "{ends}");
    }
    let secret = desk.get("editor", &format!("{path}?q={unfinished}")).await;
    assert!(!secret.has("Unfinished"), "a draft is its author's own");
    let refused = desk.post("editor", path, &[("thing", &unfinished)]).await;
    assert!(
        refused.status == 422 && refused.has("Only published and scheduled") && !refused.has("Unfinished")
    );
    assert_eq!(desk.put("headline-city", live.id).await.status, 303);
    let again = desk.put("headline-city", live.id).await;
    assert!(again.status == 422 && again.has("It is here already."));
}

#[db_test]
async fn times_are_the_sites_and_can_be_changed(db: Db) {
    let desk = Desk::open(&db).await;
    let tides = desk.live("Tides").await;
    // The clock stands at 18:00 in Shanghai.
    let fields = [
        ("thing", &*tides.id.to_string()),
        ("starts", "2024-06-05T19:00"),
        ("ends", "2024-06-05T20:00"),
        ("note", "Tonight <b>"),
    ];
    assert_eq!(desk.post("editor", "/admin/headlines/home", &fields).await.status, 303);
    let page = desk.get("editor", "/admin/headlines/home").await;
    assert!(page.has("To come") && page.has("5 June 2024 19:00") && page.has("Tonight &lt;b&gt;"));
    assert!(desk.standing(&Slot::Home).await.is_empty());
    desk.clock.advance(Duration::from_hours(1));
    assert!(desk.get("editor", "/admin/headlines/home").await.has("Readers see it"));
    desk.clock.advance(Duration::from_hours(1));
    let page = desk.get("editor", "/admin/headlines/home").await;
    assert!(page.has("1 that ended lately") && !page.has("data-order"));

    let id = desk.admin.editorial.slot(&Slot::Home).await.unwrap()[0].id;
    let path = format!("/admin/headlines/home/{id}");
    let form = desk.get("editor", &path).await;
    assert!(form.has("value=\"2024-06-05T19:00\"") && form.has("value=\"Tonight &lt;b&gt;\""));
    let refused = desk.post("editor", &path, &[("ends", "2024-06-05T20:00")]).await;
    assert!(refused.status == 422 && refused.has("id=\"ends-error\"") && refused.has("This time is past."));
    let answer = desk.post("editor", &path, &[("starts", "2024-06-05T19:00")]).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, "/admin/headlines/home?done=saved"));
    assert_eq!(desk.standing(&Slot::Home).await, [SlotItem::Article(tides.id)]);
}

#[db_test]
async fn an_article_that_is_gone_is_marked(db: Db) {
    let desk = Desk::open(&db).await;
    let (tides, ferries) = (desk.live("Tides").await, desk.live("Ferries").await);
    desk.put("headline-city", tides.id).await;
    desk.put("headline-city", ferries.id).await;
    let page = desk.get("editor", "/admin/headlines/headline-city").await;
    let (now, next) = (page.text.find("Readers see it").unwrap(), page.text.find("Stands by").unwrap());
    assert!(now < next);
    desk.post("reviewer", &format!("/admin/review/{}/retract", ferries.id), &[("retract", "wrong")]).await;
    let page = desk.get("editor", "/admin/headlines/headline-city").await;
    assert!(page.has("Not for readers to see") && page.has("Readers see it") && !page.has("Stands by"));
}

#[db_test]
async fn articles_are_found_by_words(db: Db) {
    let desk = Desk::open(&db).await;
    let stop = CancellationToken::new();
    tokio::spawn(desk.admin.search.clone().run(stop.clone()));
    let tides = desk.live("Spring tides").await;
    for _ in 0..500 {
        if desk.admin.search.len() == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let found = desk.get("editor", "/admin/headlines/home?q=spring").await;
    assert!(found.has(">Spring tides<") && found.has(&tides.id.to_string()) && found.has("Harbour"));
    assert!(desk.get("editor", "/admin/headlines/home?q=autumn").await.has("Nothing was found"));
    stop.cancel();
}

#[db_test]
async fn a_topic_is_made_filled_and_published(db: Db) {
    let desk = Desk::open(&db).await;
    let (tides, ferries) = (desk.live("Tides").await, desk.live("Ferries").await);
    let refused = desk.post("editor", "/admin/topics", &[("slug", "Sea!"), ("summary_en", "Of water")]).await;
    assert!(refused.status == 422 && refused.has("id=\"slug-error\"") && refused.has("Of water</textarea>"));
    let answer = desk.post("editor", "/admin/topics", &[("slug", "sea"), ("en", "The <sea>")]).await;
    let path = answer.location.trim_end_matches("?done=topic").to_owned();
    assert!(answer.status == 303 && path.starts_with("/admin/topics/"), "{}", answer.location);
    let taken = desk.post("editor", "/admin/topics", &[("slug", "sea"), ("en", "Sea")]).await;
    assert!(taken.status == 422 && taken.has("There is a topic of this name already."));
    let early = desk.post("editor", &format!("{path}/publish"), &[]).await;
    assert!(early.status == 422 && early.has("There is no article in it"));

    for (article, section) in [(&tides, ""), (&ferries, "The <harbour>")] {
        let fields = [("thing", &*article.id.to_string()), ("section", section)];
        let answer = desk.post("editor", &format!("{path}/articles"), &fields).await;
        assert_eq!(answer.location, format!("{path}?done=topic-added"));
    }
    let none = desk.post("editor", &format!("{path}/articles"), &[("section", "Kept")]).await;
    assert!(none.status == 422 && none.has("Choose one first."));
    let moved = format!("{path}/articles/{}/move", ferries.id);
    desk.post("editor", &moved, &[("to", "1")]).await;
    assert_eq!(desk.rows(&path).await, [ferries.id.to_string(), tides.id.to_string()]);
    let section = format!("{path}/articles/{}/section", ferries.id);
    let long = desk.post("editor", &section, &[("section", &"x".repeat(41))]).await;
    assert!(long.status == 422 && long.has(&format!("id=\"section-error-{}\"", ferries.id)));
    assert_eq!(desk.post("editor", &section, &[("section", "Boats")]).await.status, 303);

    let answer = desk.post("editor", &format!("{path}/publish"), &[]).await;
    assert_eq!(answer.location, format!("{path}?done=topic-published"));
    let fields = [("en", "Of the sea"), ("cover", &*ferries.id.to_string())];
    assert_eq!(desk.post("editor", &path, &fields).await.status, 303);
    let blank = desk.post("editor", &path, &[("en", " ")]).await;
    assert!(blank.status == 422 && blank.has("id=\"zh-error\""));
    let page = desk.get("editor", &path).await;
    assert!(page.has("Of the sea") && page.has("value=\"Boats\"") && page.has("href=\"/topic/sea\""));
    assert!(page.has(&format!("<option value=\"{}\" selected>Ferries", ferries.id)));

    // It can be put on the home page, and it can go again.
    let id: TopicId = path.rsplit('/').next().unwrap().parse().unwrap();
    assert!(desk.get("editor", "/admin/headlines/topics").await.has("Of the sea"));
    desk.post("editor", "/admin/headlines/topics", &[("thing", &id.to_string())]).await;
    assert_eq!(desk.standing(&Slot::Topics).await, [SlotItem::Topic(id)]);
    desk.post("editor", &format!("{path}/articles/{}/remove", ferries.id), &[]).await;
    assert_eq!(desk.rows(&path).await, [tides.id.to_string()]);
    desk.post("editor", &format!("{path}/withdraw"), &[]).await;
    assert!(desk.get("editor", "/admin/topics").await.has("Not published"));
    let log = desk.get("editor", "/admin/headlines/log").await;
    for deed in ["Made a topic", "Added to", "Moved in", "Changed a heading", "Published", "Withdrew"] {
        assert!(log.has(deed), "{deed}");
    }
}
