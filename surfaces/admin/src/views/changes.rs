//! `/admin/applications/profile/{id}`

use kernel::{AuthorId, Locale, Time};
use serde::Serialize;
use web::render::{Form, PageLayout, View};

use super::parts::{DeskLayout, Who, noon};

/// A row of the page of applications.
#[derive(Clone, Debug, Serialize)]
pub struct Waiting {
    pub id: AuthorId,
    pub who: Who,
    pub at: Time,
}

/// What readers see of an author.
#[derive(Clone, Debug, Serialize)]
pub struct ShownProfile {
    pub name: String,
    pub bio: String,
    pub place: Option<String>,
    /// Path of a picture, and its hash.
    pub avatar: Option<String>,
    pub hash: Option<String>,
    /// There is to be one that the site does not have.
    pub missing: bool,
}

/// What an author is to look like. The forms under its address: `approve` with `avatar`, and `return` with `code` and `note`; both with `read`.
#[derive(Clone, Debug, Serialize)]
pub struct Changing {
    pub layout: DeskLayout,
    pub id: AuthorId,
    pub who: Who,
    pub by: Option<Who>,
    pub at: Time,
    /// Says which wish was read.
    pub read: i64,
    pub shown: ShownProfile,
    pub wanted: ShownProfile,
    pub codes: [&'static str; 4],
    pub form: Form,
}

impl View for Changing {
    const TEMPLATE: &'static str = "admin_change.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let profile = |name: &str, bio: &str, avatar: Option<&str>| ShownProfile {
            name: name.into(),
            bio: bio.into(),
            place: avatar.map(|_| "浙江".to_owned()),
            avatar: avatar.map(str::to_owned),
            hash: avatar.map(|_| "0123456789abcdef".repeat(2)),
            missing: false,
        };
        let picture = format!("/media/{}/w320.webp", "0123456789abcdef".repeat(2));
        let full = Self {
            layout: DeskLayout::sample("applications"),
            id: AuthorId::new(300),
            who: Who::sample(locale),
            by: Some(Who { verified: false, ..Who::sample(locale) }),
            at: noon(),
            read: 1,
            shown: profile("南坡观察", "", None),
            wanted: profile("北坡观察 <b>", "看潮，\n数鸟。", Some(&picture)),
            codes: authors::RETURN_CODES,
            form: Form::default(),
        };
        let refused = Self {
            by: None,
            form: Form::default()
                .with("note", "<b>")
                .with_error("name", "name-taken")
                .with_error("code", "code-empty"),
            ..full.clone()
        };
        let lost = Self {
            wanted: ShownProfile { missing: true, ..profile("北坡观察", "", None) },
            ..full.clone()
        };
        vec![lost, refused, full]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
