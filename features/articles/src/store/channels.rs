//! Channels.

use db::{Conn, FromQueryResult, Tx, args};
use kernel::{ArticleId, AuthorId, Result, Slug, Time};

use crate::model::Channel;

#[derive(FromQueryResult)]
struct ChannelRow {
    slug: Slug,
    zh: String,
    en: String,
    colour: String,
    position: i64,
}

pub async fn channels(on: &impl Conn) -> Result<Vec<Channel>> {
    let rows: Vec<ChannelRow> =
        on.all("SELECT slug, zh, en, colour, position FROM channels ORDER BY position, slug", vec![]).await?;
    let channel =
        |r: ChannelRow| Channel { slug: r.slug, zh: r.zh, en: r.en, colour: r.colour, position: r.position };
    Ok(rows.into_iter().map(channel).collect())
}

/// Adds a channel unless its slug is taken, by a channel or by one that is gone and leads elsewhere; says whether it did.
pub async fn add_channel(tx: &Tx, channel: &Channel) -> Result<bool> {
    if redirect(tx, &channel.slug).await?.is_some() {
        return Ok(false);
    }
    let sql = "INSERT INTO channels (slug, zh, en, colour, position) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (slug) DO NOTHING";
    let c = channel.clone();
    Ok(tx.exec(sql, args![c.slug, c.zh, c.en, c.colour, c.position]).await? > 0)
}

/// How many rows changed.
pub async fn update_channel(tx: &Tx, channel: &Channel) -> Result<u64> {
    let sql = "UPDATE channels SET zh = $2, en = $3, colour = $4, position = $5 WHERE slug = $1";
    let c = channel.clone();
    tx.exec(sql, args![c.slug, c.zh, c.en, c.colour, c.position]).await
}

/// Where a channel that was merged into another leads to.
pub async fn redirect(on: &impl Conn, slug: &Slug) -> Result<Option<Slug>> {
    on.scalar("SELECT target FROM channel_redirects WHERE slug = $1", args![slug.clone()]).await
}

/// The channels that were merged into one.
pub async fn redirects_to(on: &impl Conn, into: &Slug) -> Result<Vec<Slug>> {
    on.column("SELECT slug FROM channel_redirects WHERE target = $1 ORDER BY slug", args![into.clone()]).await
}

/// Leads `from`, and all that led there, to `into`.
pub async fn add_redirect(tx: &Tx, from: &Slug, into: &Slug, now: Time) -> Result<()> {
    let sql = "UPDATE channel_redirects SET target = $2 WHERE target = $1";
    tx.exec(sql, args![from.clone(), into.clone()]).await?;
    let sql = "INSERT INTO channel_redirects (slug, target, since) VALUES ($1, $2, $3)";
    tx.exec(sql, args![from.clone(), into.clone(), now]).await.map(drop)
}

/// Those that lead to a channel that goes without a successor lead nowhere.
pub async fn delete_channel(tx: &Tx, slug: &Slug) -> Result<u64> {
    tx.exec("DELETE FROM channel_redirects WHERE target = $1", args![slug.clone()]).await?;
    tx.exec("DELETE FROM channels WHERE slug = $1", args![slug.clone()]).await
}

/// Articles of a channel in any state, and those that a change which waits, or goes on being written, would move into it.
pub async fn count_in_channel(on: &impl Conn, slug: &Slug) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM (SELECT id FROM articles WHERE channel = $1 UNION \
               SELECT a.id FROM articles a JOIN revisions r ON r.article_id = a.id AND r.version = a.latest \
               WHERE a.latest <> a.version AND r.content LIKE $2) AS counted";
    Ok(on.scalar(sql, args![slug.clone(), anywhere(slug)]).await?.unwrap_or(0))
}

#[derive(FromQueryResult)]
pub struct Moved {
    pub id: ArticleId,
    pub author_id: AuthorId,
    pub state: String,
}

/// Moves at most `limit` articles from one channel to another, with the drafts of those revisions that are shown or go on being
/// written; says which.
pub async fn move_articles(tx: &Tx, from: &Slug, into: &Slug, limit: usize) -> Result<Vec<Moved>> {
    let sql = "UPDATE articles SET channel = $2 WHERE id IN (SELECT id FROM articles WHERE channel = $1 LIMIT $3) \
               RETURNING id, author_id, state";
    let moved: Vec<Moved> = tx.all(sql, args![from.clone(), into.clone(), limit as i64]).await?;
    for article in &moved {
        move_revisions(tx, from, into, article.id).await?;
    }
    Ok(moved)
}

/// Changes of live articles that wait, or go on being written, and would move the article into `from`.
pub async fn move_pending(tx: &Tx, from: &Slug, into: &Slug) -> Result<()> {
    let sql = "SELECT a.id FROM articles a JOIN revisions r ON r.article_id = a.id AND r.version = a.latest \
               WHERE a.latest <> a.version AND r.content LIKE $1";
    let waiting: Vec<ArticleId> = tx.column(sql, args![anywhere(from)]).await?;
    for id in waiting {
        move_revisions(tx, from, into, id).await?;
    }
    Ok(())
}

async fn move_revisions(tx: &Tx, from: &Slug, into: &Slug, id: ArticleId) -> Result<()> {
    let sql = "UPDATE revisions SET content = REPLACE(content, $1, $2) WHERE article_id = $3 AND version IN \
               (SELECT a.version FROM articles a WHERE a.id = $3 UNION SELECT a.latest FROM articles a WHERE a.id = $3)";
    tx.exec(sql, args![in_json(from), in_json(into), id]).await.map(drop)
}

/// A pattern for the JSON of a draft in this channel.
fn anywhere(slug: &Slug) -> String {
    format!("%{}%", in_json(slug))
}

/// How a draft's JSON names its channel. Inside a text quotes are escaped, so it stands nowhere else.
fn in_json(slug: &Slug) -> String {
    format!("\"channel\":\"{slug}\"")
}
