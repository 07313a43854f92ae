//! `/studio/pictures`

use kernel::Locale;
use serde::Serialize;
use web::render::{Form, PageLayout, View};

use super::parts::{DeskLayout, Paging, Thumb};

/// A picture and how to put it into a text.
#[derive(Clone, Debug, Serialize)]
pub struct Shot {
    pub picture: Thumb,
    pub markdown: String,
    /// It moved when it was uploaded; the first frame was kept.
    pub stopped: bool,
}

/// One's own pictures. POSTs files `picture` to its own address.
#[derive(Clone, Debug, Serialize)]
pub struct Pictures {
    pub layout: DeskLayout,
    pub form: Form,
    pub shots: Vec<Shot>,
    pub paging: Paging,
}

impl View for Pictures {
    const TEMPLATE: &'static str = "studio_pictures.html";

    fn samples(_: Locale) -> Vec<Self> {
        let shot = Shot {
            picture: Thumb::sample(),
            markdown: "![](/media/0123456789abcdef0123456789abcdef/full.jpg)".into(),
            stopped: true,
        };
        let full = Self {
            layout: DeskLayout::sample("pictures"),
            form: Form::default(),
            shots: vec![shot; 5],
            paging: Paging { next: Some("/studio/pictures?cursor=a.b".into()), first: None },
        };
        let empty = Self {
            layout: DeskLayout { notice: None, ..DeskLayout::sample("pictures") },
            form: Form::default().with_error("picture", "picture-type"),
            shots: vec![],
            paging: Paging::default(),
        };
        vec![full, empty]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
