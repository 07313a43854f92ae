//! Browsers that are told something while nobody looks.

use db::{Conn, FromQueryResult, Tx, args};
use kernel::{Result, Time, UserId};

use crate::model::{Device, DeviceId, NewDevice};

/// What it takes to send to one.
#[derive(FromQueryResult)]
pub struct Target {
    pub user_id: UserId,
    pub session: String,
    pub endpoint: String,
    pub p256dh: String,
    pub auth: String,
    pub locale: String,
}

/// In the place of what was known of this browser before, whoever was signed in there.
pub async fn put(tx: &Tx, id: DeviceId, user: UserId, new: &NewDevice, now: Time) -> Result<()> {
    tx.exec("DELETE FROM notification_devices WHERE endpoint = $1", args![new.endpoint.as_str()]).await?;
    let sql = "INSERT INTO notification_devices (id, user_id, session, endpoint, p256dh, auth, agent, locale, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let NewDevice { session, endpoint, p256dh, auth, agent, locale } = new;
    let (session, endpoint, p256dh, auth) =
        (session.as_str(), endpoint.as_str(), p256dh.as_str(), auth.as_str());
    let values = args![id, user, session, endpoint, p256dh, auth, agent.clone(), locale.tag(), now];
    tx.exec(sql, values).await.map(drop)
}

/// Newest first.
pub async fn list(on: &impl Conn, user: UserId) -> Result<Vec<Device>> {
    let sql =
        "SELECT id, session, agent, created_at FROM notification_devices WHERE user_id = $1 ORDER BY id DESC";
    on.all(sql, args![user]).await
}

pub async fn find(on: &impl Conn, id: DeviceId) -> Result<Option<Target>> {
    let sql =
        "SELECT user_id, session, endpoint, p256dh, auth, locale FROM notification_devices WHERE id = $1";
    on.opt(sql, args![id]).await
}

/// One of a user's; whether it was there.
pub async fn remove(tx: &Tx, user: UserId, id: DeviceId) -> Result<bool> {
    let sql = "DELETE FROM notification_devices WHERE user_id = $1 AND id = $2";
    Ok(tx.exec(sql, args![user, id]).await? > 0)
}
