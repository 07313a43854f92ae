//! `/admin/settings`

use kernel::{Invalid, Locale};
use serde::Serialize;
use settings::Input;
use web::render::{Form, PageLayout, View};

use super::parts::DeskLayout;

/// How a setting is asked for.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Switch,
    Number,
    Line,
    Choice,
    Zone,
    Email,
    Colour,
    /// Has a form of its own.
    Picture,
}

impl From<Input> for Kind {
    fn from(input: Input) -> Self {
        match input {
            Input::Switch => Self::Switch,
            Input::Number(..) => Self::Number,
            Input::Line(_) | Input::Needed(_) => Self::Line,
            Input::Choice(_) => Self::Choice,
            Input::Zone => Self::Zone,
            Input::Email => Self::Email,
            Input::Colour(_) => Self::Colour,
            Input::Picture => Self::Picture,
        }
    }
}

#[derive(Clone, Debug, Serialize)]
pub struct Field {
    pub name: &'static str,
    /// The messages `setting-<message>`, `setting-<message>-what` and, of a choice, `setting-<message>-<choice>`.
    pub message: String,
    pub input: Kind,
    /// Of a number its bounds, of a line the most characters.
    pub least: i64,
    pub most: i64,
    pub needed: bool,
    pub choices: Vec<&'static str>,
    /// The configuration says it.
    pub fixed: bool,
}

/// Those of one feature: the message `settings-<name>`.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    pub name: &'static str,
    pub fields: Vec<Field>,
}

/// Of a colour that cannot be read: how much it has and needs (to 1), and the nearest that has it.
#[derive(Clone, Debug, Serialize)]
pub struct Contrast {
    pub has: String,
    pub needs: String,
    pub nearest: String,
}

/// POST here: settings by their names. `/admin/settings/logo`: file `logo`, `logo_drop`; what stands there now is `page.site.logo`.
#[derive(Clone, Debug, Serialize)]
pub struct Settings {
    pub layout: DeskLayout,
    pub groups: Vec<Group>,
    pub zones: Vec<String>,
    pub form: Form,
    pub logo: Form,
    pub contrast: Option<Contrast>,
}

impl View for Settings {
    const TEMPLATE: &'static str = "admin_settings.html";

    fn samples(_: Locale) -> Vec<Self> {
        let field = |name: &'static str, input, most, fixed| Field {
            name,
            message: name.replace('.', "-"),
            input,
            least: 0,
            most,
            needed: true,
            choices: vec![],
            fixed,
        };
        let site = vec![
            field("site.name", Kind::Line, 40, false),
            field("site.tagline", Kind::Line, 120, true),
            Field { choices: vec!["zh-CN", "en"], ..field("site.locale", Kind::Choice, 0, false) },
            field("site.zone", Kind::Zone, 0, false),
            field("site.contact", Kind::Email, 0, false),
            Field { needed: false, ..field("site.accent", Kind::Colour, 0, false) },
        ];
        let articles = vec![field("articles.review", Kind::Switch, 0, false)];
        let mut invalid = Invalid::default();
        invalid.add_limit("site.name", "setting-long", 40);
        invalid.add("site.contact", "setting-email");
        invalid.add("site.accent", "colour-contrast");
        let form = Form::default()
            .with("site.name", "Our <b>Town</b>")
            .with("site.tagline", "By all of us")
            .with("site.zone", "Europe/Oslo")
            .with("site.locale", "en")
            .with("articles.review", "on")
            .with("site.contact", "nobody")
            .with("site.accent", "#ffd400");
        let groups = vec![Group { name: "site", fields: site }, Group { name: "articles", fields: articles }];
        let zones = vec!["Asia/Shanghai".into(), "Europe/Oslo".into(), "UTC".into()];
        let calm = Self {
            layout: DeskLayout::sample_done("settings", "settings"),
            groups,
            zones,
            form: form.clone(),
            logo: Form::default(),
            contrast: None,
        };
        let wrong = Self {
            layout: DeskLayout::sample("settings"),
            form: form.refused(&invalid),
            logo: Form::default().with_error("logo", "picture-type"),
            contrast: Some(Contrast { has: "1.3".into(), needs: "4.5".into(), nearest: "#6b5900".into() }),
            ..calm.clone()
        };
        vec![calm, wrong]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
