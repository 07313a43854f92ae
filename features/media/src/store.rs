//! The only SQL that names the tables of media.

use db::{Conn, FromQueryResult, Tx, all_in, args};
use kernel::{Cursor, MediaId, Result, Time, UserId};

use crate::model::Picture;

const PICTURE: &str = "p.id, p.hash, p.width, p.height, p.colour, p.transparent, p.animated, p.widths";

#[derive(FromQueryResult)]
struct Row {
    id: MediaId,
    hash: String,
    width: i64,
    height: i64,
    colour: String,
    transparent: bool,
    animated: bool,
    widths: String,
}

impl From<Row> for Picture {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            hash: row.hash,
            width: row.width as u32,
            height: row.height as u32,
            colour: row.colour,
            transparent: row.transparent,
            animated: row.animated,
            widths: row.widths.split(',').filter_map(|width| width.parse().ok()).collect(),
        }
    }
}

/// Inserts a picture unless one with its hash is there already; says whether it did.
pub async fn insert(tx: &Tx, picture: &Picture, now: Time) -> Result<bool> {
    let widths = picture.widths.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
    let sql = "INSERT INTO pictures (id, hash, width, height, colour, transparent, animated, widths, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (hash) DO NOTHING";
    let values = args![
        picture.id,
        picture.hash.as_str(),
        i64::from(picture.width),
        i64::from(picture.height),
        picture.colour.as_str(),
        picture.transparent,
        picture.animated,
        widths,
        now
    ];
    Ok(tx.exec(sql, values).await? == 1)
}

pub async fn add_owner(tx: &Tx, user: UserId, picture: MediaId, now: Time) -> Result<()> {
    let sql = "INSERT INTO picture_owners (user_id, picture_id, uploaded_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    tx.exec(sql, args![user, picture, now]).await.map(drop)
}

pub async fn is_owner(conn: &impl Conn, user: UserId, picture: MediaId) -> Result<bool> {
    let sql = "SELECT picture_id FROM picture_owners WHERE user_id = $1 AND picture_id = $2";
    Ok(conn.scalar::<i64>(sql, args![user, picture]).await?.is_some())
}

pub async fn find(conn: &impl Conn, hash: &str) -> Result<Option<Picture>> {
    let sql = format!("SELECT {PICTURE} FROM pictures p WHERE p.hash = $1");
    Ok(conn.opt::<Row>(&sql, args![hash]).await?.map(Picture::from))
}

pub async fn find_many(conn: &impl Conn, hashes: &[&str]) -> Result<Vec<Picture>> {
    let sql = |marks: &str| format!("SELECT {PICTURE} FROM pictures p WHERE p.hash IN ({marks})");
    let rows: Vec<Row> = all_in(conn, args![], hashes, sql).await?;
    Ok(rows.into_iter().map(Picture::from).collect())
}

#[derive(FromQueryResult)]
struct OwnedRow {
    uploaded_at: Time,
    #[sea_orm(nested)]
    picture: Row,
}

/// Pictures that `user` uploaded, newest first, with the time.
pub async fn owned_by(
    conn: &impl Conn,
    user: UserId,
    from: Cursor,
    limit: usize,
) -> Result<Vec<(Time, Picture)>> {
    let sql = format!(
        "SELECT o.uploaded_at, {PICTURE} FROM picture_owners o JOIN pictures p ON p.id = o.picture_id \
         WHERE o.user_id = $1 AND (o.uploaded_at, o.picture_id) < ($2, $3) \
         ORDER BY o.uploaded_at DESC, o.picture_id DESC LIMIT $4"
    );
    let rows: Vec<OwnedRow> = conn.all(&sql, args![user, from.key, from.id, limit as i64]).await?;
    Ok(rows.into_iter().map(|row| (row.uploaded_at, row.picture.into())).collect())
}
