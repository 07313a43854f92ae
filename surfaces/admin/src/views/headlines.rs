//! `/admin/headlines`, `/admin/headlines/{slot}` and `/admin/headlines/{slot}/{id}`

use kernel::{Locale, PlacementId, Time, UserId};
use serde::Serialize;
use web::render::{Form, PageLayout, View};

use super::parts::{DeskLayout, Who, noon};

/// A channel by name.
#[derive(Clone, Debug, Serialize)]
pub struct SlotName {
    pub slug: String,
    pub name: String,
}

/// A slot as the overview shows it.
#[derive(Clone, Debug, Serialize)]
pub struct SlotSummary {
    /// `editorial::Slot::name`, as in its address.
    pub name: String,
    /// What readers see there that editors chose: title and language.
    pub seen: Vec<(String, String)>,
    /// How many more there are: to come, standing by, hidden.
    pub coming: i64,
}

/// Every slot of the site.
#[derive(Clone, Debug, Serialize)]
pub struct Headlines {
    pub layout: DeskLayout,
    pub home: SlotSummary,
    pub topics: SlotSummary,
    /// Of each channel its headline and its pins.
    pub channels: Vec<(SlotName, SlotSummary, SlotSummary)>,
}

impl View for Headlines {
    const TEMPLATE: &'static str = "admin_headlines.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let place = |name: &str, seen: usize, coming| SlotSummary {
            name: name.to_owned(),
            seen: (0..seen).map(|n| (title(locale, n), language(locale).to_owned())).collect(),
            coming,
        };
        let channel = |slug: &str, name: &str, headline, pinned| {
            let of = |kind: &str| format!("{kind}-{slug}");
            let name = SlotName { slug: slug.to_owned(), name: name.to_owned() };
            (name, place(&of("headline"), headline, pinned), place(&of("pinned"), 0, headline as i64))
        };
        let (city, tech) = match locale {
            Locale::ZhCn => ("城市", "科技"),
            Locale::En => ("City", "Technology"),
        };
        let full = Self {
            layout: DeskLayout::sample("headlines"),
            home: place("home", 3, 2),
            topics: place("topics", 1, 0),
            channels: vec![channel("city", city, 1, 2), channel("tech", tech, 0, 0)],
        };
        let empty = Self {
            home: place("home", 0, 0),
            topics: place("topics", 0, 0),
            channels: vec![],
            ..full.clone()
        };
        vec![full, empty]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}

/// Something in a slot.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub id: PlacementId,
    /// Counted from one.
    pub place: i64,
    /// Empty where it is not the editors' to read any more.
    pub title: String,
    /// BCP 47
    pub language: String,
    pub href: String,
    /// `now`: readers see it; `next`: it stands by; `later`: its time has not come; `hidden`: readers may not see it; `over`.
    pub state: &'static str,
    pub note: Option<String>,
    pub starts: Time,
    pub ends: Option<Time>,
    #[serde(skip)]
    pub by_id: UserId,
    pub by: Option<Who>,
    pub at: Time,
}

/// What can be put into a slot.
#[derive(Clone, Debug, Serialize)]
pub struct Candidate {
    pub id: String,
    pub title: String,
    pub language: String,
    pub author: Option<Who>,
    pub at: Option<Time>,
    /// Readers do not see it yet.
    pub waits: bool,
}

impl Candidate {
    pub fn samples(locale: Locale) -> Vec<Self> {
        let candidate = |n: usize| Self {
            id: format!("3fQk{n}"),
            title: title(locale, n),
            language: language(locale).to_owned(),
            author: (n != 2).then(|| Who::sample(locale)),
            at: (n != 1).then(noon),
            waits: n == 1,
        };
        (0..3).map(candidate).collect()
    }
}

/// One slot: what is in it, in its order, and what to put there. The form: `thing`, `starts`, `ends`, `note`.
#[derive(Clone, Debug, Serialize)]
pub struct SlotPage {
    pub layout: DeskLayout,
    pub name: String,
    /// `home`, `topics`, `headline` or `pinned`: the messages `admin-slot-…`.
    pub kind: &'static str,
    /// Its channel, in the page's language.
    pub channel: Option<String>,
    /// How many readers see at once.
    pub places: i64,
    pub rows: Vec<Row>,
    /// What has ended lately.
    pub over: Vec<Row>,
    /// What is looked for.
    pub q: String,
    pub found: Vec<Candidate>,
    pub form: Form,
    /// In which zone times are typed.
    pub zone: String,
    /// The page with the slot, as it will be.
    pub preview: String,
}

impl View for SlotPage {
    const TEMPLATE: &'static str = "admin_slot.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let states = ["now", "hidden", "now", "later", "next"];
        let row = |(n, state): (usize, &'static str)| Row {
            id: PlacementId::new(n as i64 + 7),
            place: n as i64 + 1,
            title: if n == 1 { String::new() } else { title(locale, n) },
            language: language(locale).to_owned(),
            href: if n == 1 { String::new() } else { "/article/3fQk2".to_owned() },
            state,
            note: (n % 2 == 0).then(|| note(locale).to_owned()),
            starts: noon(),
            ends: (n % 2 == 1).then(noon),
            by_id: UserId::new(1),
            by: (n != 4).then(|| Who::sample(locale)),
            at: noon(),
        };
        let rows: Vec<Row> = states.into_iter().enumerate().map(row).collect();
        let full = Self {
            layout: DeskLayout::sample_done("headlines", "placed"),
            name: "home".into(),
            kind: "home",
            channel: None,
            places: 5,
            over: vec![Row { state: "over", ..rows[0].clone() }],
            rows,
            q: "<b>".into(),
            found: Candidate::samples(locale),
            form: Form::default(),
            zone: "Asia/Shanghai".into(),
            preview: "/preview/home".into(),
        };
        let layout = DeskLayout::sample("headlines");
        let empty = Self {
            layout: layout.clone(),
            name: "headline-city".into(),
            kind: "headline",
            channel: Some("城市".into()),
            places: 1,
            rows: vec![],
            over: vec![],
            q: String::new(),
            found: vec![],
            preview: "/preview/channel/city".into(),
            ..full.clone()
        };
        let nothing =
            Self { name: "pinned-city".into(), kind: "pinned", q: "zzx<b>".into(), ..empty.clone() };
        let topics = Self { name: "topics".into(), kind: "topics", channel: None, ..full.clone() };
        let no_topics = Self { found: vec![], rows: vec![], over: vec![], ..topics.clone() };
        let refused = Self {
            layout,
            form: Form::default()
                .with("starts", "2024-06-07T08:00")
                .with("ends", "2024-06-06T08:00")
                .with("note", note(locale))
                .with_error("thing", "thing-empty")
                .with_error("ends", "ends-before"),
            ..full.clone()
        };
        vec![empty, nothing, topics, no_topics, refused, full]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}

/// When something stands in its slot: `starts`, `ends`, `note`. POSTs to its own address.
#[derive(Clone, Debug, Serialize)]
pub struct PlacedPage {
    pub layout: DeskLayout,
    pub slot: String,
    pub kind: &'static str,
    pub channel: Option<String>,
    pub id: PlacementId,
    pub title: String,
    pub language: String,
    pub href: String,
    pub form: Form,
    pub zone: String,
}

impl View for PlacedPage {
    const TEMPLATE: &'static str = "admin_placed.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let full = Self {
            layout: DeskLayout::sample("headlines"),
            slot: "home".into(),
            kind: "home",
            channel: None,
            id: PlacementId::new(7),
            title: title(locale, 0),
            language: language(locale).to_owned(),
            href: "/article/3fQk2".into(),
            form: Form::default().with("starts", "2024-06-05T10:00").with("note", note(locale)),
            zone: "Asia/Shanghai".into(),
        };
        let refused = Self {
            slot: "headline-city".into(),
            kind: "headline",
            channel: Some("城市".into()),
            title: String::new(),
            href: String::new(),
            form: Form::default().with("ends", "soon").with_error("ends", "time-unclear"),
            ..full.clone()
        };
        vec![full, refused]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}

fn title(locale: Locale, n: usize) -> String {
    let titles = match locale {
        Locale::ZhCn => [
            "老码头的最后一班渡船",
            "潮汐表是怎样做出来的：从一根刻度尺、三十七个分潮和一位不肯退休的验潮员说起，一直说到今夜的大潮 <b>",
            "十七路夜班车",
        ],
        Locale::En => [
            "The last ferry from the old quay",
            "How a tide table is made: a measuring rod, thirty-seven constituents, a keeper who would not retire, and the great tide of tonight <b>",
            "Night bus seventeen",
        ],
    };
    titles[n % titles.len()].to_owned()
}

fn language(locale: Locale) -> &'static str {
    match locale {
        Locale::ZhCn => "zh",
        Locale::En => "en",
    }
}

fn note(locale: Locale) -> &'static str {
    match locale {
        Locale::ZhCn => "今夜大潮，先读这一篇",
        Locale::En => "Read this before tonight’s spring tide",
    }
}
