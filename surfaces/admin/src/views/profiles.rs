//! `/admin/profiles`

use kernel::{Locale, Time};
use serde::Serialize;
use web::render::{PageLayout, View};

use super::parts::{DeskLayout, Who, noon};

/// What a reader says of a profile.
#[derive(Clone, Debug, Serialize)]
pub struct Reported {
    /// The message `reason-…`.
    pub reason: &'static str,
    pub text: String,
    pub contact: Option<String>,
    pub at: Time,
}

/// What a user shows of themselves, or would. Posts below `/admin/profiles/{who.id}`: `show` with `read`, `clear`.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    pub who: Who,
    /// It is the viewer's, so somebody else decides.
    pub own: bool,
    /// Nobody else sees it yet.
    pub held: bool,
    /// Comes back with what is shown, so that it is this.
    pub read: String,
    pub bio: String,
    pub avatar: Option<String>,
    pub reports: Vec<Reported>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Profiles {
    pub layout: DeskLayout,
    pub items: Vec<Item>,
}

impl View for Profiles {
    const TEMPLATE: &'static str = "admin_profiles.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let report = Reported {
            reason: "abuse",
            text: "The picture is of somebody else.\n<script>alert(1)</script>".into(),
            contact: Some("lin@example.org".into()),
            at: noon(),
        };
        let held = Item {
            who: Who::sample(locale),
            own: false,
            held: true,
            read: "0123456789abcdef".into(),
            bio: "加微信 <b>abc</b>\n日赚三千".into(),
            avatar: Some("/media/0123456789abcdef0123456789abcdef/w320.webp".into()),
            reports: vec![],
        };
        let reported = Item {
            held: false,
            bio: String::new(),
            reports: vec![report.clone(), Reported { text: String::new(), contact: None, ..report }],
            ..held.clone()
        };
        let own = Item { own: true, avatar: None, ..held.clone() };
        let full = Self {
            layout: DeskLayout::sample_done("profiles", "profile-shown"),
            items: vec![held, reported, own],
        };
        vec![Self { items: vec![], ..full.clone() }, full]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
