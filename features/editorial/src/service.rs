//! What editors put into slots. Topics are in `service/topics.rs`.

mod topics;

use std::time::Duration;

use accounts::{Action, Viewer};
use articles::{Articles, State};
use audit::{Past, Record};
use db::{Db, Tx};
use events::Journal;
use kernel::{ArticleId, Cursor, Env, Error, Page, PlacementId, Result, Slug, Time, UserId};
use serde_json::json;

use crate::codes;
use crate::events::Placed;
use crate::model::{AuditAction, Logged, Placement, Slot, SlotItem, Standing, Terms};
use crate::store;

/// More than this wait in one slot only by mistake.
const MOST: usize = 50;
/// No end: all lines.
const ALL: usize = i64::MAX as usize;
/// What is over is shown to editors for so long.
const KEPT: Duration = Duration::from_hours(30 * 24);

#[derive(Clone)]
pub struct Editorial {
    pub(crate) db: Db,
    pub(crate) journal: Journal,
    pub(crate) env: Env,
    pub(crate) articles: Articles,
}

fn audited(line: &Logged) -> Record {
    let (kind, target) = match (&line.slot, line.topic) {
        (Some(slot), _) => ("slot", slot.name()),
        (None, topic) => ("topic", topic.map(|id| id.to_string()).unwrap_or_default()),
    };
    let what = match (line.article, line.topic) {
        (Some(article), _) => json!({ "article": article }),
        // A topic in a slot.
        (None, Some(topic)) if kind == "slot" => json!({ "topic": topic }),
        _ => return Record::new(line.action.audited(), kind, target),
    };
    Record::new(line.action.audited(), kind, target).after(what)
}

impl Editorial {
    pub fn new(db: Db, journal: Journal, env: Env, articles: Articles) -> Self {
        Self { db, journal, env, articles }
    }

    /// What stands in every slot at a time, in one query.
    pub async fn standing(&self, at: Time) -> Result<Standing> {
        Ok(Standing::of(store::standing(&self.db, at).await?))
    }

    /// The slots in which something began or ended after `after` and until `until`.
    pub async fn turned(&self, after: Time, until: Time) -> Result<Vec<Slot>> {
        store::turned(&self.db, after, until).await
    }

    /// What stands in all slots or is to come, in its order.
    pub async fn coming(&self) -> Result<Vec<Placement>> {
        store::coming(&self.db, self.env.now()).await
    }

    /// All of one slot in its order, with what is over.
    pub async fn slot(&self, slot: &Slot) -> Result<Vec<Placement>> {
        self.check_slot(slot).await?;
        store::of_slot(&self.db, slot).await
    }

    pub async fn find(&self, id: PlacementId) -> Result<Option<Placement>> {
        store::find(&self.db, id).await
    }

    /// Puts something before all others of a slot. Codes: `placed-already`, `slot-full`, `article-not-live` (it must be live, or
    /// scheduled), `topic-unknown`, and those of the terms.
    pub async fn place(
        &self,
        viewer: &Viewer,
        slot: Slot,
        thing: SlotItem,
        terms: Terms,
    ) -> Result<PlacementId> {
        let by = viewer.require(Action::CurateHeadlines)?.id;
        self.check_slot(&slot).await?;
        self.check_item(&slot, thing).await?;
        let now = self.env.now();
        let terms = terms.check(now)?;
        let tx = self.db.write().await?;
        store::lock(&tx, &slot).await?;
        store::forget(&tx, &slot, now.minus(KEPT)).await?;
        let there = store::of_slot(&tx, &slot).await?;
        let mut there = there.iter().filter(|placement| !placement.is_over(now));
        if there.clone().any(|placement| placement.thing == thing) {
            return Err(Error::invalid("thing", codes::PLACED_ALREADY));
        }
        if there.nth(MOST - 1).is_some() {
            return Err(Error::invalid("thing", codes::SLOT_FULL));
        }
        let new = Placement {
            id: self.env.id(),
            slot: slot.clone(),
            thing,
            note: terms.note,
            starts_at: terms.starts_at.unwrap_or(now),
            ends_at: terms.ends_at,
            by,
            at: now,
        };
        store::insert(&tx, &new).await?;
        self.write_down(&tx, self.line(AuditAction::Place, by, &new)).await?;
        self.placed(tx, by, &slot).await?;
        Ok(new.id)
    }

    /// What stands in the slots of a channel goes after the channel, which was merged into another: behind what stands there.
    pub async fn move_channel(&self, by: UserId, from: &Slug, into: &Slug) -> Result<()> {
        let slots = [Slot::Headline, Slot::Pinned].map(|slot| (slot(from.clone()), slot(into.clone())));
        for (old, new) in slots {
            let tx = self.db.write().await?;
            store::lock(&tx, &new).await?;
            store::move_slot(&tx, &old, &new).await?;
            self.placed(tx, by, &new).await?;
        }
        Ok(())
    }

    /// Changes when something stands in its slot, and the note beside it.
    pub async fn change(&self, viewer: &Viewer, id: PlacementId, terms: Terms) -> Result<()> {
        let by = viewer.require(Action::CurateHeadlines)?.id;
        let now = self.env.now();
        let terms = terms.check(now)?;
        let tx = self.db.write().await?;
        let mut placement = store::find(&tx, id).await?.ok_or(Error::NotFound)?;
        placement.note = terms.note;
        placement.starts_at = terms.starts_at.unwrap_or(now);
        placement.ends_at = terms.ends_at;
        store::set_terms(&tx, &placement).await?;
        self.write_down(&tx, self.line(AuditAction::Change, by, &placement)).await?;
        self.placed(tx, by, &placement.slot).await
    }

    /// Moves something to a place among what stands in its slot or is to come, counted from one; beyond the ends, to the end.
    /// Says where it stands then.
    pub async fn move_to(&self, viewer: &Viewer, id: PlacementId, place: i64) -> Result<i64> {
        let by = viewer.require(Action::CurateHeadlines)?.id;
        let now = self.env.now();
        let slot = store::find(&self.db, id).await?.ok_or(Error::NotFound)?.slot;
        let tx = self.db.write().await?;
        store::lock(&tx, &slot).await?;
        let (over, mut order): (Vec<_>, Vec<_>) =
            store::of_slot(&tx, &slot).await?.into_iter().partition(|placement| placement.is_over(now));
        let Some(from) = order.iter().position(|placement| placement.id == id) else {
            return Err(if over.iter().any(|placement| placement.id == id) {
                Error::Conflict(codes::PLACEMENT_OVER)
            } else {
                Error::NotFound
            });
        };
        let to = (place.max(1) as usize - 1).min(order.len() - 1);
        if to == from {
            return Ok(to as i64 + 1);
        }
        let moved = order.remove(from);
        let line = Logged {
            from_place: Some(from as i64 + 1),
            to_place: Some(to as i64 + 1),
            starts_at: None,
            ends_at: None,
            note: None,
            ..self.line(AuditAction::Move, by, &moved)
        };
        order.insert(to, moved);
        for (placement, position) in order.iter().chain(&over).zip(1..) {
            store::set_position(&tx, placement.id, position).await?;
        }
        self.write_down(&tx, line).await?;
        self.placed(tx, by, &slot).await?;
        Ok(to as i64 + 1)
    }

    /// Takes something out of its slot. Done twice is done once.
    pub async fn remove(&self, viewer: &Viewer, id: PlacementId) -> Result<()> {
        let by = viewer.require(Action::CurateHeadlines)?.id;
        let tx = self.db.write().await?;
        let Some(placement) = store::find(&tx, id).await? else { return Ok(()) };
        if store::delete(&tx, id).await? {
            self.write_down(&tx, self.line(AuditAction::Remove, by, &placement)).await?;
        }
        self.placed(tx, by, &placement.slot).await
    }

    /// Who did what, newest first.
    pub async fn log(&self, from: Cursor, limit: usize) -> Result<Page<Logged>> {
        let lines = store::logged(&self.db, from, limit + 1).await?;
        Ok(Page::cut(lines, limit, |line| Cursor { key: 0, id: line.id }))
    }

    /// A line of the editors' own log, and of the audit log.
    pub(crate) async fn write_down(&self, tx: &Tx, line: Logged) -> Result<()> {
        let (by, record) = (line.by, audited(&line));
        store::log(tx, line).await?;
        audit::record(tx, &self.journal.by(by), record).await
    }

    /// What editors did so far, for an audit log that begins now.
    pub async fn past(&self, tx: &Tx) -> Result<Vec<Past>> {
        let past = |line: Logged| Past { at: line.at, by: line.by.into(), record: audited(&line) };
        Ok(store::logged(tx, Cursor::START, ALL).await?.into_iter().map(past).collect())
    }

    async fn placed(&self, tx: Tx, by: UserId, slot: &Slot) -> Result<()> {
        self.journal.by(by).append(&tx, &Placed { slot: slot.name() }).await?;
        tx.commit().await
    }

    /// A slot of a channel is there while the channel is.
    async fn check_slot(&self, slot: &Slot) -> Result<()> {
        let Some(channel) = slot.channel() else { return Ok(()) };
        let known = self.articles.channels().await?.iter().any(|known| known.slug == *channel);
        if known { Ok(()) } else { Err(Error::NotFound) }
    }

    async fn check_item(&self, slot: &Slot, thing: SlotItem) -> Result<()> {
        match thing {
            SlotItem::Article(id) if *slot != Slot::Topics => self.check_article(id).await.map(drop),
            SlotItem::Topic(id) if *slot == Slot::Topics => {
                let found = store::topics::find(&self.db, id).await?;
                found.map(drop).ok_or_else(|| Error::invalid("thing", codes::TOPIC_UNKNOWN))
            }
            _ => Err(Error::invalid("thing", codes::THING_OTHER)),
        }
    }

    /// What is not approved is no business of the editors'.
    pub(crate) async fn check_article(&self, id: ArticleId) -> Result<articles::Article> {
        match self.articles.get(id).await {
            Ok(article) if article.state.is_visible() || article.state == State::Scheduled => Ok(article),
            Ok(_) | Err(Error::NotFound) => Err(Error::invalid("thing", codes::ARTICLE_NOT_LIVE)),
            Err(error) => Err(error),
        }
    }

    fn line(&self, action: AuditAction, by: UserId, placement: &Placement) -> Logged {
        let (article, topic) = match placement.thing {
            SlotItem::Article(id) => (Some(id), None),
            SlotItem::Topic(id) => (None, Some(id)),
        };
        let placed = matches!(action, AuditAction::Place | AuditAction::Change);
        Logged {
            id: self.env.id::<()>().raw(),
            action,
            slot: Some(placement.slot.clone()),
            article,
            topic,
            from_place: None,
            to_place: None,
            starts_at: placed.then_some(placement.starts_at),
            ends_at: placement.ends_at.filter(|_| placed),
            note: placement.note.clone().filter(|_| placed),
            by,
            at: self.env.now(),
        }
    }
}
