//! `/admin/reports`

use kernel::{ArticleId, Locale, ReportId, Time};
use serde::Serialize;
use web::render::{Form, PageLayout, View};

use super::parts::{DeskLayout, Filter, Paging, Who, noon};

/// The article that something is about, in any state (the message `state-…`).
#[derive(Clone, Debug, Serialize)]
pub struct About {
    pub id: ArticleId,
    pub title: String,
    pub language: String,
    pub state: &'static str,
}

impl About {
    pub fn sample(locale: Locale) -> Self {
        let (title, language) = match locale {
            Locale::ZhCn => ("老码头的最后一班渡船", "zh"),
            Locale::En => ("The last ferry from the old quay", "en"),
        };
        let id = ArticleId::new(2_716_057_984_311_296);
        Self { id, title: title.into(), language: language.into(), state: "live" }
    }
}

/// The comment that was reported.
#[derive(Clone, Debug, Serialize)]
pub struct Words {
    pub name: String,
    pub text: String,
    pub shown: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Item {
    pub id: ReportId,
    /// The viewer made it or is whom it is about, so somebody else decides.
    pub own: bool,
    /// The message `reason-…`.
    pub reason: &'static str,
    pub about: Option<About>,
    /// Where a comment was reported and not the article.
    pub comment: Option<Words>,
    pub text: String,
    pub contact: Option<String>,
    /// `None` for a visitor.
    pub by: Option<Who>,
    pub at: Time,
    /// `upheld` or `rejected` once it is closed.
    pub outcome: Option<&'static str>,
    /// Why it was taken away: the message `retract-…`, of a comment `remove-…`.
    pub code: Option<String>,
    pub closed_by: Option<Who>,
    pub closed_at: Option<Time>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Reports {
    pub layout: DeskLayout,
    pub filters: Vec<Filter>,
    pub items: Vec<Item>,
    pub paging: Paging,
}

impl View for Reports {
    const TEMPLATE: &'static str = "admin_reports.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let filters = |asked: &str| Filter::all("open", "/admin/reports", "state", ["closed"], asked);
        let article = Item {
            id: ReportId::new(1_041),
            own: false,
            code: None,
            reason: "copyright",
            about: Some(About::sample(locale)),
            comment: None,
            text: "The second picture is mine, 首发于 2019 年。\n<script>alert(1)</script>".into(),
            contact: Some("lin@example.org".into()),
            by: None,
            at: noon(),
            outcome: None,
            closed_by: None,
            closed_at: None,
        };
        let words =
            Words { name: "安".into(), text: "加微信 <b>abc</b>，日赚三千。".into(), shown: true };
        let comment = Item {
            id: ReportId::new(1_042),
            reason: "spam",
            comment: Some(words.clone()),
            text: String::new(),
            contact: None,
            by: Some(Who::sample(locale)),
            ..article.clone()
        };
        let gone = Item {
            id: ReportId::new(1_043),
            about: Some(About { state: "retracted", ..About::sample(locale) }),
            ..article.clone()
        };
        let own = Item { id: ReportId::new(1_045), own: true, ..article.clone() };
        let hidden = Item {
            id: ReportId::new(1_044),
            comment: Some(Words { shown: false, ..words }),
            ..comment.clone()
        };
        let closed = |item: &Item, outcome| Item {
            outcome: Some(outcome),
            code: (outcome == "upheld").then(|| "wrong".to_owned()),
            closed_by: Some(Who::sample(locale)),
            closed_at: Some(noon()),
            ..item.clone()
        };
        let open = Self {
            layout: DeskLayout::sample_done("reports", "report-rejected"),
            filters: filters(""),
            items: vec![article.clone(), comment.clone(), gone, hidden, own],
            paging: Paging::sample("/admin/reports"),
        };
        let done = Self {
            filters: filters("closed"),
            items: vec![closed(&article, "upheld"), closed(&comment, "rejected")],
            ..open.clone()
        };
        let empty = Self { items: vec![], paging: Paging::default(), ..open.clone() };
        let never = Self { filters: filters("closed"), ..empty.clone() };
        vec![done, empty, never, open]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}

/// `/admin/reports/{id}`: its forms are sent to its own address, with `outcome` and, where something is taken away, `code`.
#[derive(Clone, Debug, Serialize)]
pub struct Case {
    pub layout: DeskLayout,
    pub item: Item,
    /// Reasons to choose from: `retract-…`, of a comment `remove-…`.
    pub codes: [&'static str; 7],
    pub form: Form,
    /// Nothing was decided: the message `conflict-…`.
    pub conflict: Option<&'static str>,
}

impl View for Case {
    const TEMPLATE: &'static str = "admin_report.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let all: Vec<Item> = Reports::samples(locale).into_iter().flat_map(|list| list.items).collect();
        let case = |item: Item| Self {
            layout: DeskLayout::sample("reports"),
            item,
            codes: moderation::RETRACT_CODES,
            form: Form::default().with("code", "wrong"),
            conflict: None,
        };
        let mut samples: Vec<Self> = all.into_iter().map(case).collect();
        let first = samples[0].clone();
        samples.push(Self { conflict: Some("report-closed"), ..first });
        let last = samples[2].clone();
        samples.push(Self { form: Form::default().with_error("code", "code-empty"), ..last });
        samples
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
