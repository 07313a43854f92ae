//! `/studio/profile`

use kernel::Locale;
use serde::Serialize;
use web::render::{Form, PageLayout, View};

use super::parts::{DeskLayout, Thumb};

/// How an author presents themselves. POSTs to its own address as `multipart/form-data`.
#[derive(Clone, Debug, Serialize)]
pub struct ProfileForm {
    pub layout: DeskLayout,
    pub form: Form,
    pub avatar: Option<Thumb>,
    /// Another name ends it.
    pub verified: bool,
    /// Where name, bio or avatar wait for a reviewer or came back: the name that readers see.
    pub shown: Option<String>,
    /// Why they came back (`reject-…`), and in the reviewer's words.
    pub code: Option<String>,
    pub note: Option<String>,
}

impl View for ProfileForm {
    const TEMPLATE: &'static str = "studio_profile.html";

    fn samples(_: Locale) -> Vec<Self> {
        let form =
            Form::default().with("name", "南坡观察").with("bio", "看潮，数鸟。").with("region", "浙江");
        let (shown, code, note) = (None, None, None);
        let plain = Self {
            layout: DeskLayout::sample("profile"),
            form,
            avatar: Some(Thumb::sample()),
            verified: true,
            shown,
            code,
            note,
        };
        let waiting = Self { shown: Some("北坡观察 <b>".into()), ..plain.clone() };
        let returned =
            Self { code: Some("name".into()), note: Some("请用全称。".into()), ..waiting.clone() };
        vec![
            plain.clone(),
            waiting,
            returned,
            Self {
                layout: DeskLayout { notice: None, ..DeskLayout::sample("profile") },
                form: Form::default().with_error("name", "name-empty").with_error("avatar", "picture-type"),
                avatar: None,
                verified: false,
                ..plain
            },
        ]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
