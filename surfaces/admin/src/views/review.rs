//! `/admin/review` and `/admin/review/{id}`

use kernel::{ArticleId, Locale, Time};
use media::Picture;
use serde::Serialize;
use web::render::{ArticleText, Form, PageLayout, View};

use super::parts::{DeskLayout, Filter, Paging, Who, noon};

/// One article in the queue.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub id: ArticleId,
    pub title: String,
    pub language: String,
    pub author: Option<Who>,
    /// In the page's language.
    pub channel: Option<String>,
    /// The message `state-…`.
    pub state: &'static str,
    /// It is live, and changes to it wait.
    pub pending: bool,
    /// The viewer may write for its author, so somebody else decides.
    pub own: bool,
    /// When it was submitted or last decided about.
    pub changed: Time,
    /// When it is to be published.
    pub publish: Option<Time>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Queue {
    pub layout: DeskLayout,
    /// What is looked for in all that was ever sent in.
    pub q: String,
    pub filters: Vec<Filter>,
    pub rows: Vec<Row>,
    pub paging: Paging,
}

impl View for Queue {
    const TEMPLATE: &'static str = "admin_queue.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let (titles, language): ([&str; 3], _) = match locale {
            Locale::ZhCn => (
                [
                    "潮汐表是怎样做出来的？一张表背后的三百年",
                    "老码头的最后一班渡船",
                    "我们数了一年鸟，发现最早醒来的不是麻雀，也不是白头鹎，而是住在港口灯塔下面那一小群谁也没有留意过的北红尾鸲",
                ],
                "zh",
            ),
            Locale::En => (
                [
                    "How a tide table is made: three centuries behind one page",
                    "The last ferry from the old quay",
                    "We counted birds for a year, and the first to wake is neither the sparrow nor the bulbul but a small flock of redstarts under the harbour light that nobody had noticed",
                ],
                "en",
            ),
        };
        let row = |(n, title): (usize, &str)| Row {
            id: ArticleId::new(2_716_057_984_311_296 + n as i64),
            title: title.to_owned(),
            language: language.to_owned(),
            author: (n != 1).then(|| Who::sample(locale)),
            channel: (n != 1).then(|| if language == "zh" { "城市" } else { "City" }.to_owned()),
            state: if n == 2 { "live" } else { "submitted" },
            pending: n == 2,
            own: n == 1,
            changed: Time::from_millis(noon().millis() - n as i64 * 40_000_000),
            publish: (n == 1).then(|| Time::from_millis(1_717_630_000_000)),
        };
        let filters = |asked: &str| {
            Filter::all("waiting", "/admin/review", "state", ["scheduled", "returned", "retracted"], asked)
        };
        let full = Self {
            layout: DeskLayout::sample_done("review", "approved"),
            q: String::new(),
            filters: filters(""),
            rows: titles.into_iter().enumerate().map(row).collect(),
            paging: Paging::sample("/admin/review"),
        };
        let empty = Self { rows: vec![], paging: Paging::default(), ..full.clone() };
        let other = Self { filters: filters("retracted"), ..empty.clone() };
        let looked = Self { q: "潮汐 \"&".into(), ..full.clone() };
        let none = Self { q: "tides".into(), ..empty.clone() };
        vec![empty, other, full, looked, none]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}

/// A decision that was made before: the message `admin-verdict-…`, and where there is a code `return-…` or `retract-…`.
#[derive(Clone, Debug, Serialize)]
pub struct Decided {
    pub verdict: String,
    pub code: Option<String>,
    pub note: Option<String>,
    pub by: Option<Who>,
    pub at: Time,
}

/// A picture as lists show it; without an address where the site has lost it.
#[derive(Clone, Debug, Serialize)]
pub struct Shot {
    pub hash: String,
    pub src: String,
    pub srcset: String,
    pub width: u32,
    pub height: u32,
    pub colour: String,
}

/// As wide as a browser without `srcset` gets it.
const PLAIN_WIDTH: u32 = 640;

impl Shot {
    pub fn of(hash: &str, picture: Option<&Picture>) -> Self {
        let hash = hash.to_owned();
        match picture {
            Some(picture) => Self {
                hash,
                src: picture.url(PLAIN_WIDTH),
                srcset: picture.srcset(),
                width: picture.width,
                height: picture.height,
                colour: picture.colour.clone(),
            },
            None => Self {
                hash,
                src: String::new(),
                srcset: String::new(),
                width: 0,
                height: 0,
                colour: String::new(),
            },
        }
    }

    fn sample(n: u8) -> Self {
        let hash = format!("{n:032x}");
        let src = format!("/media/{hash}/w640.webp");
        Self { srcset: format!("{src} 640w"), src, hash, width: 960, height: 640, colour: "#8d9db0".into() }
    }
}

/// Which decisions the viewer may make now. Who may approve may send back.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Can {
    pub approve: bool,
    pub retract: bool,
    pub restore: bool,
}

/// One article, read by a reviewer.
#[derive(Clone, Debug, Serialize)]
pub struct Review {
    pub layout: DeskLayout,
    pub id: ArticleId,
    /// The revision that is shown and what it looks like: decisions are about just this.
    pub version: i64,
    pub digest: String,
    /// Fields that differ from what readers see, where changes wait (`changed-…`).
    pub changed_fields: Vec<&'static str>,
    /// Fields that differ from what was read, where a decision came too late.
    pub changed_since: Vec<&'static str>,
    /// What lists will show.
    pub covers: Vec<Shot>,
    /// What they show now, where that changes.
    pub covers_before: Vec<Shot>,
    /// All other pictures that the text names, shown at once or not.
    pub pictures: Vec<Shot>,
    /// Addresses of what the text shows from other sites.
    pub elsewhere: Vec<String>,
    /// One of its pictures was deleted: nobody approves it like that.
    pub missing: bool,
    pub excerpt: String,
    /// The viewer may write for the author, so somebody else decides.
    pub own: bool,
    /// The message `state-…`.
    pub state: &'static str,
    pub pending: bool,
    /// Readers see it (or what it was before the changes that wait).
    pub live: bool,
    pub article: ArticleText,
    pub author: Who,
    /// The author publishes without review.
    pub trusted: bool,
    pub channel: Option<String>,
    pub changed: Time,
    pub publish: Option<Time>,
    /// Why it was retracted.
    pub retracted: Option<String>,
    pub decisions: Vec<Decided>,
    pub can: Can,
    /// Fields `code`, `note`.
    pub returning: Form,
    /// Field `retract`.
    pub retracting: Form,
    pub return_codes: [&'static str; 6],
    pub retract_codes: [&'static str; 7],
    /// Nothing was decided: the message `conflict-…`.
    pub conflict: Option<&'static str>,
}

impl View for Review {
    const TEMPLATE: &'static str = "admin_review.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let decided = |verdict: &str, code: Option<&str>, note: Option<&str>| Decided {
            verdict: verdict.into(),
            code: code.map(Into::into),
            note: note.map(Into::into),
            by: Some(Who::sample(locale)),
            at: noon(),
        };
        let submitted = Self {
            layout: DeskLayout::sample("review"),
            id: ArticleId::new(2_716_057_984_311_296),
            version: 3,
            digest: "00112233445566778899aabb".into(),
            changed_fields: vec![],
            changed_since: vec![],
            covers: (0..3).map(Shot::sample).collect(),
            covers_before: vec![],
            pictures: vec![Shot::sample(4), Shot::of(&format!("{:032x}", 5), None)],
            elsewhere: vec!["https://example.org/<b>.mp4".into()],
            missing: false,
            excerpt: ArticleText::sample(locale).title,
            own: false,
            state: "submitted",
            pending: false,
            live: false,
            article: ArticleText::sample(locale),
            author: Who::sample(locale),
            trusted: false,
            channel: Some("城市 City".into()),
            changed: noon(),
            publish: Some(Time::from_millis(1_717_630_000_000)),
            retracted: None,
            decisions: vec![
                decided("return", Some("source"), Some("第二段的数字从哪里来？")),
                decided("approve", None, None),
            ],
            can: Can { approve: true, ..Can::default() },
            returning: Form::default(),
            retracting: Form::default(),
            return_codes: moderation::RETURN_CODES,
            retract_codes: moderation::RETRACT_CODES,
            conflict: None,
        };
        let refused = Self {
            returning: Form::default().with("note", "<b>?").with_error("code", "code-empty"),
            conflict: Some("article-edited"),
            changed_since: articles::Draft::parts(),
            missing: true,
            ..submitted.clone()
        };
        let changes = Self {
            state: "live",
            pending: true,
            changed_fields: vec!["covers", "body"],
            covers: vec![Shot::sample(6)],
            covers_before: vec![Shot::sample(7)],
            live: true,
            trusted: true,
            can: Can { approve: true, retract: true, restore: false },
            retracting: Form::default().with_error("retract", "code-empty"),
            publish: None,
            ..submitted.clone()
        };
        let retracted = Self {
            layout: DeskLayout::sample_done("review", "retracted"),
            state: "retracted",
            retracted: Some("law".into()),
            can: Can { restore: true, ..Can::default() },
            ..submitted.clone()
        };
        let own = Self { own: true, can: Can::default(), ..submitted.clone() };
        let bare = Self {
            covers: vec![],
            pictures: vec![],
            elsewhere: vec![],
            state: "returned",
            article: ArticleText::bare(locale),
            channel: None,
            publish: None,
            decisions: vec![],
            can: Can::default(),
            ..submitted.clone()
        };
        vec![refused, changes, retracted, bare, own, submitted]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
