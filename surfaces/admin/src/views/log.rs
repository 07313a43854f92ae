//! `/admin/headlines/log`

use editorial::AuditAction;
use kernel::{Locale, Time};
use serde::Serialize;
use web::render::{PageLayout, View};

use super::parts::{DeskLayout, Paging, Who, noon};
use super::reports::About;

/// What a line is about; without a title where it is not the editors' to read any more.
#[derive(Clone, Debug, Serialize)]
pub struct Of {
    pub title: String,
    pub language: String,
    pub href: String,
}

/// What somebody did; what does not belong to it is empty.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// The message `admin-action-…`.
    pub action: &'static str,
    /// `editorial::Slot::kind`, the address of its page, its channel in the page's language.
    pub slot: Option<&'static str>,
    pub href: Option<String>,
    pub channel: Option<String>,
    pub article: Option<Of>,
    pub topic: Option<Of>,
    pub from: Option<i64>,
    pub to: Option<i64>,
    pub starts: Option<Time>,
    pub ends: Option<Time>,
    pub note: Option<String>,
    pub by: Option<Who>,
    pub at: Time,
}

#[derive(Clone, Debug, Serialize)]
pub struct Log {
    pub layout: DeskLayout,
    pub lines: Vec<Line>,
    pub paging: Paging,
}

impl View for Log {
    const TEMPLATE: &'static str = "admin_log.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let About { title, language, .. } = About::sample(locale);
        let of = Of { title, language, href: "/article/3fQk2".into() };
        let topic = Of { href: "/topic/tides".into(), ..of.clone() };
        let hidden = Of { title: String::new(), href: String::new(), ..of.clone() };
        let line = |action: AuditAction| {
            let placed = matches!(
                action,
                AuditAction::Place | AuditAction::Change | AuditAction::Move | AuditAction::Remove
            );
            let moved = matches!(action, AuditAction::Move | AuditAction::Order);
            let article = !matches!(
                action,
                AuditAction::Create | AuditAction::Rewrite | AuditAction::Publish | AuditAction::Withdraw
            );
            Line {
                action: action.name(),
                slot: placed.then_some(if action == AuditAction::Place { "headline" } else { "home" }),
                href: placed.then(|| "/admin/headlines/home".to_owned()),
                channel: (action == AuditAction::Place).then(|| "城市".to_owned()),
                article: article
                    .then(|| if action == AuditAction::Remove { hidden.clone() } else { of.clone() }),
                topic: (!placed).then(|| topic.clone()),
                from: moved.then_some(4),
                to: moved.then_some(1),
                starts: (action == AuditAction::Place).then(noon),
                ends: (action == AuditAction::Place).then(noon),
                note: matches!(action, AuditAction::Place | AuditAction::Section).then(|| "“<b>”".to_owned()),
                by: (action != AuditAction::Remove).then(|| Who::sample(locale)),
                at: noon(),
            }
        };
        let full = Self {
            layout: DeskLayout::sample("headlines"),
            lines: AuditAction::ALL.map(line).to_vec(),
            paging: Paging::sample("/admin/headlines/log"),
        };
        let empty = Self { lines: vec![], paging: Paging::default(), ..full.clone() };
        vec![full, empty]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
