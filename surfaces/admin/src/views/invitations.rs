//! `/admin/invitations`

use accounts::InvitationId;
use kernel::{Locale, Time};
use serde::Serialize;
use web::render::{Form, PageLayout, View};

use super::parts::{DeskLayout, Paging, Who, noon};

#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub id: InvitationId,
    /// Nobody: whoever runs the machine.
    pub by: Option<Who>,
    /// The role that it gives: of a built-in one the message `admin-role-<role>`, else its title.
    pub role: Option<String>,
    pub role_title: Option<String>,
    pub address: Option<String>,
    pub used: i64,
    pub most: i64,
    pub until: Time,
    /// `open`, `used`, `late` or `revoked`: the message `invitation-<state>`.
    pub state: &'static str,
}

/// A role that the viewer may give.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    pub name: String,
    pub title: Option<String>,
}

/// The list, and the form of one more: `uses`, `days`, `email`, `role`. To take one back: POST `/admin/invitations/{id}/revoke`.
#[derive(Clone, Serialize)]
pub struct Invitations {
    pub layout: DeskLayout,
    pub rows: Vec<Row>,
    pub paging: Paging,
    /// The token of the one just made: its link is shown this once.
    pub made: Option<String>,
    pub roles: Vec<Choice>,
    pub form: Form,
    /// Nobody may sign up now, invited or not.
    pub closed: bool,
}

impl View for Invitations {
    const TEMPLATE: &'static str = "admin_invitations.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let row = |n: i64, state| Row {
            id: InvitationId::new(48_151_623_421_337 + n),
            by: (n != 2).then(|| Who::sample(locale)),
            role: (n == 1).then(|| "reviewer".into()),
            role_title: (n == 2).then(|| "Night <b>desk".into()),
            address: (n == 0).then(|| format!("{}@example.org", "l".repeat(64))),
            used: n,
            most: 1_204,
            until: noon(),
            state,
        };
        let full = Self {
            layout: DeskLayout::sample_done("invitations", "invitation-revoked"),
            rows: vec![row(0, "open"), row(1, "used"), row(2, "late"), row(3, "revoked")],
            paging: Paging::sample("/admin/invitations"),
            made: None,
            roles: vec![
                Choice { name: "reviewer".into(), title: None },
                Choice { name: "night-desk".into(), title: Some("Night <b>desk".into()) },
            ],
            form: Form::default().with("uses", "1").with("days", "7"),
            closed: false,
        };
        let made = Self { made: Some("aZ09-_x".repeat(6)), ..full.clone() };
        let mut wrong = kernel::Invalid::default();
        wrong.add_limit("uses", "invitation-uses", 1_000);
        wrong.add_limit("days", "invitation-days", 365);
        wrong.add("email", "address-form");
        wrong.add("role", "role-unknown");
        let none = Self {
            layout: DeskLayout::sample("invitations"),
            rows: vec![],
            paging: Paging::default(),
            roles: vec![],
            form: Form::default().with("uses", "\"").refused(&wrong),
            closed: true,
            ..full.clone()
        };
        vec![full, made, none]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
