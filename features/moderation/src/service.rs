//! What reviewers do, and what reaches them.

use std::sync::Arc;
use std::time::Duration;

use accounts::{Accounts, Action, Viewer};
use articles::{Article, Articles, Verdict};
use audit::{Past, Record};
use comments::{Comment, Comments};
use db::{Db, Tx};
use events::{Actor, Journal};
use kernel::{ArticleId, CommentId, Cursor, Env, Error, Invalid, Page, ReportId, Result, UserId, text};
use limits::Limit;

use crate::codes;
use crate::events::{ReportClosed, Reported};
use crate::model::{Decision, NewReport, Outcome, RETRACT_CODES, RETURN_CODES, Report};
use crate::store::{self, Closing};

#[derive(Clone)]
pub struct Moderation {
    pub(crate) db: Db,
    pub(crate) journal: Journal,
    pub(crate) env: Env,
    pub(crate) accounts: Accounts,
    articles: Articles,
    comments: Comments,
    pub(crate) by_network: Arc<Limit>,
}

/// Reports from one network: this many an hour.
const REPORTS: u32 = 30;
/// No end: all rows.
const ALL: usize = i64::MAX as usize;
/// The longest note to a decision (characters).
const NOTE_MAX: usize = 1_000;

impl Moderation {
    pub fn new(
        db: Db,
        journal: Journal,
        env: Env,
        accounts: Accounts,
        articles: Articles,
        comments: Comments,
    ) -> Self {
        let by_network =
            Arc::new(Limit::new(db.clone(), env.clone(), "reports", REPORTS, Duration::from_hours(1)));
        Self { db, journal, env, accounts, articles, comments, by_network }
    }

    /// Carries out a decision of somebody who may make it and writes it down, both or neither. Nobody decides
    /// on what they may write for: conflict `decide-own`. Nothing goes live unread: conflict `article-edited` if there is a newer
    /// revision than the one that was read, or the same shows something else.
    pub async fn decide(&self, viewer: &Viewer, id: ArticleId, verdict: Verdict) -> Result<Article> {
        self.judge(viewer, id, verdict, async |_| Ok(())).await
    }

    async fn judge(
        &self,
        viewer: &Viewer,
        id: ArticleId,
        verdict: Verdict,
        also: impl AsyncFnOnce(&Tx) -> Result<()>,
    ) -> Result<Article> {
        let action = match verdict {
            Verdict::Approve(_) | Verdict::Return { .. } => Action::ReviewArticles,
            Verdict::Retract { .. } => Action::RetractArticles,
            Verdict::Restore => Action::RestoreArticles,
        };
        let by = viewer.require(action)?.id;
        let verdict = match verdict {
            Verdict::Return { read, code, note } => {
                Verdict::Return { read, code, note: checked_note(&note)?.unwrap_or_default() }
            }
            other => other,
        };
        match &verdict {
            Verdict::Return { code, .. } if !RETURN_CODES.contains(&code.as_str()) => {
                return Err(Error::invalid("code", codes::CODE_EMPTY));
            }
            Verdict::Retract { code } => check_code(code)?,
            _ => {}
        }
        if self.articles.is_own(by, id).await? {
            return Err(Error::Conflict(codes::DECIDE_OWN));
        }
        let (row, now, record) = (self.env.id::<()>().raw(), self.env.now(), verdict.clone());
        let write = async |tx: &Tx| {
            store::add_decision(tx, row, id, &record, by, now).await?;
            also(tx).await?;
            let (action, code) = decided(&record);
            self.write_down(tx, by, Record::new(action, "article", id).after(code)).await
        };
        self.articles.by(by).decide(id, verdict, write).await
    }

    /// Removes an article that readers never saw, with all that was decided about it. The caller has checked that its author asks.
    pub async fn delete_unpublished(&self, id: ArticleId) -> Result<()> {
        self.articles.delete(id, async |tx| store::forget_article(tx, id).await).await
    }

    /// Takes somebody else's comment away, in whatever state it is, for one of [`RETRACT_CODES`], and writes that down.
    pub async fn remove_comment(&self, viewer: &Viewer, id: CommentId, code: &str, note: &str) -> Result<()> {
        self.judge_comment(viewer, id, Some(code), note, async |_| Ok(())).await
    }

    /// Shows somebody else's comment that was held or removed, and writes that down.
    pub async fn release_comment(&self, viewer: &Viewer, id: CommentId) -> Result<()> {
        self.judge_comment(viewer, id, None, "", async |_| Ok(())).await
    }

    async fn judge_comment(
        &self,
        viewer: &Viewer,
        id: CommentId,
        code: Option<&str>,
        note: &str,
        also: impl AsyncFnOnce(&Tx) -> Result<()>,
    ) -> Result<()> {
        let by = viewer.require(Action::ModerateComments)?.id;
        if let Some(code) = code {
            check_code(code)?;
        }
        let note = checked_note(note)?;
        let (row, at) = (self.env.id::<()>().raw(), self.env.now());
        let verdict = code.map_or(comments::Verdict::Release, |code| comments::Verdict::Remove { code });
        let write = async |tx: &Tx, before: &Comment, changes: bool| {
            if !changes {
                return also(tx).await;
            }
            let verdict = if code.is_some() { "remove" } else { "release" }.to_owned();
            let (article, comment, code) = (before.article, Some(id), code.map(str::to_owned));
            let action = if code.is_some() { "comment.remove" } else { "comment.release" };
            let record = Record::new(action, "comment", id).after(&code);
            let decision = Decision { id: row, article, comment, verdict, code, note, by, at };
            store::insert_decision(tx, decision).await?;
            also(tx).await?;
            self.write_down(tx, by, record).await
        };
        self.comments.decide(viewer, id, verdict, write).await
    }

    /// What was decided about an article so far, newest first.
    pub async fn decisions(&self, id: ArticleId) -> Result<Vec<Decision>> {
        store::decisions(&self.db, id).await
    }

    /// What was decided about a comment so far, newest first.
    pub async fn decisions_on_comment(&self, id: CommentId) -> Result<Vec<Decision>> {
        store::decisions_on_comment(&self.db, id).await
    }

    /// All that was decided, newest first. For [`Action::SeeDecisions`]: the caller checks.
    pub async fn log(&self, from: Cursor, limit: usize) -> Result<Page<Decision>> {
        let rows = store::log(&self.db, from, limit + 1).await?;
        Ok(Page::cut(rows, limit, |row| Cursor { key: 0, id: row.id }))
    }

    /// Takes a report on something that can be seen.
    /// `network` is where it comes from, to keep one place from flooding the queue.
    pub async fn report(&self, report: NewReport, network: &str) -> Result<ReportId> {
        let (report, reason) = report.check()?;
        self.by_network.check(network).await?;
        self.articles.get_visible(report.article).await?;
        let id = self.env.id();
        let tx = self.db.write().await?;
        store::add_report(&tx, id, &report, reason, self.env.now()).await?;
        // Who it was stands in the report, where it can be erased.
        self.journal.by(Actor::Anonymous).append(&tx, &Reported { id }).await?;
        tx.commit().await?;
        Ok(id)
    }

    pub async fn reports(&self, open: bool, from: Cursor, limit: usize) -> Result<Page<Report>> {
        let reports = store::reports(&self.db, open, from, limit + 1).await?;
        Ok(Page::cut(reports, limit, |report| Cursor { key: 0, id: report.id.raw() }))
    }

    pub async fn open_reports(&self) -> Result<i64> {
        store::open_reports(&self.db).await
    }

    pub async fn find_report(&self, id: ReportId) -> Result<Option<Report>> {
        store::report(&self.db, id).await
    }

    /// What a user reported, newest first.
    pub async fn reports_by(&self, user: UserId, from: Cursor, limit: usize) -> Result<Page<Report>> {
        let reports = store::reports_by(&self.db, user, from, limit + 1).await?;
        Ok(Page::cut(reports, limit, |report| Cursor { key: 0, id: report.id.raw() }))
    }

    /// Whether a report is somebody's own affair: they made it, or it is about what they wrote (or may write for).
    pub async fn is_own_report(&self, user: UserId, report: &Report) -> Result<bool> {
        if report.by == Some(user) {
            return Ok(true);
        }
        match report.comment {
            Some(id) => Ok(self.comments.find(id).await?.is_some_and(|comment| comment.by == Some(user))),
            None => self.articles.is_own(user, report.article).await,
        }
    }

    /// Forgets a user who is deleted: what they reported is still to be looked at, what they said of themselves is gone.
    pub async fn erase(&self, tx: &Tx, user: UserId) -> Result<()> {
        store::profiles::erase(tx, user).await?;
        store::erase_reporter(tx, user).await
    }

    /// Ends a report that is not the viewer's own affair (conflict `decide-own`), once (conflict `report-closed`). Upheld, what it
    /// names goes for that reason, in the same transaction: the comment is removed or the article retracted; if it is gone
    /// already, fine.
    pub async fn close(&self, viewer: &Viewer, id: ReportId, outcome: Outcome, code: &str) -> Result<()> {
        let by = viewer.require(Action::HandleReports)?.id;
        let report = store::report(&self.db, id).await?.ok_or(Error::NotFound)?;
        if report.outcome.is_some() {
            return Err(Error::Conflict(codes::REPORT_CLOSED));
        }
        if self.is_own_report(by, &report).await? {
            return Err(Error::Conflict(codes::DECIDE_OWN));
        }
        let upheld = outcome == Outcome::Upheld;
        if upheld {
            check_code(code)?;
        }
        let closing = Closing { report: id, outcome, code: upheld.then_some(code), by, at: self.env.now() };
        let close = async |tx: &Tx| {
            if !store::close(tx, &closing).await? {
                return Err(Error::Conflict(codes::REPORT_CLOSED));
            }
            self.journal.by(by).append(tx, &ReportClosed { id }).await?;
            self.write_down(tx, by, Record::new("report.close", "report", id).after(outcome.name())).await
        };
        match report.comment {
            Some(comment) if upheld => {
                return self.judge_comment(viewer, comment, Some(code), "", close).await;
            }
            None if upheld => {
                let verdict = Verdict::Retract { code: code.to_owned() };
                match self.judge(viewer, report.article, verdict, close).await {
                    Ok(_) => return Ok(()),
                    // It is not before readers any more: the report ends all the same.
                    Err(Error::Conflict(articles::codes::ARTICLE_STATE)) => {}
                    Err(error) => return Err(error),
                }
            }
            _ => {}
        }
        let tx = self.db.write().await?;
        close(&tx).await?;
        tx.commit().await
    }

    /// What was decided so far, for an audit log that begins now.
    pub async fn past(&self, tx: &Tx) -> Result<Vec<Past>> {
        let past = |row: Decision| {
            let (kind, target) = match row.comment {
                Some(id) => ("comment", id.to_string()),
                None => ("article", row.article.to_string()),
            };
            let action = match (kind, row.verdict.as_str()) {
                ("comment", "remove") => "comment.remove",
                ("comment", _) => "comment.release",
                (_, "approve") => "article.approve",
                (_, "return") => "article.return",
                (_, "retract") => "article.retract",
                _ => "article.restore",
            };
            let record = Record::new(action, kind, target).after(row.code);
            Past { at: row.at, by: row.by.into(), record }
        };
        Ok(store::log(tx, Cursor::START, ALL).await?.into_iter().map(past).collect())
    }

    async fn write_down(&self, tx: &Tx, by: UserId, record: Record) -> Result<()> {
        audit::record(tx, &self.journal.by(by), record).await
    }
}

/// What the audit log calls a decision, and the code of its reason.
fn decided(verdict: &Verdict) -> (&'static str, Option<&str>) {
    match verdict {
        Verdict::Approve { .. } => ("article.approve", None),
        Verdict::Return { code, .. } => ("article.return", Some(code)),
        Verdict::Retract { code } => ("article.retract", Some(code)),
        Verdict::Restore => ("article.restore", None),
    }
}

/// A reviewer's own words, if there are any. Code: `note-long`.
fn checked_note(note: &str) -> Result<Option<String>> {
    let note = text::lines(note);
    if note.chars().count() > NOTE_MAX {
        let mut errors = Invalid::default();
        errors.add_limit("note", codes::NOTE_LONG, NOTE_MAX as i64);
        return Err(Error::Invalid(errors));
    }
    Ok((!note.is_empty()).then_some(note))
}

fn check_code(code: &str) -> Result<()> {
    if RETRACT_CODES.contains(&code) { Ok(()) } else { Err(Error::invalid("code", codes::CODE_EMPTY)) }
}
