//! The only SQL that names the tables of moderation.

pub mod profiles;

use articles::Verdict;
use db::{Conn, FromQueryResult, Tx, args};
use kernel::{ArticleId, CommentId, Cursor, ReportId, Result, Time, UserId};

use crate::model::{Decision, NewReport, Outcome, Reason, Report};

pub async fn add_decision(
    tx: &Tx,
    id: i64,
    article: ArticleId,
    verdict: &Verdict,
    by: UserId,
    now: Time,
) -> Result<()> {
    let (name, code, note) = match verdict {
        Verdict::Approve(_) => ("approve", None, None),
        Verdict::Return { code, note, .. } => ("return", Some(code.clone()), Some(note.clone())),
        Verdict::Retract { code } => ("retract", Some(code.clone()), None),
        Verdict::Restore => ("restore", None, None),
    };
    let (verdict, comment) = (name.to_owned(), None);
    insert_decision(tx, Decision { id, article, comment, verdict, code, note, by, at: now }).await
}

pub async fn insert_decision(tx: &Tx, d: Decision) -> Result<()> {
    let sql = "INSERT INTO decisions (id, article_id, comment_id, verdict, code, note, decided_by, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    tx.exec(sql, args![d.id, d.article, d.comment, d.verdict, d.code, d.note, d.by, d.at]).await.map(drop)
}

const DECISION: &str = "id, article_id, comment_id, verdict, code, note, decided_by, decided_at";

#[derive(FromQueryResult)]
struct DecisionRow {
    id: i64,
    article_id: ArticleId,
    comment_id: Option<CommentId>,
    verdict: String,
    code: Option<String>,
    note: Option<String>,
    decided_by: UserId,
    decided_at: Time,
}

/// Removes what was decided about an article that goes without a trace.
pub async fn forget_article(tx: &Tx, id: ArticleId) -> Result<()> {
    tx.exec("DELETE FROM decisions WHERE article_id = $1", args![id]).await.map(drop)
}

impl From<DecisionRow> for Decision {
    fn from(row: DecisionRow) -> Self {
        Self {
            id: row.id,
            article: row.article_id,
            comment: row.comment_id,
            verdict: row.verdict,
            code: row.code,
            note: row.note,
            by: row.decided_by,
            at: row.decided_at,
        }
    }
}

/// About an article itself, newest first.
pub async fn decisions(on: &impl Conn, article: ArticleId) -> Result<Vec<Decision>> {
    let sql = format!(
        "SELECT {DECISION} FROM decisions WHERE article_id = $1 AND comment_id IS NULL ORDER BY id DESC LIMIT 50"
    );
    let rows: Vec<DecisionRow> = on.all(&sql, args![article]).await?;
    Ok(rows.into_iter().map(Decision::from).collect())
}

/// About a comment, newest first.
pub async fn decisions_on_comment(on: &impl Conn, comment: CommentId) -> Result<Vec<Decision>> {
    let sql = format!("SELECT {DECISION} FROM decisions WHERE comment_id = $1 ORDER BY id DESC LIMIT 50");
    let rows: Vec<DecisionRow> = on.all(&sql, args![comment]).await?;
    Ok(rows.into_iter().map(Decision::from).collect())
}

/// About everything, newest first.
pub async fn log(on: &impl Conn, from: Cursor, limit: usize) -> Result<Vec<Decision>> {
    let sql = format!("SELECT {DECISION} FROM decisions WHERE id < $1 ORDER BY id DESC LIMIT $2");
    let rows: Vec<DecisionRow> = on.all(&sql, args![from.id, limit as i64]).await?;
    Ok(rows.into_iter().map(Decision::from).collect())
}

pub async fn add_report(tx: &Tx, id: ReportId, report: &NewReport, reason: Reason, now: Time) -> Result<()> {
    let sql = "INSERT INTO reports (id, article_id, comment_id, reason, text, contact, user_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let r = report.clone();
    tx.exec(sql, args![id, r.article, r.comment, reason.name(), r.text, r.contact, r.by, now]).await.map(drop)
}

#[derive(FromQueryResult)]
struct ReportRow {
    id: ReportId,
    article_id: ArticleId,
    comment_id: Option<CommentId>,
    reason: String,
    text: String,
    contact: Option<String>,
    user_id: Option<UserId>,
    created_at: Time,
    outcome: Option<String>,
    code: Option<String>,
    closed_by: Option<UserId>,
    closed_at: Option<Time>,
}

impl From<ReportRow> for Report {
    fn from(row: ReportRow) -> Self {
        Self {
            id: row.id,
            article: row.article_id,
            comment: row.comment_id,
            reason: Reason::named(&row.reason).unwrap_or(Reason::Other),
            text: row.text,
            contact: row.contact,
            by: row.user_id,
            created_at: row.created_at,
            outcome: row.outcome.as_deref().and_then(Outcome::named),
            code: row.code,
            closed_by: row.closed_by,
            closed_at: row.closed_at,
        }
    }
}

/// Open or closed reports, newest first.
pub async fn reports(on: &impl Conn, open: bool, from: Cursor, limit: usize) -> Result<Vec<Report>> {
    let filter = if open { "outcome IS NULL" } else { "outcome IS NOT NULL" };
    let sql = format!("SELECT * FROM reports WHERE {filter} AND id < $1 ORDER BY id DESC LIMIT $2");
    let rows: Vec<ReportRow> = on.all(&sql, args![from.id, limit as i64]).await?;
    Ok(rows.into_iter().map(Report::from).collect())
}

pub async fn report(on: &impl Conn, id: ReportId) -> Result<Option<Report>> {
    Ok(on.opt::<ReportRow>("SELECT * FROM reports WHERE id = $1", args![id]).await?.map(Report::from))
}

/// Who reported, how to reach them, and what they wrote, in which they may have named themselves.
pub async fn erase_reporter(tx: &Tx, user: UserId) -> Result<()> {
    let sql = "UPDATE reports SET user_id = NULL, contact = NULL, text = '' WHERE user_id = $1";
    tx.exec(sql, args![user]).await.map(drop)
}

/// What a user reported, newest first.
pub async fn reports_by(on: &impl Conn, user: UserId, from: Cursor, limit: usize) -> Result<Vec<Report>> {
    let sql = "SELECT * FROM reports WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    let rows: Vec<ReportRow> = on.all(sql, args![user, from.id, limit as i64]).await?;
    Ok(rows.into_iter().map(Report::from).collect())
}

/// Closes an open report; says whether it was open.
pub async fn close(tx: &Tx, closing: &Closing<'_>) -> Result<bool> {
    let sql = "UPDATE reports SET outcome = $2, code = $3, closed_by = $4, closed_at = $5 WHERE id = $1 AND outcome IS NULL";
    let Closing { report, outcome, code, by, at } = *closing;
    Ok(tx.exec(sql, args![report, outcome.name(), code.map(str::to_owned), by, at]).await? > 0)
}

/// How a report ends.
pub struct Closing<'a> {
    pub report: ReportId,
    pub outcome: Outcome,
    pub code: Option<&'a str>,
    pub by: UserId,
    pub at: Time,
}

pub async fn open_reports(on: &impl Conn) -> Result<i64> {
    Ok(on.scalar("SELECT COUNT(*) FROM reports WHERE outcome IS NULL", vec![]).await?.unwrap_or(0))
}
