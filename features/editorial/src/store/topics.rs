//! Topics and what is in them.

use db::{CHUNK, Conn, FromQueryResult, Tx, all_in, args, placeholders};
use kernel::{ArticleId, Cursor, Result, Slug, Time, TopicId};

use crate::topics::{Member, Topic, TopicText};

const COLUMNS: &str = "t.id, t.slug, t.zh, t.en, t.summary_zh, t.summary_en, t.cover, t.live, t.created_at, t.changed_at, t.published_at";

#[derive(FromQueryResult)]
struct TopicRow {
    id: TopicId,
    slug: Slug,
    zh: String,
    en: String,
    summary_zh: String,
    summary_en: String,
    cover: Option<ArticleId>,
    live: bool,
    created_at: Time,
    changed_at: Time,
    published_at: Option<Time>,
}

impl From<TopicRow> for Topic {
    fn from(row: TopicRow) -> Self {
        Self {
            id: row.id,
            slug: row.slug,
            text: TopicText {
                zh: row.zh,
                en: row.en,
                summary_zh: row.summary_zh,
                summary_en: row.summary_en,
            },
            cover: row.cover,
            live: row.live,
            created_at: row.created_at,
            changed_at: row.changed_at,
            published_at: row.published_at,
        }
    }
}

async fn topics(on: &impl Conn, rest: &str, args: Vec<db::Value>) -> Result<Vec<Topic>> {
    let rows: Vec<TopicRow> = on.all(&format!("SELECT {COLUMNS} FROM topics t {rest}"), args).await?;
    Ok(rows.into_iter().map(Topic::from).collect())
}

pub async fn find(on: &impl Conn, id: TopicId) -> Result<Option<Topic>> {
    Ok(topics(on, "WHERE t.id = $1", args![id]).await?.pop())
}

pub async fn find_by_slug(on: &impl Conn, slug: &Slug) -> Result<Option<Topic>> {
    Ok(topics(on, "WHERE t.slug = $1", args![slug.clone()]).await?.pop())
}

pub async fn many(on: &impl Conn, ids: &[TopicId]) -> Result<Vec<Topic>> {
    let mut found = Vec::new();
    for part in ids.chunks(CHUNK) {
        let rest = format!("WHERE t.id IN ({})", placeholders(1, part.len()));
        found.extend(topics(on, &rest, part.iter().map(|&id| id.into()).collect()).await?);
    }
    Ok(found)
}

/// What readers may see, newest first.
pub async fn live(on: &impl Conn, from: Cursor, limit: usize) -> Result<Vec<Topic>> {
    let rest =
        "WHERE t.live AND (t.published_at, t.id) < ($1, $2) ORDER BY t.published_at DESC, t.id DESC LIMIT $3";
    topics(on, rest, args![from.key, from.id, limit as i64]).await
}

/// All, newest first: ids grow with time.
pub async fn all(on: &impl Conn, from: Cursor, limit: usize) -> Result<Vec<Topic>> {
    topics(on, "WHERE t.id < $1 ORDER BY t.id DESC LIMIT $2", args![from.id, limit as i64]).await
}

/// The live topics that an article is in, newest first.
pub async fn of_article(on: &impl Conn, article: ArticleId, limit: usize) -> Result<Vec<Topic>> {
    let rest = "JOIN topic_articles m ON m.topic_id = t.id WHERE m.article_id = $1 AND t.live
                ORDER BY t.published_at DESC, t.id DESC LIMIT $2";
    topics(on, rest, args![article, limit as i64]).await
}

/// Takes the row for this write, so that two that change one topic take turns (PostgreSQL; on SQLite they do anyway).
pub async fn lock(tx: &Tx, id: TopicId) -> Result<()> {
    if tx.is_postgres() {
        tx.scalar::<i64>("SELECT id FROM topics WHERE id = $1 FOR UPDATE", args![id]).await?;
    }
    Ok(())
}

/// Adds a topic unless its slug is taken; says whether it did.
pub async fn insert(tx: &Tx, topic: &Topic) -> Result<bool> {
    let sql = "INSERT INTO topics (id, slug, zh, en, summary_zh, summary_en, cover, live, created_at, changed_at, published_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (slug) DO NOTHING";
    let t = topic.clone();
    let args = args![
        t.id,
        t.slug,
        t.text.zh,
        t.text.en,
        t.text.summary_zh,
        t.text.summary_en,
        t.cover,
        t.live,
        t.created_at,
        t.changed_at,
        t.published_at,
    ];
    Ok(tx.exec(sql, args).await? > 0)
}

/// Writes all of a topic but its slug.
pub async fn save(tx: &Tx, topic: &Topic) -> Result<()> {
    let sql = "UPDATE topics SET zh = $2, en = $3, summary_zh = $4, summary_en = $5, cover = $6, live = $7, changed_at = $8, published_at = $9
               WHERE id = $1";
    let t = topic.clone();
    let args = args![
        t.id,
        t.text.zh,
        t.text.en,
        t.text.summary_zh,
        t.text.summary_en,
        t.cover,
        t.live,
        t.changed_at,
        t.published_at,
    ];
    tx.exec(sql, args).await.map(drop)
}

#[derive(FromQueryResult)]
struct MemberRow {
    topic_id: TopicId,
    article_id: ArticleId,
    section: String,
}

/// What is in these topics, each in its order.
pub async fn members(on: &impl Conn, topics: &[TopicId]) -> Result<Vec<(TopicId, Member)>> {
    let rows: Vec<MemberRow> = all_in(on, args![], topics, |placeholders| {
        format!(
            "SELECT topic_id, article_id, section FROM topic_articles WHERE topic_id IN ({placeholders}) \
             ORDER BY topic_id, position, article_id"
        )
    })
    .await?;
    let member = |row: MemberRow| (row.topic_id, Member { article: row.article_id, section: row.section });
    Ok(rows.into_iter().map(member).collect())
}

/// Writes a member at its place.
pub async fn put(tx: &Tx, topic: TopicId, member: &Member, position: i64) -> Result<()> {
    let sql = "INSERT INTO topic_articles (topic_id, article_id, position, section) VALUES ($1, $2, $3, $4)
               ON CONFLICT (topic_id, article_id) DO UPDATE SET position = excluded.position, section = excluded.section";
    tx.exec(sql, args![topic, member.article, position, member.section.clone()]).await.map(drop)
}

pub async fn drop_member(tx: &Tx, topic: TopicId, article: ArticleId) -> Result<()> {
    let sql = "DELETE FROM topic_articles WHERE topic_id = $1 AND article_id = $2";
    tx.exec(sql, args![topic, article]).await.map(drop)
}
