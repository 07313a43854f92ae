mod topics;

use std::sync::Arc;

use accounts::Accounts;
use articles::{Channel, Draft, Imported, Policy, State};
use authors::Authors;
use db::db_test;
use events::Entry;
use kernel::time::ManualClock;
use kernel::{Slug, TopicId};
use media::Media;

use super::*;

struct Site {
    editorial: Editorial,
    accounts: Accounts,
    clock: Arc<ManualClock>,
    editor: Viewer,
    reviewer: Viewer,
    live: Vec<ArticleId>,
    draft: ArticleId,
    _folder: tempfile::TempDir,
}

const MINUTE: Duration = Duration::from_mins(1);

async fn site(db: &Db) -> Site {
    let (env, clock) = Env::manual(Time::parse("2024-06-04T12:00:00Z").unwrap());
    let journal = Journal::new(db.clone(), env.clone());
    let accounts = Accounts::new(db.clone(), journal.clone(), env.clone());
    let mut people = Vec::new();
    for (handle, role) in [("edith", Role::Editor), ("rob", Role::Reviewer)] {
        let id = accounts.ensure(handle, handle, None, None).await.unwrap().id;
        accounts.grant(id, role).await.unwrap();
        people.push(Viewer::from(accounts.find(id).await.unwrap().unwrap()));
    }
    let authors = Authors::new(db.clone(), journal.clone(), env.clone());
    let author = authors.ensure("nanpo", "南坡观察").await.unwrap().id;
    let folder = tempfile::tempdir().unwrap();
    let store = blob::Store::open(folder.path()).unwrap();
    let media = Media::new(db.clone(), journal.clone(), env.clone(), store);
    let policy = Policy { review: false };
    let articles = Articles::new(db.clone(), journal.clone(), env.clone(), authors, media, policy);
    let channel =
        Channel {
            slug: city(), zh: "城市".into(), en: "City".into(), colour: "#000000".into(), position: 1
        };
    articles.ensure_channel(&channel).await.unwrap();
    let item = |external: &str, state| Imported {
        external_id: external.into(),
        author,
        place: None,
        draft: Draft {
            title: external.into(), body: "文".into(), channel: Some(city()), ..Draft::default()
        },
        state,
        published_at: env.now(),
        edited_at: None,
    };
    let batch =
        vec![item("a", State::Live), item("b", State::Live), item("c", State::Live), item("d", State::Draft)];
    let ids: Vec<ArticleId> = articles.import(batch).await.unwrap().into_iter().map(|(_, id)| id).collect();
    let editorial = Editorial::new(db.clone(), journal, env, articles);
    let [editor, reviewer] = people.try_into().unwrap();
    let (live, draft) = (ids[..3].to_vec(), ids[3]);
    Site { editorial, accounts, clock, editor, reviewer, live, draft, _folder: folder }
}

fn city() -> Slug {
    Slug::new("city").unwrap()
}

impl Site {
    async fn place(&self, slot: Slot, article: ArticleId) -> PlacementId {
        let thing = SlotItem::Article(article);
        self.editorial.place(&self.editor, slot, thing, Terms::default()).await.unwrap()
    }

    /// The articles that stand in a slot now.
    async fn stand(&self, slot: &Slot) -> Vec<ArticleId> {
        let standing = self.editorial.standing(self.editorial.env.now()).await.unwrap();
        let things = standing.slot(slot).iter().map(|placement| placement.thing);
        things.filter_map(|thing| if let SlotItem::Article(id) = thing { Some(id) } else { None }).collect()
    }

    fn after(&self, minutes: u32) -> Time {
        self.editorial.env.now().plus(MINUTE * minutes)
    }

    async fn audit_actions(&self) -> Vec<&'static str> {
        let log = self.editorial.log(Cursor::START, 100).await.unwrap();
        log.items.iter().rev().map(|line| line.deed.name()).collect()
    }
}

#[db_test]
async fn what_is_placed_last_stands_first_and_can_be_moved(db: Db) {
    let site = site(&db).await;
    let [a, b, c] = site.live[..] else { panic!() };
    for id in [a, b, c] {
        site.place(Slot::Home, id).await;
    }
    site.place(Slot::Headline(city()), a).await;
    assert_eq!(site.stand(&Slot::Home).await, [c, b, a]);
    assert_eq!(site.stand(&Slot::Headline(city())).await, [a]);

    let slot = site.editorial.slot(&Slot::Home).await.unwrap();
    let (first, last) = (slot[0].id, slot[2].id);
    let e = &site.editorial;
    assert_eq!(e.move_to(&site.editor, last, 1).await.unwrap(), 1);
    assert_eq!(site.stand(&Slot::Home).await, [a, c, b]);
    assert_eq!(e.move_to(&site.editor, last, 99).await.unwrap(), 3);
    assert_eq!(e.move_to(&site.editor, last, 3).await.unwrap(), 3, "it stands there already");
    assert_eq!(e.move_to(&site.editor, first, -4).await.unwrap(), 1);
    assert_eq!(site.stand(&Slot::Home).await, [c, b, a]);

    for _ in 0..2 {
        e.remove(&site.editor, first).await.unwrap();
    }
    assert_eq!(site.stand(&Slot::Home).await, [b, a]);
    assert!(matches!(e.move_to(&site.editor, first, 1).await, Err(Error::NotFound)));
    site.place(Slot::Home, c).await;
    assert_eq!(site.stand(&Slot::Home).await, [c, b, a], "the newest is first after moves too");

    let told = events::testing::all(&e.journal).await;
    let told: Vec<_> = told.iter().filter_map(Entry::read::<Placed>).map(|placed| placed.slot).collect();
    let home = vec!["home".to_owned(); 3];
    let rest = ["headline-city", "home", "home", "home", "home"].map(str::to_owned);
    assert_eq!(told, [home, rest.to_vec()].concat(), "what changes nothing is not told");
    let log = e.log(Cursor::START, 100).await.unwrap().items;
    let line = &log[2];
    assert_eq!((line.deed, line.from_place, line.to_place), (AuditAction::Move, Some(1), Some(3)));
    assert_eq!((line.article, line.by), (Some(a), site.editor.user().unwrap().id));
    assert_eq!(
        site.audit_actions().await,
        ["place", "place", "place", "place", "move", "move", "remove", "place"]
    );
}

#[db_test]
async fn it_begins_and_ends_by_the_clock(db: Db) {
    let site = site(&db).await;
    let e = &site.editorial;
    let start = e.env.now();
    let terms = Terms {
        starts_at: Some(site.after(10)),
        ends_at: Some(site.after(20)),
        note: Some("The flood, hour by hour".into()),
    };
    let thing = SlotItem::Article(site.live[0]);
    let id = e.place(&site.editor, Slot::Home, thing, terms).await.unwrap();
    assert!(site.stand(&Slot::Home).await.is_empty());
    assert_eq!(e.coming().await.unwrap().len(), 1);

    site.clock.advance(MINUTE * 10);
    assert_eq!(site.stand(&Slot::Home).await, [site.live[0]], "at the very moment");
    assert_eq!(e.turned(start, e.env.now()).await.unwrap(), [Slot::Home]);
    assert_eq!(e.turned(e.env.now(), site.after(9)).await.unwrap(), []);
    site.clock.advance(MINUTE * 10);
    assert!(site.stand(&Slot::Home).await.is_empty());
    assert_eq!(e.turned(site.after(0).minus(MINUTE), e.env.now()).await.unwrap(), [Slot::Home]);
    assert!(e.coming().await.unwrap().is_empty());

    // It is still there for the editors: prolonged, it stands again, and in its place until then nothing can be moved.
    assert_eq!(e.slot(&Slot::Home).await.unwrap().len(), 1);
    assert!(matches!(e.move_to(&site.editor, id, 1).await, Err(Error::Conflict("placement-over"))));
    let again = Terms { starts_at: Some(start), ..Terms::default() };
    e.change(&site.editor, id, again).await.unwrap();
    assert_eq!(site.stand(&Slot::Home).await, [site.live[0]]);
    let log = e.log(Cursor::START, 1).await.unwrap();
    let line = &log.items[0];
    assert_eq!((line.deed, line.starts_at, line.ends_at), (AuditAction::Change, Some(start), None));
    assert!(log.next.is_some(), "the log has pages");

    // Long over, it is forgotten when something else is placed.
    let over = Terms { ends_at: Some(site.after(1)), ..Terms::default() };
    e.change(&site.editor, id, over).await.unwrap();
    site.clock.advance(KEPT + 2 * MINUTE);
    site.place(Slot::Home, site.live[1]).await;
    assert_eq!(e.slot(&Slot::Home).await.unwrap().len(), 1);
}

#[db_test]
async fn only_editors_place_only_what_readers_may_see(db: Db) {
    let site = site(&db).await;
    let (e, a) = (&site.editorial, site.live[0]);
    let place = async |viewer: &Viewer, slot: Slot, thing: SlotItem| {
        e.place(viewer, slot, thing, Terms::default()).await.map_err(|error| error.to_string())
    };
    let article = SlotItem::Article(a);
    assert_eq!(place(&Viewer::visitor(), Slot::Home, article).await.unwrap_err(), "sign in first");
    assert_eq!(place(&site.reviewer, Slot::Home, article).await.unwrap_err(), "denied");
    for (slot, thing, want) in [
        (Slot::Home, SlotItem::Article(site.draft), "thing: article-not-live"),
        (Slot::Home, SlotItem::Article(ArticleId::new(7)), "thing: article-not-live"),
        (Slot::Home, SlotItem::Topic(TopicId::new(7)), "thing: thing-other"),
        (Slot::Topics, article, "thing: thing-other"),
        (Slot::Topics, SlotItem::Topic(TopicId::new(7)), "thing: topic-unknown"),
        (Slot::Headline(Slug::new("nowhere").unwrap()), article, "not found"),
    ] {
        assert_eq!(place(&site.editor, slot, thing).await.unwrap_err(), want);
    }
    let id = place(&site.editor, Slot::Home, article).await.unwrap();
    let twice = place(&site.editor, Slot::Home, article).await.unwrap_err();
    assert_eq!(twice, "thing: placed-already");
    for denied in [
        e.move_to(&site.reviewer, id, 1).await.map(drop),
        e.change(&site.reviewer, id, Terms::default()).await,
        e.remove(&site.reviewer, id).await,
    ] {
        assert!(matches!(denied, Err(Error::Denied)));
    }
    let operator = site.accounts.ensure("op", "op", None, None).await.unwrap().id;
    site.accounts.grant(operator, Role::Operator).await.unwrap();
    let operator = Viewer::from(site.accounts.find(operator).await.unwrap().unwrap());
    e.remove(&operator, id).await.unwrap();
    assert_eq!(site.audit_actions().await, ["place", "remove"]);
}

#[db_test]
async fn a_slot_holds_so_many(db: Db) {
    let site = site(&db).await;
    let e = &site.editorial;
    let tx = db.write().await.unwrap();
    for n in 0..MOST {
        let placement = Placement {
            id: e.env.id(),
            slot: Slot::Home,
            thing: SlotItem::Article(site.live[0]),
            note: None,
            starts_at: e.env.now(),
            ends_at: (n == 0).then(|| site.after(5)),
            by: site.editor.user().unwrap().id,
            at: e.env.now(),
        };
        store::insert(&tx, &placement).await.unwrap();
    }
    tx.commit().await.unwrap();
    let thing = SlotItem::Article(site.live[1]);
    let full = e.place(&site.editor, Slot::Home, thing, Terms::default()).await.unwrap_err();
    assert_eq!(full.to_string(), "thing: slot-full");
    site.clock.advance(MINUTE * 5);
    site.place(Slot::Home, site.live[1]).await;
}

#[db_test]
async fn what_stands_in_a_channel_goes_behind_what_stands_in_the_other(db: Db) {
    let site = site(&db).await;
    let [a, b, c] = site.live[..] else { panic!() };
    let sea = Slug::new("sea").unwrap();
    let channel = Channel {
        slug: sea.clone(),
        zh: "海".into(),
        en: "Sea".into(),
        colour: "#000000".into(),
        position: 2,
    };
    let e = &site.editorial;
    e.articles.ensure_channel(&channel).await.unwrap();
    // Each goes before those that are there.
    for id in [a, b, c] {
        site.place(Slot::Headline(city()), id).await;
    }
    site.place(Slot::Headline(sea.clone()), a).await;
    site.place(Slot::Pinned(city()), b).await;
    let before = events::testing::all(&e.journal).await.len();
    let by = site.editor.signed_in().unwrap().id;
    e.move_channel(by, &city(), &sea).await.unwrap();
    assert_eq!(site.stand(&Slot::Headline(sea.clone())).await, [a, c, b, a]);
    assert_eq!(site.stand(&Slot::Pinned(sea.clone())).await, [b]);
    for slot in [Slot::Headline(city()), Slot::Pinned(city())] {
        assert!(site.stand(&slot).await.is_empty());
    }
    let told = events::testing::all(&e.journal).await;
    let told: Vec<_> =
        told[before..].iter().filter_map(Entry::read::<Placed>).map(|placed| placed.slot).collect();
    assert_eq!(told, ["headline-sea", "pinned-sea"].map(str::to_owned));
}
