//! `/studio/new`, `/studio/article/{id}`

use articles::{Article, State};
use kernel::{ArticleId, Locale, Time};
use serde::Serialize;
use web::render::{ArticleText, Form, PageLayout, View};

use super::parts::{Choice, DeskLayout, Thumb};

/// Where the article stands, for the panel beside it.
#[derive(Clone, Debug, Serialize)]
pub struct Standing {
    pub id: ArticleId,
    /// The message `state-…`.
    pub state: &'static str,
    /// Changes to the live article wait for review.
    pub pending: bool,
    /// Changes are saved that nobody has asked to publish.
    pub unsent: bool,
    pub updated: Time,
    pub published: Option<Time>,
    pub publish: Option<Time>,
    pub return_code: Option<String>,
    pub return_note: Option<String>,
    pub retract_code: Option<String>,
    pub live: bool,
    /// Whether it can be sent in from here.
    pub can_submit: bool,
    pub can_withdraw: bool,
    pub can_retract: bool,
    pub can_delete: bool,
}

impl Standing {
    pub fn of(article: &Article) -> Self {
        let state = article.state;
        Self {
            id: article.id,
            state: state.name(),
            pending: article.pending,
            unsent: state.is_visible() && article.latest > article.version && !article.pending,
            updated: article.updated_at,
            published: article.published_at,
            publish: article.publish_at,
            return_code: article.return_code.clone(),
            return_note: article.return_note.clone(),
            retract_code: article.retract_code.clone().filter(|_| state == State::Retracted),
            live: state.is_visible(),
            can_submit: matches!(state, State::Draft | State::Returned | State::Live),
            can_withdraw: matches!(state, State::Submitted | State::Scheduled),
            // What waits for its time is withdrawn instead: it can be sent in again.
            can_retract: state == State::Live,
            can_delete: article.can_be_deleted(),
        }
    }

    pub fn sample(state: State) -> Self {
        let at = |minutes: i64| Time::from_millis(1_717_554_000_000 - minutes * 60_000);
        let live = state == State::Live;
        let returned = state == State::Returned;
        Self {
            id: ArticleId::new(2_716_057_984_311_296),
            state: state.name(),
            pending: live,
            unsent: live,
            updated: at(12),
            published: live.then(|| at(3_000)),
            publish: (state == State::Scheduled).then(|| at(-2_000)),
            return_code: returned.then(|| "source".to_owned()),
            return_note: returned.then(|| "第三段的数字出自哪里？<b>".to_owned()),
            retract_code: (state == State::Retracted).then(|| "copyright".to_owned()),
            live,
            can_submit: !matches!(state, State::Submitted | State::Scheduled | State::Retracted),
            can_withdraw: matches!(state, State::Submitted | State::Scheduled),
            can_retract: live,
            can_delete: matches!(state, State::Draft | State::Returned),
        }
    }
}

/// A place for a cover.
#[derive(Clone, Debug, Serialize)]
pub struct Cover {
    /// From 1.
    pub n: usize,
    pub picture: Option<Thumb>,
}

/// What somebody else saved while this was being written.
#[derive(Clone, Debug, Serialize)]
pub struct Other {
    pub at: Time,
    pub title: String,
    pub body: String,
}

/// The desk. POSTs to its own address as `multipart/form-data`; texts stand before files.
#[derive(Clone, Debug, Serialize)]
pub struct Desk {
    pub layout: DeskLayout,
    /// Of an article that was saved before.
    pub standing: Option<Standing>,
    pub version: i64,
    /// Under which name the browser keeps what was typed into a new article, so that two of them keep two copies.
    pub copy: String,
    pub form: Form,
    pub channels: Vec<Choice>,
    /// Names of the declarations that are made.
    pub declared: Vec<String>,
    pub covers: Vec<Cover>,
    /// What the author sends in is published without review.
    pub trusted: bool,
    /// IANA name of the zone that `publish_at` is read in.
    pub zone: String,
    /// The message `conflict-…`: nothing was saved.
    pub conflict: Option<&'static str>,
    pub other: Option<Other>,
    /// The draft was saved, but cannot be sent in as it is.
    pub kept: bool,
}

impl View for Desk {
    const TEMPLATE: &'static str = "studio_desk.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let (title, body, channel) = match locale {
            Locale::ZhCn => (
                "潮汐表是怎样做出来的？",
                "每天清晨五点，值班员会**先看一眼海面**，再看仪器。\n\n## 三十七个分潮\n\n潮汐不是一条曲线，而是许多条曲线的和。\n\n> 海不会迟到，迟到的是看海的人。\n\n![](/media/0123456789abcdef0123456789abcdef/full.jpg \"旧港验潮井\")\n",
                "城市",
            ),
            Locale::En => (
                "How a tide table is made",
                "At five every morning the officer on duty looks **at the sea first**, then at the instruments.\n\n## Thirty-seven constituents\n\nA tide is not one curve but the sum of many.\n\n> The sea is never late.\n",
                "City",
            ),
        };
        let choice = |value: &str, text: &str| Choice { value: value.into(), text: text.into() };
        let form = Form::default()
            .with("title", title)
            .with("format", "markdown")
            .with("body", body)
            .with("channel", "city")
            .with("tags", "潮汐, 海");
        let covers = |filled: usize| {
            (0..3).map(|n| Cover { n: n + 1, picture: (n < filled).then(Thumb::sample) }).collect()
        };
        let new = Self {
            layout: DeskLayout { notice: None, ..DeskLayout::sample("new") },
            standing: None,
            version: 0,
            copy: "3fQk2".into(),
            form: Form::default().with("format", "markdown"),
            channels: vec![choice("city", channel), choice("tech", "科技 Technology")],
            declared: vec![],
            covers: covers(0),
            trusted: false,
            zone: "Asia/Shanghai".into(),
            conflict: None,
            other: None,
            kept: false,
        };
        let going_on = Self {
            layout: DeskLayout::sample("list"),
            standing: Some(Standing::sample(State::Draft)),
            version: 3,
            form: form.clone(),
            declared: vec!["original".into()],
            covers: covers(1),
            ..new.clone()
        };
        let returned = Self {
            standing: Some(Standing::sample(State::Returned)),
            form: form
                .clone()
                .with("title", "")
                .with_error("title", "title-empty")
                .with_error("channel", "channel-empty"),
            kept: true,
            ..going_on.clone()
        };
        let live = Self {
            standing: Some(Standing::sample(State::Live)),
            covers: covers(3),
            trusted: true,
            form: form.clone().with("format", "html"),
            ..going_on.clone()
        };
        let retracted = Self { standing: Some(Standing::sample(State::Retracted)), ..going_on.clone() };
        let conflict = Self {
            conflict: Some("article-edited"),
            other: Some(Other {
                at: Time::from_millis(1_717_553_000_000),
                title: title.into(),
                body: body.into(),
            }),
            form: form.with_error("publish_at", "publish-at-past").with_error("cover2", "picture-broken"),
            ..going_on.clone()
        };
        vec![new, going_on, returned, live, retracted, conflict]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}

/// An article that waits for review or for its time: shown, not written on.
#[derive(Clone, Debug, Serialize)]
pub struct Closed {
    pub layout: DeskLayout,
    pub standing: Standing,
    pub article: ArticleText,
}

impl View for Closed {
    const TEMPLATE: &'static str = "studio_closed.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let of = |state| Self {
            layout: DeskLayout::sample("list"),
            standing: Standing::sample(state),
            article: ArticleText::sample(locale),
        };
        vec![of(State::Submitted), of(State::Scheduled)]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
