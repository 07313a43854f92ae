//! Whom a reader mutes and blocks.

use kernel::{Locale, Time};
use serde::Serialize;
use web::render::{PageLayout, View};

use super::parts::Pager;
use super::samples;

/// `/comment/{id}/mute`: what to do about whoever wrote a comment. POST there: `how` (mute, block, none), `return`.
#[derive(Clone, Debug, Serialize)]
pub struct MutePage {
    /// Where the buttons are sent: the page's own path.
    pub action: String,
    /// As the comment names them.
    pub name: String,
    /// The comment's words, and where it stands.
    pub about: String,
    pub about_href: String,
    /// `mute` or `block`, where the reader did so.
    pub muted: Option<&'static str>,
}

impl View for MutePage {
    const TEMPLATE: &'static str = "mute.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let plain = Self {
            action: "/comment/3fQk2/mute".into(),
            name: samples::comment(locale, 1).name,
            about: samples::comment(locale, 1).text,
            about_href: format!("/article/{}#comment-3fQk2", samples::ARTICLE),
            muted: None,
        };
        let muted = |how| Self { muted: Some(how), ..plain.clone() };
        vec![muted("mute"), muted("block"), plain.clone()]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}

/// Somebody of whom the reader wants to see nothing.
#[derive(Clone, Debug, Serialize)]
pub struct Mute {
    /// `user` or `author`: the message `block-<kind>`.
    pub kind: &'static str,
    pub id: String,
    pub name: String,
    /// Their page, where there is one.
    pub href: Option<String>,
    /// `mute` or `block`.
    pub how: &'static str,
    pub since: Time,
}

/// `/settings/blocks?cursor=…`. POST there: `kind`, `id`, `how` (mute, block, none).
#[derive(Clone, Debug, Serialize)]
pub struct MutesPage {
    pub mutes: Vec<Mute>,
    pub pager: Pager,
}

impl View for MutesPage {
    const TEMPLATE: &'static str = "settings_blocks.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let author = samples::author(locale, 0);
        let mute = |n: usize| {
            let is_author = n.is_multiple_of(2);
            Mute {
                kind: if is_author { "author" } else { "user" },
                id: n.to_string(),
                name: if is_author { author.name.clone() } else { samples::comment(locale, n).name },
                href: is_author.then(|| format!("/@{}", author.handle)),
                how: if n % 3 == 1 { "block" } else { "mute" },
                since: samples::before(90 * n as i64),
            }
        };
        let next = Pager { next: Some("/settings/blocks?cursor=a.b".into()), first: true };
        let full = Self { mutes: (0..8).map(mute).collect(), pager: next };
        vec![full, Self { mutes: vec![], pager: Pager { next: None, first: true } }]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}
