//! Placements and topics on a whole site.

mod topics;

use std::time::Duration;

use accounts::Viewer;
use articles::State;
use db::{Db, db_test};
use editorial::events::Placed;
use editorial::{AuditAction, Editorial, Slot, SlotItem, Terms};
use kernel::{ArticleId, Cursor, Error, PlacementId, Slug, Time, TopicId};
use testing::{SCHEMA, TestSite, channel};

const MINUTE: Duration = Duration::from_mins(1);

/// A site with three live articles and a draft.
struct Desk {
    site: TestSite,
    editorial: Editorial,
    editor: Viewer,
    reviewer: Viewer,
    live: Vec<ArticleId>,
    draft: ArticleId,
}

async fn desk(db: &Db) -> Desk {
    let site = TestSite::new(db).await;
    let (editor, reviewer) = (site.viewer("editor").await, site.viewer("reviewer").await);
    let mut live = Vec::new();
    for title in ["a", "b", "c"] {
        live.push(site.article(title, State::Live).await);
    }
    let draft = site.article("d", State::Draft).await;
    let editorial = site.editorial.clone();
    Desk { site, editorial, editor, reviewer, live, draft }
}

fn city() -> Slug {
    Slug::new("city").unwrap()
}

impl Desk {
    async fn place(&self, slot: Slot, article: ArticleId) -> PlacementId {
        let thing = SlotItem::Article(article);
        self.editorial.place(&self.editor, slot, thing, Terms::default()).await.unwrap()
    }

    /// The articles that stand in a slot now.
    async fn stand(&self, slot: &Slot) -> Vec<ArticleId> {
        let standing = self.editorial.standing(self.site.env.now()).await.unwrap();
        let things = standing.slot(slot).iter().map(|placement| placement.thing);
        things.filter_map(|thing| if let SlotItem::Article(id) = thing { Some(id) } else { None }).collect()
    }

    fn after(&self, minutes: u32) -> Time {
        self.site.env.now().plus(MINUTE * minutes)
    }

    /// The slots that the journal names.
    async fn placed(&self) -> Vec<String> {
        self.site.events::<Placed>().await.into_iter().map(|placed| placed.slot).collect()
    }

    async fn audit_actions(&self) -> Vec<&'static str> {
        let log = self.editorial.log(Cursor::START, 100).await.unwrap();
        log.items.iter().rev().map(|line| line.action.name()).collect()
    }
}

#[db_test]
async fn what_is_placed_last_stands_first_and_can_be_moved(db: Db) {
    let desk = desk(&db).await;
    let [a, b, c] = desk.live[..] else { panic!() };
    for id in [a, b, c] {
        desk.place(Slot::Home, id).await;
    }
    desk.place(Slot::Headline(city()), a).await;
    assert_eq!(desk.stand(&Slot::Home).await, [c, b, a]);
    assert_eq!(desk.stand(&Slot::Headline(city())).await, [a]);

    let slot = desk.editorial.slot(&Slot::Home).await.unwrap();
    let (first, last) = (slot[0].id, slot[2].id);
    let e = &desk.editorial;
    assert_eq!(e.move_to(&desk.editor, last, 1).await.unwrap(), 1);
    assert_eq!(desk.stand(&Slot::Home).await, [a, c, b]);
    assert_eq!(e.move_to(&desk.editor, last, 99).await.unwrap(), 3);
    assert_eq!(e.move_to(&desk.editor, last, 3).await.unwrap(), 3, "it stands there already");
    assert_eq!(e.move_to(&desk.editor, first, -4).await.unwrap(), 1);
    assert_eq!(desk.stand(&Slot::Home).await, [c, b, a]);

    for _ in 0..2 {
        e.remove(&desk.editor, first).await.unwrap();
    }
    assert_eq!(desk.stand(&Slot::Home).await, [b, a]);
    assert!(matches!(e.move_to(&desk.editor, first, 1).await, Err(Error::NotFound)));
    desk.place(Slot::Home, c).await;
    assert_eq!(desk.stand(&Slot::Home).await, [c, b, a], "the newest is first after moves too");

    let placed = desk.placed().await;
    let home = vec!["home".to_owned(); 3];
    let rest = ["headline-city", "home", "home", "home", "home"].map(str::to_owned);
    assert_eq!(placed, [home, rest.to_vec()].concat(), "what changes nothing is not told");
    let log = e.log(Cursor::START, 100).await.unwrap().items;
    let line = &log[2];
    assert_eq!((line.action, line.from_place, line.to_place), (AuditAction::Move, Some(1), Some(3)));
    assert_eq!((line.article, line.by), (Some(a), desk.editor.user().unwrap().id));
    assert_eq!(
        desk.audit_actions().await,
        ["place", "place", "place", "place", "move", "move", "remove", "place"]
    );
}

#[db_test]
async fn it_begins_and_ends_by_the_clock(db: Db) {
    let desk = desk(&db).await;
    let e = &desk.editorial;
    let start = desk.site.env.now();
    let terms = Terms {
        starts_at: Some(desk.after(10)),
        ends_at: Some(desk.after(20)),
        note: Some("The flood, hour by hour".into()),
    };
    let thing = SlotItem::Article(desk.live[0]);
    let id = e.place(&desk.editor, Slot::Home, thing, terms).await.unwrap();
    assert!(desk.stand(&Slot::Home).await.is_empty());
    assert_eq!(e.coming().await.unwrap().len(), 1);

    desk.site.advance(MINUTE * 10);
    assert_eq!(desk.stand(&Slot::Home).await, [desk.live[0]], "at the very moment");
    assert_eq!(e.turned(start, desk.site.env.now()).await.unwrap(), [Slot::Home]);
    assert_eq!(e.turned(desk.site.env.now(), desk.after(9)).await.unwrap(), []);
    desk.site.advance(MINUTE * 10);
    assert!(desk.stand(&Slot::Home).await.is_empty());
    assert_eq!(e.turned(desk.after(0).minus(MINUTE), desk.site.env.now()).await.unwrap(), [Slot::Home]);
    assert!(e.coming().await.unwrap().is_empty());

    // It is still there for the editors: prolonged, it stands again, and in its place until then nothing can be moved.
    assert_eq!(e.slot(&Slot::Home).await.unwrap().len(), 1);
    assert!(matches!(e.move_to(&desk.editor, id, 1).await, Err(Error::Conflict("placement-over"))));
    let again = Terms { starts_at: Some(start), ..Terms::default() };
    e.change(&desk.editor, id, again).await.unwrap();
    assert_eq!(desk.stand(&Slot::Home).await, [desk.live[0]]);
    let log = e.log(Cursor::START, 1).await.unwrap();
    let line = &log.items[0];
    assert_eq!((line.action, line.starts_at, line.ends_at), (AuditAction::Change, Some(start), None));
    assert!(log.next.is_some(), "the log has pages");

    // Long over, it is forgotten when something else is placed.
    let over = Terms { ends_at: Some(desk.after(1)), ..Terms::default() };
    e.change(&desk.editor, id, over).await.unwrap();
    desk.site.advance(Duration::from_hours(30 * 24) + 2 * MINUTE);
    desk.place(Slot::Home, desk.live[1]).await;
    assert_eq!(e.slot(&Slot::Home).await.unwrap().len(), 1);
}

#[db_test]
async fn only_editors_place_only_what_readers_may_see(db: Db) {
    let desk = desk(&db).await;
    let (e, a) = (&desk.editorial, desk.live[0]);
    let place = async |viewer: &Viewer, slot: Slot, thing: SlotItem| {
        e.place(viewer, slot, thing, Terms::default()).await.map_err(|error| error.to_string())
    };
    let article = SlotItem::Article(a);
    assert_eq!(place(&Viewer::visitor(), Slot::Home, article).await.unwrap_err(), "sign in first");
    assert_eq!(place(&desk.reviewer, Slot::Home, article).await.unwrap_err(), "denied");
    for (slot, thing, want) in [
        (Slot::Home, SlotItem::Article(desk.draft), "thing: article-not-live"),
        (Slot::Home, SlotItem::Article(ArticleId::new(7)), "thing: article-not-live"),
        (Slot::Home, SlotItem::Topic(TopicId::new(7)), "thing: thing-other"),
        (Slot::Topics, article, "thing: thing-other"),
        (Slot::Topics, SlotItem::Topic(TopicId::new(7)), "thing: topic-unknown"),
        (Slot::Headline(Slug::new("nowhere").unwrap()), article, "not found"),
    ] {
        assert_eq!(place(&desk.editor, slot, thing).await.unwrap_err(), want);
    }
    let id = place(&desk.editor, Slot::Home, article).await.unwrap();
    let twice = place(&desk.editor, Slot::Home, article).await.unwrap_err();
    assert_eq!(twice, "thing: placed-already");
    for denied in [
        e.move_to(&desk.reviewer, id, 1).await.map(drop),
        e.change(&desk.reviewer, id, Terms::default()).await,
        e.remove(&desk.reviewer, id).await,
    ] {
        assert!(matches!(denied, Err(Error::Denied)));
    }
    let operator = desk.site.viewer("operator").await;
    e.remove(&operator, id).await.unwrap();
    assert_eq!(desk.audit_actions().await, ["place", "remove"]);
}

#[db_test]
async fn a_slot_holds_so_many(db: Db) {
    let desk = desk(&db).await;
    let e = &desk.editorial;
    for n in 0..50 {
        let thing = SlotItem::Article(desk.site.article("Placed", State::Live).await);
        let terms = Terms { ends_at: (n == 0).then(|| desk.after(5)), ..Terms::default() };
        e.place(&desk.editor, Slot::Home, thing, terms).await.unwrap();
    }
    let thing = SlotItem::Article(desk.live[1]);
    let full = e.place(&desk.editor, Slot::Home, thing, Terms::default()).await.unwrap_err();
    assert_eq!(full.to_string(), "thing: slot-full");
    desk.site.advance(MINUTE * 5);
    desk.place(Slot::Home, desk.live[1]).await;
}

#[db_test]
async fn what_stands_in_a_channel_goes_behind_what_stands_in_the_other(db: Db) {
    let desk = desk(&db).await;
    let [a, b, c] = desk.live[..] else { panic!() };
    let sea = Slug::new("sea").unwrap();
    let e = &desk.editorial;
    desk.site.articles.ensure_channel(&channel("sea")).await.unwrap();
    // Each goes before those that are there.
    for id in [a, b, c] {
        desk.place(Slot::Headline(city()), id).await;
    }
    desk.place(Slot::Headline(sea.clone()), a).await;
    desk.place(Slot::Pinned(city()), b).await;
    let before = desk.placed().await.len();
    let by = desk.editor.signed_in().unwrap().id;
    e.move_channel(by, &city(), &sea).await.unwrap();
    assert_eq!(desk.stand(&Slot::Headline(sea.clone())).await, [a, c, b, a]);
    assert_eq!(desk.stand(&Slot::Pinned(sea.clone())).await, [b]);
    for slot in [Slot::Headline(city()), Slot::Pinned(city())] {
        assert!(desk.stand(&slot).await.is_empty());
    }
    assert_eq!(desk.placed().await[before..], ["headline-sea", "pinned-sea"].map(str::to_owned));
}
