//! What reviewers do, and what reaches them.

use std::sync::Arc;
use std::time::Duration;

use accounts::{Role, Viewer};
use articles::{Article, Articles, Verdict};
use comments::Comments;
use db::Db;
use kernel::{ArticleId, Cursor, Env, Error, Page, ReportId, Result, Throttle};

use crate::model::{Decision, NewReport, Outcome, RETRACT_CODES, RETURN_CODES, Report};
use crate::store;

#[derive(Clone)]
pub struct Moderation {
    db: Db,
    env: Env,
    articles: Articles,
    comments: Comments,
    by_network: Arc<Throttle<String>>,
}

/// Reports from one network: this many an hour.
const REPORTS: u32 = 30;

impl Moderation {
    pub fn new(db: Db, env: Env, articles: Articles, comments: Comments) -> Self {
        let by_network = Arc::new(Throttle::new(REPORTS, Duration::from_hours(1)));
        Self { db, env, articles, comments, by_network }
    }

    /// Carries out a reviewer's (for [`Verdict::Restore`]: an editor's) decision and writes it down, both or neither.
    pub async fn decide(&self, viewer: &Viewer, id: ArticleId, verdict: Verdict) -> Result<Article> {
        self.judge(viewer, id, None, verdict).await
    }

    /// The same about the revision that the reviewer has read: conflict `article-edited` if there is a newer one, so that
    /// nothing goes live unread.
    pub async fn decide_on(
        &self,
        viewer: &Viewer,
        id: ArticleId,
        read: i64,
        verdict: Verdict,
    ) -> Result<Article> {
        self.judge(viewer, id, Some(read), verdict).await
    }

    async fn judge(
        &self,
        viewer: &Viewer,
        id: ArticleId,
        read: Option<i64>,
        verdict: Verdict,
    ) -> Result<Article> {
        let by = viewer
            .require(if matches!(verdict, Verdict::Restore) { Role::Editor } else { Role::Reviewer })?
            .id;
        match &verdict {
            Verdict::Return { code, .. } if !RETURN_CODES.contains(&code.as_str()) => {
                return Err(Error::invalid("code", "code-empty"));
            }
            Verdict::Retract { code } if !RETRACT_CODES.contains(&code.as_str()) => {
                return Err(Error::invalid("code", "code-empty"));
            }
            _ => {}
        }
        let (row, now, record) = (self.env.id::<()>().raw(), self.env.now(), verdict.clone());
        let write = async |tx: &db::Tx| store::add_decision(tx, row, id, &record, by, now).await;
        match read {
            Some(read) => self.articles.decide_on(id, read, verdict, write).await,
            None => self.articles.decide(id, verdict, write).await,
        }
    }

    /// Removes an article that readers never saw, with all that was decided about it. The caller has checked that its author asks.
    pub async fn delete_unpublished(&self, id: ArticleId) -> Result<()> {
        self.articles.delete(id, async |tx| store::forget_article(tx, id).await).await
    }

    /// What was decided about an article so far, newest first.
    pub async fn decisions(&self, id: ArticleId) -> Result<Vec<Decision>> {
        store::decisions(&self.db, id).await
    }

    /// Takes a report on something that can be seen.
    /// `network` is where it comes from, to keep one place from flooding the queue.
    pub async fn report(&self, report: NewReport, network: &str) -> Result<ReportId> {
        let (report, reason) = report.check()?;
        self.by_network.take(network.to_owned(), self.env.instant())?;
        self.articles.get_visible(report.article).await?;
        let id = self.env.id();
        let tx = self.db.write().await?;
        store::add_report(&tx, id, &report, reason, self.env.now()).await?;
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

    /// Ends a report. Upheld, what it names goes first: the comment is removed or the article retracted; if that is done already, fine.
    pub async fn close(&self, viewer: &Viewer, id: ReportId, outcome: Outcome) -> Result<()> {
        let by = viewer.require(Role::Reviewer)?.id;
        let report = store::report(&self.db, id).await?.ok_or(Error::NotFound)?;
        if report.outcome.is_some() {
            return Err(Error::Conflict("report-closed"));
        }
        if outcome == Outcome::Upheld {
            if let Some(comment) = report.comment {
                self.comments.remove(viewer, comment).await?;
            } else {
                let code = if report.reason == crate::Reason::Copyright { "copyright" } else { "rules" };
                let verdict = Verdict::Retract { code: code.to_owned() };
                match self.decide(viewer, report.article, verdict).await {
                    Ok(_) | Err(Error::Conflict(_)) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        let tx = self.db.write().await?;
        // Another reviewer may have closed it meanwhile; what is taken away stays away, and the log says by whom.
        if !store::close(&tx, id, outcome, by, self.env.now()).await? {
            return Err(Error::Conflict("report-closed"));
        }
        tx.commit().await
    }
}
