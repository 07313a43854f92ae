//! Invitations.

use db::{Conn, Tx, args};
use kernel::{Cursor, Result, Time, UserId};

use crate::invitation::{Invitation, InvitationId};

const INVITATION: &str = "id, made_by, role, address, most, used, created_at, expires_at, revoked_at";

pub async fn insert(tx: &Tx, invitation: &Invitation, hash: &str) -> Result<()> {
    let sql =
        "INSERT INTO invitations (id, token_hash, made_by, role, address, most, used, created_at, expires_at)
               VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8)";
    let Invitation { id, made_by, role, address, most, created_at, expires_at, .. } = invitation.clone();
    tx.exec(sql, args![id, hash, made_by, role, address, most, created_at, expires_at]).await.map(drop)
}

pub async fn by_hash(on: &impl Conn, hash: &str) -> Result<Option<Invitation>> {
    let sql = format!("SELECT {INVITATION} FROM invitations WHERE token_hash = $1");
    on.opt(&sql, args![hash]).await
}

/// Newest first; ids grow with time.
pub async fn list(on: &impl Conn, from: Cursor, limit: usize) -> Result<Vec<Invitation>> {
    let sql = format!("SELECT {INVITATION} FROM invitations WHERE id < $1 ORDER BY id DESC LIMIT $2");
    on.all(&sql, args![from.id, limit as i64]).await
}

/// Those that a user made, newest first.
pub async fn list_by(on: &impl Conn, user: UserId, from: Cursor, limit: usize) -> Result<Vec<Invitation>> {
    let sql = format!(
        "SELECT {INVITATION} FROM invitations WHERE made_by = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
    );
    on.all(&sql, args![user, from.id, limit as i64]).await
}

/// Whether it was still good: of many who come at once, no more come in than may. Whom it was mailed to is forgotten.
pub async fn use_up(tx: &Tx, id: InvitationId, now: Time) -> Result<bool> {
    let sql = "UPDATE invitations SET used = used + 1, address = NULL
               WHERE id = $1 AND used < most AND expires_at > $2 AND revoked_at IS NULL";
    Ok(tx.exec(sql, args![id, now]).await? > 0)
}

/// Whether there is one; twice is once.
pub async fn revoke(tx: &Tx, id: InvitationId, now: Time) -> Result<bool> {
    let sql = "UPDATE invitations SET revoked_at = COALESCE(revoked_at, $2), address = NULL WHERE id = $1";
    Ok(tx.exec(sql, args![id, now]).await? > 0)
}

/// Drops those that ran out before then.
pub async fn sweep(tx: &Tx, before: Time) -> Result<()> {
    tx.exec("DELETE FROM invitations WHERE expires_at <= $1", args![before]).await.map(drop)
}

/// Those of a user that were mailed and not used.
pub async fn mailed_by(on: &impl Conn, user: UserId) -> Result<Vec<InvitationId>> {
    on.column("SELECT id FROM invitations WHERE made_by = $1 AND address IS NOT NULL", args![user]).await
}

/// Forgets that it was mailed there; whoever has the link may still come.
pub async fn forget_address(tx: &Tx, address: &str) -> Result<()> {
    tx.exec("UPDATE invitations SET address = NULL WHERE address = $1", args![address]).await.map(drop)
}

/// What the user has made lets nobody in any more; whom it was mailed to is forgotten.
pub async fn revoke_all_of(tx: &Tx, user: UserId, now: Time) -> Result<()> {
    let sql =
        "UPDATE invitations SET revoked_at = COALESCE(revoked_at, $2), address = NULL WHERE made_by = $1";
    tx.exec(sql, args![user, now]).await.map(drop)
}
