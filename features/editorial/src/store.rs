//! The only SQL that names the tables of editorial: here the slots and the log, in `store/topics.rs` the topics.

pub mod topics;

use db::{Conn, FromQueryResult, Tx, args};
use kernel::{ArticleId, Cursor, Error, PlacementId, Result, Time, TopicId, UserId};

use crate::model::{AuditAction, Logged, Placement, Slot, SlotItem};

const COLUMNS: &str =
    "id, slot, article_id, topic_id, note, starts_at, ends_at, placed_by, placed_at FROM placements";

#[derive(FromQueryResult)]
struct PlacementRow {
    id: PlacementId,
    slot: String,
    article_id: Option<ArticleId>,
    topic_id: Option<TopicId>,
    note: Option<String>,
    starts_at: Time,
    ends_at: Option<Time>,
    placed_by: UserId,
    placed_at: Time,
}

impl TryFrom<PlacementRow> for Placement {
    type Error = Error;
    fn try_from(row: PlacementRow) -> Result<Self> {
        let thing = match (row.article_id, row.topic_id) {
            (Some(id), None) => SlotItem::Article(id),
            (None, Some(id)) => SlotItem::Topic(id),
            _ => return Err(Error::internal(format!("placement {} of nothing", row.id))),
        };
        Ok(Self {
            id: row.id,
            slot: slot(&row.slot)?,
            thing,
            note: row.note,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            by: row.placed_by,
            at: row.placed_at,
        })
    }
}

fn slot(name: &str) -> Result<Slot> {
    Slot::named(name).ok_or_else(|| Error::internal(format!("stored slot {name}")))
}

async fn placements(on: &impl Conn, rest: &str, args: Vec<db::Value>) -> Result<Vec<Placement>> {
    let rows: Vec<PlacementRow> = on.all(&format!("SELECT {COLUMNS} {rest}"), args).await?;
    rows.into_iter().map(Placement::try_from).collect()
}

/// [`Placement::stands`], for all slots.
pub async fn standing(on: &impl Conn, at: Time) -> Result<Vec<Placement>> {
    let rest = "WHERE starts_at <= $1 AND (ends_at IS NULL OR ends_at > $1) ORDER BY slot, position, id";
    placements(on, rest, args![at]).await
}

/// All that is not over.
pub async fn coming(on: &impl Conn, at: Time) -> Result<Vec<Placement>> {
    let rest = "WHERE ends_at IS NULL OR ends_at > $1 ORDER BY slot, position, id";
    placements(on, rest, args![at]).await
}

pub async fn of_slot(on: &impl Conn, slot: &Slot) -> Result<Vec<Placement>> {
    placements(on, "WHERE slot = $1 ORDER BY position, id", args![slot.name()]).await
}

pub async fn find(on: &impl Conn, id: PlacementId) -> Result<Option<Placement>> {
    Ok(placements(on, "WHERE id = $1", args![id]).await?.pop())
}

/// The slots in which something began or ended after `after` and until `until`.
pub async fn turned(on: &impl Conn, after: Time, until: Time) -> Result<Vec<Slot>> {
    let sql = "SELECT DISTINCT slot FROM placements
               WHERE (starts_at > $1 AND starts_at <= $2) OR (ends_at > $1 AND ends_at <= $2)";
    let names: Vec<String> = on.column(sql, args![after, until]).await?;
    names.iter().map(|name| slot(name)).collect()
}

/// Takes the slot for this write, so that two that change it take turns (PostgreSQL; on SQLite they do anyway).
pub async fn lock(tx: &Tx, slot: &Slot) -> Result<()> {
    if tx.is_postgres() {
        let sql = "SELECT id FROM placements WHERE slot = $1 ORDER BY id FOR UPDATE";
        tx.column::<i64>(sql, args![slot.name()]).await?;
    }
    Ok(())
}

/// Puts something before all others of its slot.
pub async fn insert(tx: &Tx, new: &Placement) -> Result<()> {
    let sql = "INSERT INTO placements (id, slot, article_id, topic_id, position, note, starts_at, ends_at, placed_by, placed_at)
               VALUES ($1, $2, $3, $4, (SELECT COALESCE(MIN(position), 1) - 1 FROM placements WHERE slot = $2), $5, $6, $7, $8, $9)";
    let (article, topic) = match new.thing {
        SlotItem::Article(id) => (Some(id), None),
        SlotItem::Topic(id) => (None, Some(id)),
    };
    let p = new.clone();
    tx.exec(sql, args![p.id, p.slot.name(), article, topic, p.note, p.starts_at, p.ends_at, p.by, p.at])
        .await
        .map(drop)
}

pub async fn set_terms(tx: &Tx, changed: &Placement) -> Result<()> {
    let sql = "UPDATE placements SET note = $2, starts_at = $3, ends_at = $4 WHERE id = $1";
    let p = changed.clone();
    tx.exec(sql, args![p.id, p.note, p.starts_at, p.ends_at]).await.map(drop)
}

pub async fn set_position(tx: &Tx, id: PlacementId, position: i64) -> Result<()> {
    tx.exec("UPDATE placements SET position = $2 WHERE id = $1", args![id, position]).await.map(drop)
}

/// Whether it was there.
pub async fn delete(tx: &Tx, id: PlacementId) -> Result<bool> {
    Ok(tx.exec("DELETE FROM placements WHERE id = $1", args![id]).await? > 0)
}

/// Forgets what ended before `before`: the log still tells of it.
pub async fn forget(tx: &Tx, slot: &Slot, before: Time) -> Result<()> {
    let sql = "DELETE FROM placements WHERE slot = $1 AND ends_at < $2";
    tx.exec(sql, args![slot.name(), before]).await.map(drop)
}

pub async fn log(tx: &Tx, line: Logged) -> Result<()> {
    let sql = "INSERT INTO editorial_log (id, deed, slot, article_id, topic_id, from_place, to_place, starts_at, ends_at, note, done_by, done_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let l = line;
    let slot = l.slot.map(|slot| slot.name());
    let args = args![
        l.id,
        l.action.name(),
        slot,
        l.article,
        l.topic,
        l.from_place,
        l.to_place,
        l.starts_at,
        l.ends_at,
        l.note,
        l.by,
        l.at,
    ];
    tx.exec(sql, args).await.map(drop)
}

#[derive(FromQueryResult)]
struct LogRow {
    id: i64,
    deed: String,
    slot: Option<String>,
    article_id: Option<ArticleId>,
    topic_id: Option<TopicId>,
    from_place: Option<i64>,
    to_place: Option<i64>,
    starts_at: Option<Time>,
    ends_at: Option<Time>,
    note: Option<String>,
    done_by: UserId,
    done_at: Time,
}

/// Newest first: ids grow with time.
pub async fn logged(on: &impl Conn, from: Cursor, limit: usize) -> Result<Vec<Logged>> {
    let sql = "SELECT id, deed, slot, article_id, topic_id, from_place, to_place, starts_at, ends_at, note, done_by, done_at
               FROM editorial_log WHERE id < $1 ORDER BY id DESC LIMIT $2";
    let rows: Vec<LogRow> = on.all(sql, args![from.id, limit as i64]).await?;
    let line = |row: LogRow| {
        Ok(Logged {
            id: row.id,
            action: AuditAction::named(&row.deed)?,
            slot: row.slot.as_deref().map(slot).transpose()?,
            article: row.article_id,
            topic: row.topic_id,
            from_place: row.from_place,
            to_place: row.to_place,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            note: row.note,
            by: row.done_by,
            at: row.done_at,
        })
    };
    rows.into_iter().map(line).collect()
}

/// Everything of one slot to the end of another, in its order.
pub async fn move_slot(tx: &Tx, from: &Slot, into: &Slot) -> Result<()> {
    let first = "SELECT MIN(position) FROM placements WHERE slot = $1";
    let first = tx.scalar::<Option<i64>>(first, args![from.name()]).await?.flatten().unwrap_or(0);
    let last = "SELECT MAX(position) FROM placements WHERE slot = $1";
    let last = tx.scalar::<Option<i64>>(last, args![into.name()]).await?.flatten().unwrap_or(0);
    let sql = "UPDATE placements SET slot = $2, position = position + $3 WHERE slot = $1";
    tx.exec(sql, args![from.name(), into.name(), last + 1 - first]).await.map(drop)
}
