//! `/admin/topics` and `/admin/topics/{id}`

use kernel::{ArticleId, Locale, Time, TopicId};
use serde::Serialize;
use web::render::{Form, PageLayout, View};

use super::headlines::Candidate;
use super::parts::{DeskLayout, Paging, noon};
use super::reports::About;

#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub id: TopicId,
    pub slug: String,
    pub title: String,
    /// BCP 47
    pub language: &'static str,
    pub live: bool,
    /// How many are in it, whether readers see them or not.
    pub articles: i64,
    pub changed: Time,
}

/// All topics, and the form for one more: `slug`, `zh`, `en`, `summary_zh`, `summary_en`.
#[derive(Clone, Debug, Serialize)]
pub struct Topics {
    pub layout: DeskLayout,
    pub rows: Vec<Row>,
    pub form: Form,
    pub paging: Paging,
}

impl View for Topics {
    const TEMPLATE: &'static str = "admin_topics.html";

    fn samples(_: Locale) -> Vec<Self> {
        let row = |n: i64, title: &str, language| Row {
            id: TopicId::new(n + 7),
            slug: format!("topic-{n}"),
            title: title.to_owned(),
            language,
            live: n == 0,
            articles: n * 12,
            changed: noon(),
        };
        let full = Self {
            layout: DeskLayout::sample_done("topics", "topic-withdrawn"),
            rows: vec![row(0, "潮水来的那些天 <b>", "zh"), row(1, "When the water comes", "en")],
            form: Form::default(),
            paging: Paging::sample("/admin/topics"),
        };
        let refused = Self {
            layout: DeskLayout::sample("topics"),
            form: Form::default()
                .with("slug", "Tides!")
                .with_error("slug", "slug-form")
                .with_error("zh", "topic-title-empty"),
            ..full.clone()
        };
        vec![Self { rows: vec![], paging: Paging::default(), ..full.clone() }, refused, full]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}

/// An article in the topic. The form: `section`.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    pub id: ArticleId,
    /// Counted from one.
    pub place: i64,
    /// Empty where it is not the editors' to read any more.
    pub title: String,
    pub language: String,
    pub href: String,
    /// Whether readers see it.
    pub seen: bool,
    pub form: Form,
}

/// One topic: what is in it and what it says. The forms: `zh`, `en`, `summary_zh`, `summary_en`, `cover`; adding: `thing`, `section`.
#[derive(Clone, Debug, Serialize)]
pub struct TopicEdited {
    pub layout: DeskLayout,
    pub id: TopicId,
    pub slug: String,
    pub title: String,
    pub language: &'static str,
    pub live: bool,
    pub entries: Vec<Entry>,
    /// The headings that there are.
    pub sections: Vec<String>,
    pub form: Form,
    pub q: String,
    pub found: Vec<Candidate>,
    pub adding: Form,
}

impl View for TopicEdited {
    const TEMPLATE: &'static str = "admin_topic.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let entry = |n: i64| {
            let About { title, language, .. } = About::sample(locale);
            Entry {
                id: ArticleId::new(n + 7),
                place: n + 1,
                title: if n == 2 { String::new() } else { title },
                language,
                href: if n == 2 { String::new() } else { "/article/3fQk2".to_owned() },
                seen: n != 2,
                form: Form::default().with("section", if n == 0 { "" } else { "水位线以下" }),
            }
        };
        let full = Self {
            layout: DeskLayout::sample_done("topics", "topic-published"),
            id: TopicId::new(7),
            slug: "tides".into(),
            title: "潮水来的那些天 <b>".into(),
            language: "zh",
            live: true,
            entries: (0..4).map(entry).collect(),
            sections: vec!["水位线以下".into()],
            form: Form::default()
                .with("zh", "潮水来的那些天 <b>")
                .with("cover", ArticleId::new(7).to_string()),
            q: "潮汐".into(),
            found: Candidate::samples(locale),
            adding: Form::default(),
        };
        let layout = DeskLayout::sample("topics");
        let begun = Self {
            layout: layout.clone(),
            live: false,
            entries: vec![],
            sections: vec![],
            q: String::new(),
            found: vec![],
            ..full.clone()
        };
        let mut wrong = vec![entry(0), entry(1)];
        wrong[1].form = Form::default().with("section", "长").with_error("section", "field-long");
        let refused = Self {
            layout,
            live: false,
            entries: wrong,
            form: Form::default().with_error("zh", "topic-title-empty"),
            adding: Form::default().with("section", "长").with_error("thing", "topic-empty"),
            ..full.clone()
        };
        let nothing = Self { q: "zzx".into(), found: vec![], ..begun.clone() };
        vec![begun, nothing, refused, full]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
