//! What is wrong with what users show of themselves, and what is done about it.

use accounts::{Action, Viewer};
use events::Actor;
use kernel::{Cursor, Error, Page, ReportId, Result, UserId};

use crate::events::ProfileReported;
use crate::model::{NewProfileReport, Outcome, ProfileReport};
use crate::service::Moderation;
use crate::store::profiles as store;

/// Reports that are looked at together.
const MOST: usize = 200;

impl Moderation {
    /// Takes a report on the page of a user. `network` is where it comes from, to keep one place from flooding the queue.
    pub async fn report_profile(&self, report: NewProfileReport, network: &str) -> Result<ReportId> {
        let (report, reason) = report.check()?;
        self.by_network.check(network).await?;
        let user = self.accounts.find(report.about).await?;
        user.filter(accounts::User::has_page).ok_or(Error::NotFound)?;
        let id = self.env.id();
        let tx = self.db.write().await?;
        store::insert(&tx, id, report, reason, self.env.now()).await?;
        // Who it was stands in the report, where it can be erased.
        self.journal.by(Actor::Anonymous).append(&tx, &ProfileReported { id }).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Open ones, oldest first. For [`Action::ModerateComments`]: the caller checks.
    pub async fn profile_reports(&self) -> Result<Vec<ProfileReport>> {
        store::open(&self.db, MOST).await
    }

    /// What a user reported of others, newest first.
    pub async fn profile_reports_by(
        &self,
        user: UserId,
        from: Cursor,
        limit: usize,
    ) -> Result<Page<ProfileReport>> {
        let reports = store::by(&self.db, user, from, limit + 1).await?;
        Ok(Page::cut(reports, limit, |report| Cursor { key: 0, id: report.id.raw() }))
    }

    /// How many profiles somebody has to look at.
    pub async fn count_profiles(&self) -> Result<i64> {
        Ok(store::count(&self.db).await? + self.accounts.count_held_profiles().await?)
    }

    /// Shows bio and picture of somebody else that were `read`, or takes both away; what was reported of them is closed by it. Errors as for
    /// [`Accounts::decide_profile`].
    pub async fn decide_profile(&self, viewer: &Viewer, user: UserId, read: Option<&str>) -> Result<()> {
        let by = viewer.require(Action::ModerateComments)?;
        let outcome = if read.is_some() { Outcome::Rejected } else { Outcome::Upheld };
        let tx = self.db.write().await?;
        store::close(&tx, user, outcome, by.id, self.env.now()).await?;
        self.accounts.decide_profile(&tx, by, user, read).await?;
        tx.commit().await
    }
}
