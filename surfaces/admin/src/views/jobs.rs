//! `/admin/jobs`

use jobs::JobId;
use kernel::{Locale, Time};
use serde::Serialize;
use web::render::{PageLayout, View};

use super::parts::{DeskLayout, noon};

/// How many jobs of a kind there are.
#[derive(Clone, Debug, Default, Serialize)]
pub struct KindLine {
    pub kind: String,
    /// The message `job-<name>`.
    pub name: String,
    pub queued: i64,
    pub running: i64,
    pub failed: i64,
    /// For how many seconds the first that is due has waited.
    pub waited: i64,
}

#[derive(Clone, Debug, Serialize)]
pub struct JobLine {
    pub id: JobId,
    pub kind: String,
    /// The message `job-<name>`.
    pub name: String,
    /// What it is about, where one at a time is enough for each.
    pub key: Option<String>,
    pub run_at: Time,
    /// Its time has come.
    pub due: bool,
    /// When the last try began or, where it failed for good, ended.
    pub since: Time,
    pub tries: i64,
    /// How far it is; `total` is 0 where nobody knows.
    pub done: i64,
    pub total: i64,
    pub error: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Jobs {
    pub layout: DeskLayout,
    pub kinds: Vec<KindLine>,
    /// The newest.
    pub failed: Vec<JobLine>,
    pub running: Vec<JobLine>,
    /// What comes next.
    pub queued: Vec<JobLine>,
    pub all_failed: i64,
    pub all_queued: i64,
}

impl View for Jobs {
    const TEMPLATE: &'static str = "admin_jobs.html";

    fn samples(_: Locale) -> Vec<Self> {
        let kind = |kind: &str, queued, running, failed| KindLine {
            kind: kind.into(),
            name: kind.replace('.', "-"),
            queued,
            running,
            failed,
            waited: queued / 3,
        };
        let error = "internal error: no row of <b>articles</b> has the id 4711, which ".repeat(6);
        let job = |n: i64, kind: &str| JobLine {
            id: JobId::new(48_151_623_421_337 + n),
            kind: kind.into(),
            name: kind.replace('.', "-"),
            key: None,
            run_at: noon(),
            due: true,
            since: noon(),
            tries: 1,
            done: 0,
            total: 0,
            error: None,
        };
        let failed = JobLine {
            key: Some("3yQqvR4Tz1".into()),
            tries: 12,
            error: Some(error.clone()),
            ..job(1, "article.publish")
        };
        let full = Self {
            layout: DeskLayout::sample_done("jobs", "job-retry"),
            kinds: vec![
                kind("article.publish", 1_204, 4, 2),
                kind("media.sweep", 0, 1, 0),
                kind("from.a.newer.version", 1, 0, 0),
            ],
            failed: vec![failed, JobLine { error: Some("busy".into()), ..job(2, "media.sweep") }],
            running: vec![
                JobLine { done: 310, total: 1_200, ..job(3, "recommend.learn") },
                job(4, "events.prune"),
            ],
            queued: vec![
                JobLine { error: Some(error), tries: 3, ..job(5, "article.publish") },
                JobLine { due: false, ..job(6, "from.a.newer.version") },
            ],
            all_failed: 1_204,
            all_queued: 1_205,
        };
        let calm = Self {
            layout: DeskLayout::sample("jobs"),
            kinds: vec![],
            failed: vec![],
            running: vec![],
            queued: vec![],
            all_failed: 0,
            all_queued: 0,
        };
        vec![full, calm]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
