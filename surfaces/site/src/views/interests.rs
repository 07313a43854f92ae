//! What a reader is interested in.

use kernel::Locale;
use serde::Serialize;
use web::render::{Form, PageLayout, View};

use super::samples;

/// Something a reader likes, or wants nothing of.
#[derive(Clone, Debug, Serialize)]
pub struct Interest {
    /// `author`, `channel`, `tag` or `article`: the message `interest-<subject>`.
    pub subject: &'static str,
    /// As it is stored.
    pub name: String,
    /// As a form names it to wish for it: the handle of an author, else the name.
    pub handle: String,
    pub label: String,
    /// Of the strongest interest, in hundredths.
    pub share: i64,
    /// The reader asked for it.
    pub wanted: bool,
}

/// `/settings/interests`. POST `…/switch`: `learns` (yes, no); `…/wish`: `subject`, `name`, `wish` (more, none); `…/unwish`: `subject`, `name`;
/// `…/reset`: `sure` (yes).
#[derive(Clone, Debug, Serialize)]
pub struct Interests {
    /// The site may learn from what is read; if not, all lists are empty.
    pub learns: bool,
    pub liked: Vec<Interest>,
    pub muted: Vec<Interest>,
    pub form: Form,
}

impl View for Interests {
    const TEMPLATE: &'static str = "settings_interests.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let interest = |subject, n: usize, share, wanted| Interest {
            subject,
            name: n.to_string(),
            handle: n.to_string(),
            label: match subject {
                "channel" => samples::channel(locale, n).name,
                "author" => samples::author(locale, n).name,
                "article" => samples::title(locale, n).to_owned(),
                _ => samples::tags(locale)[0].clone(),
            },
            share,
            wanted,
        };
        let full = Self {
            learns: true,
            liked: vec![
                interest("channel", 0, 100, false),
                interest("tag", 1, 62, true),
                interest("author", 2, 1, false),
            ],
            muted: ["author", "channel", "tag", "article"].map(|kind| interest(kind, 3, 0, false)).into(),
            form: Form::default().with("subject", "tag"),
        };
        let empty = Self { liked: vec![], muted: vec![], ..full.clone() };
        let off = Self { learns: false, ..empty.clone() };
        let refused = Self {
            form: Form::sent([("subject", "author"), ("name", "<nobody>")]).with_error("name", "wish-author"),
            ..full.clone()
        };
        let unsure = Self { form: Form::default().with_error("sure", "reset-sure"), ..full.clone() };
        vec![full, empty, off, refused, unsure]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}
