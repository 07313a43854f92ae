//! What somebody takes along.

use kernel::{Locale, Time};
use serde::Serialize;
use web::render::{PageLayout, View};

use super::samples;

/// `/settings/export`. POST there asks for an archive.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ExportPage {
    /// The newest one, as long as it is there.
    pub archive: Option<ArchiveLine>,
    /// Why none was begun: the message `conflict-<code>`.
    pub conflict: Option<&'static str>,
    /// There is an address that is told.
    pub told: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct ArchiveLine {
    /// `waiting`, `ready` or `failed`.
    pub state: &'static str,
    /// `full` or `other`: the message `export-problem-<problem>`.
    pub problem: Option<String>,
    /// Steps; 0 of 0 where it was not begun yet.
    pub done: i64,
    pub total: i64,
    pub megabytes: i64,
    pub asked_at: Time,
    /// It is deleted then.
    pub until: Time,
    /// From when on another may be asked for; none where it may be now.
    pub next_at: Option<Time>,
}

impl View for ExportPage {
    const TEMPLATE: &'static str = "settings_export.html";

    fn samples(_: Locale) -> Vec<Self> {
        let line = |state| ArchiveLine {
            state,
            problem: None,
            done: 0,
            total: 0,
            megabytes: 5_120,
            asked_at: samples::before(60),
            until: samples::before(-6 * 24 * 60),
            next_at: Some(samples::before(-23 * 60)),
        };
        let page = |archive: ArchiveLine| Self { archive: Some(archive), conflict: None, told: true };
        let failed =
            |problem: &str| ArchiveLine { problem: Some(problem.into()), next_at: None, ..line("failed") };
        vec![
            Self { told: true, ..Self::default() },
            Self::default(),
            page(line("waiting")),
            page(ArchiveLine { done: 12, total: 40, ..line("waiting") }),
            page(line("ready")),
            Self { told: false, ..page(ArchiveLine { next_at: None, ..line("ready") }) },
            page(failed("full")),
            page(failed("other")),
            Self { conflict: Some("export-running"), ..page(line("waiting")) },
            Self { conflict: Some("export-often"), ..page(line("ready")) },
        ]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}

/// `/settings/export/link?token=…`: what a link in a mail opens, for whoever has it.
#[derive(Clone, Debug, Serialize)]
pub struct ExportLink {
    pub token: String,
    /// What it opens; none where it opens nothing, or nothing any more.
    pub archive: Option<Linked>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Linked {
    pub megabytes: i64,
    pub until: Time,
}

impl View for ExportLink {
    const TEMPLATE: &'static str = "export_link.html";

    fn samples(_: Locale) -> Vec<Self> {
        let token = "aZ09-_x".repeat(6);
        let archive = Linked { megabytes: 12, until: samples::before(-6 * 24 * 60) };
        vec![Self { token: token.clone(), archive: Some(archive) }, Self { token, archive: None }]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
        // No link of the page but the one carries the token on.
        page.query.clear();
    }
}
