//! `/admin/users/{id}/delete`

use kernel::{Locale, UserId};
use serde::Serialize;
use web::render::{PageLayout, View};

use super::parts::{DeskLayout, Who};

/// What deleting a user would do. POSTs to its own address, unless it cannot be done.
#[derive(Clone, Debug, Serialize)]
pub struct Deleting {
    pub layout: DeskLayout,
    pub id: UserId,
    pub who: Who,
    /// Nobody deletes their own account here.
    pub own: bool,
    /// Comments that stay.
    pub comments: i64,
    /// Authors that keep other owners.
    pub shared: Vec<Who>,
    /// Authors that would have no owner.
    pub sole: Vec<Who>,
}

impl View for Deleting {
    const TEMPLATE: &'static str = "admin_user_delete.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let full = Self {
            layout: DeskLayout::sample("users"),
            id: UserId::new(100),
            who: Who { verified: false, ..Who::sample(locale) },
            own: false,
            comments: 1_204,
            shared: vec![Who::sample(locale)],
            sole: vec![Who::sample(locale)],
        };
        let free = Self { comments: 0, shared: vec![], sole: vec![], ..full.clone() };
        let own = Self { own: true, ..free.clone() };
        vec![full, own, free]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
