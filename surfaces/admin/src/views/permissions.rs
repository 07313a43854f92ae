//! `/admin/permissions` and `/admin/permissions/{role}`

use accounts::{Action, Role};
use kernel::Locale;
use serde::Serialize;
use web::render::{Form, PageLayout, View};

use super::parts::DeskLayout;

/// A column of the table: a built-in role is the message `admin-role-<name>`, one that the site made has its title.
#[derive(Clone, Debug, Serialize)]
pub struct Column {
    pub name: String,
    pub title: Option<String>,
    /// Where it is changed, for whoever may.
    pub href: Option<String>,
}

/// An action, the message `action-<action>`, and whether the role of each column may do it.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub action: &'static str,
    pub may: Vec<bool>,
}

/// A box of the form, which has the action's name.
#[derive(Clone, Debug, Serialize)]
pub struct ActionBox {
    pub name: &'static str,
    /// The viewer may not do it, and so gives it to nobody.
    pub fixed: bool,
}

/// The table, and the form of one more role: `slug`, `title`, and a field for each action.
#[derive(Clone, Debug, Serialize)]
pub struct Permissions {
    pub layout: DeskLayout,
    pub roles: Vec<Column>,
    pub rows: Vec<Row>,
    pub actions: Vec<ActionBox>,
    pub form: Form,
}

impl View for Permissions {
    const TEMPLATE: &'static str = "admin_permissions.html";

    fn samples(_: Locale) -> Vec<Self> {
        let column = |name: &str, title: Option<&str>, href: Option<&str>| Column {
            name: name.into(),
            title: title.map(str::to_owned),
            href: href.map(str::to_owned),
        };
        let built_in = Role::ALL.map(|role| column(role.name(), None, None));
        let custom = [
            column("night-desk", Some("Night <b>desk"), Some("/admin/permissions/night-desk")),
            column("above", Some("所有频道的值班主编"), None),
        ];
        let row = |action: &Action| Row {
            action: action.name(),
            may: Role::ALL
                .iter()
                .map(|role| role.actions().has(*action))
                .chain([*action == Action::RetractArticles, true])
                .collect(),
        };
        let full = Self {
            layout: DeskLayout::sample_done("permissions", "role"),
            roles: built_in.iter().cloned().chain(custom).collect(),
            rows: Action::ALL.iter().map(row).collect(),
            actions: boxes(),
            form: Form::default(),
        };
        let plain = Self {
            roles: built_in.to_vec(),
            rows: full.rows.iter().map(|row| Row { may: row.may[..3].to_vec(), ..row.clone() }).collect(),
            ..full.clone()
        };
        let refused = Self {
            layout: DeskLayout::sample("permissions"),
            form: Form::default()
                .with("slug", "Night desk")
                .with("title", "Night <b>desk")
                .with_error("slug", "slug-form")
                .with_error("title", "name-empty")
                .with_error("actions", "role-empty"),
            ..full.clone()
        };
        vec![plain, refused, full]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}

/// One role of the site's own, to be changed (`title`, and a field for each action, POSTed to its own address) or removed (`sure`, to
/// `/remove`).
#[derive(Clone, Debug, Serialize)]
pub struct EditedRole {
    pub layout: DeskLayout,
    pub name: String,
    pub title: String,
    /// How many users hold it.
    pub holders: i64,
    pub actions: Vec<ActionBox>,
    pub form: Form,
    /// The form that removes the role.
    pub end: Form,
}

impl View for EditedRole {
    const TEMPLATE: &'static str = "admin_role.html";

    fn samples(_: Locale) -> Vec<Self> {
        let full = Self {
            layout: DeskLayout::sample("permissions"),
            name: "night-desk".into(),
            title: "Night <b>desk".into(),
            holders: 1_204,
            actions: boxes(),
            form: Form::default().with("title", "Night <b>desk").with("retract-articles", "1"),
            end: Form::default(),
        };
        let refused = Self {
            holders: 1,
            form: Form::default().with_error("title", "name-empty").with_error("actions", "role-empty"),
            end: Form::default().with_error("sure", "sure-missing"),
            ..full.clone()
        };
        vec![refused, Self { holders: 0, ..full.clone() }, full]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}

fn boxes() -> Vec<ActionBox> {
    let boxed = |action: &Action| ActionBox { name: action.name(), fixed: *action == Action::RunOperations };
    Action::ALL.iter().map(boxed).collect()
}
