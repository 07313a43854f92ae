//! Channels.

use db::{Conn, FromQueryResult, Tx, args};
use kernel::{Result, Slug};

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

/// Adds a channel unless its slug is taken; says whether it did.
pub async fn add_channel(tx: &Tx, channel: &Channel) -> Result<bool> {
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
