//! Reports on what users show of themselves.

use db::{Conn, FromQueryResult, Tx, args};
use kernel::{Cursor, ReportId, Result, Time, UserId};

use crate::model::{NewProfileReport, Outcome, ProfileReport, Reason};

const REPORT: &str = "id, about_id, reason, text, contact, created_at, outcome, closed_at";

pub async fn insert(
    tx: &Tx,
    id: ReportId,
    report: NewProfileReport,
    reason: Reason,
    now: Time,
) -> Result<()> {
    let sql = "INSERT INTO profile_reports (id, about_id, reason, text, contact, user_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let NewProfileReport { about, text, contact, by, .. } = report;
    tx.exec(sql, args![id, about, reason.name(), text, contact, by, now]).await.map(drop)
}

#[derive(FromQueryResult)]
struct Row {
    id: ReportId,
    about_id: UserId,
    reason: String,
    text: String,
    contact: Option<String>,
    created_at: Time,
    outcome: Option<String>,
    closed_at: Option<Time>,
}

impl From<Row> for ProfileReport {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            about: row.about_id,
            reason: Reason::named(&row.reason).unwrap_or(Reason::Other),
            text: row.text,
            contact: row.contact,
            created_at: row.created_at,
            outcome: row.outcome.as_deref().and_then(Outcome::named),
            closed_at: row.closed_at,
        }
    }
}

/// Oldest first.
pub async fn open(on: &impl Conn, limit: usize) -> Result<Vec<ProfileReport>> {
    let sql = format!("SELECT {REPORT} FROM profile_reports WHERE outcome IS NULL ORDER BY id LIMIT $1");
    let rows: Vec<Row> = on.all(&sql, args![limit as i64]).await?;
    Ok(rows.into_iter().map(ProfileReport::from).collect())
}

/// What a user reported, newest first.
pub async fn by(on: &impl Conn, user: UserId, from: Cursor, limit: usize) -> Result<Vec<ProfileReport>> {
    let sql = format!(
        "SELECT {REPORT} FROM profile_reports WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
    );
    let rows: Vec<Row> = on.all(&sql, args![user, from.id, limit as i64]).await?;
    Ok(rows.into_iter().map(ProfileReport::from).collect())
}

/// How many users are reported, but for those whose profile waits anyway.
pub async fn count(on: &impl Conn) -> Result<i64> {
    let sql = "SELECT COUNT(DISTINCT about_id) FROM profile_reports WHERE outcome IS NULL";
    Ok(on.scalar(sql, args![]).await?.unwrap_or(0))
}

/// Closes all open reports on a user.
pub async fn close(tx: &Tx, about: UserId, outcome: Outcome, by: UserId, now: Time) -> Result<()> {
    let sql = "UPDATE profile_reports SET outcome = $2, closed_by = $3, closed_at = $4 WHERE about_id = $1 AND outcome IS NULL";
    tx.exec(sql, args![about, outcome.name(), by, now]).await.map(drop)
}

/// What was said of a user who is gone, and who they were where they reported others.
pub async fn erase(tx: &Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM profile_reports WHERE about_id = $1", args![user]).await?;
    let sql = "UPDATE profile_reports SET user_id = NULL, contact = NULL, text = '' WHERE user_id = $1";
    tx.exec(sql, args![user]).await.map(drop)
}
