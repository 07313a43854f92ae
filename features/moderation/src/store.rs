//! The only SQL that names the tables of moderation.

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
        Verdict::Approve => ("approve", None, None),
        Verdict::Return { code, note } => ("return", Some(code.clone()), Some(note.clone())),
        Verdict::Retract { code } => ("retract", Some(code.clone()), None),
        Verdict::Restore => ("restore", None, None),
    };
    let sql = "INSERT INTO decisions (id, article_id, verdict, code, note, decided_by, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    tx.exec(sql, args![id, article, name, code, note, by, now]).await.map(drop)
}

#[derive(FromQueryResult)]
struct DecisionRow {
    article_id: ArticleId,
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

pub async fn decisions(on: &impl Conn, article: ArticleId) -> Result<Vec<Decision>> {
    let sql = "SELECT article_id, verdict, code, note, decided_by, decided_at FROM decisions WHERE article_id = $1 ORDER BY id DESC LIMIT 50";
    let rows: Vec<DecisionRow> = on.all(sql, args![article]).await?;
    let decision = |r: DecisionRow| Decision {
        article: r.article_id,
        verdict: r.verdict,
        code: r.code,
        note: r.note,
        by: r.decided_by,
        at: r.decided_at,
    };
    Ok(rows.into_iter().map(decision).collect())
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

/// Closes an open report; says whether it was open.
pub async fn close(tx: &Tx, id: ReportId, outcome: Outcome, by: UserId, now: Time) -> Result<bool> {
    let sql =
        "UPDATE reports SET outcome = $2, closed_by = $3, closed_at = $4 WHERE id = $1 AND outcome IS NULL";
    Ok(tx.exec(sql, args![id, outcome.name(), by, now]).await? > 0)
}

pub async fn open_reports(on: &impl Conn) -> Result<i64> {
    Ok(on.scalar("SELECT COUNT(*) FROM reports WHERE outcome IS NULL", vec![]).await?.unwrap_or(0))
}
