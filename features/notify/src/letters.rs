//! Mail about notifications. What waits to be sent names things by their ids; what it says is looked up when it goes (`fill.rs`).

use kernel::Locale;
use mail::Content;
use serde::Serialize;

use crate::kind::Kind;
use crate::line::Line;

pub(crate) const NOTIFIED: &str = "notified";
pub(crate) const DIGEST: &str = "digest";

/// Something that somebody wants to be told of by mail: things of one kind.
#[derive(Serialize)]
pub struct Notified {
    pub handle: String,
    /// The messages `notify-kind-<kind>`.
    pub kind: &'static str,
    pub items: Vec<Line>,
    /// So many besides.
    pub more: i64,
}

/// What somebody has not read, of a day or a week.
#[derive(Serialize)]
pub struct DigestMail {
    pub handle: String,
    /// `day` or `week`.
    pub every: &'static str,
    pub sections: Vec<Section>,
    /// Of all sections.
    pub n: i64,
}

/// Things of one kind.
#[derive(Serialize)]
pub struct Section {
    /// The message `notify-kind-<kind>`.
    pub kind: &'static str,
    pub items: Vec<Line>,
    /// So many besides.
    pub more: i64,
}

impl Content for Notified {
    const TEMPLATE: &'static str = NOTIFIED;

    fn samples(locale: Locale) -> Vec<Self> {
        let of = |kind: Kind, items, more| Self { handle: "linqiu".into(), kind: kind.name(), items, more };
        let talk = samples(locale, Kind::Answer);
        vec![
            of(Kind::Answer, talk[..1].to_vec(), 0),
            of(Kind::Answer, talk, 12),
            of(Kind::Decision, samples(locale, Kind::Decision), 0),
            of(Kind::Waiting, samples(locale, Kind::Waiting), 0),
        ]
    }
}

impl Content for DigestMail {
    const TEMPLATE: &'static str = DIGEST;

    fn samples(locale: Locale) -> Vec<Self> {
        let section = |kind: Kind, more| Section { kind: kind.name(), items: samples(locale, kind), more };
        let all = Kind::ALL.map(|kind| section(kind, if kind == Kind::Article { 12 } else { 0 }));
        let full = Self { handle: "长".repeat(40), every: "week", sections: all.into(), n: 31 };
        let sections = vec![Section {
            items: samples(locale, Kind::Article)[..1].to_vec(),
            ..section(Kind::Article, 0)
        }];
        vec![full, Self { handle: "linqiu".into(), every: "day", sections, n: 1 }]
    }
}

fn samples(locale: Locale, kind: Kind) -> Vec<Line> {
    let zh = locale == Locale::ZhCn;
    let said = |zh_text: &str, text: &str| if zh { zh_text } else { text }.to_owned();
    let language = said("zh", "en");
    let about = |message: &str, n: i64| Line {
        message: message.into(),
        name: said("南坡观察", "Harbour Notes"),
        n,
        href: Some("/comment/3fQk2".into()),
        title: Some(said(
            "潮水退去之后，码头上的人在等什么",
            "What people wait for on the quay when the tide is out",
        )),
        language: language.clone(),
        ..Line::default()
    };
    let talk = |message: &str, n: i64| Line {
        words: Some(said("那盏灯是黄铜的，我爷爷修过。", "The lamp is of brass; my grandfather mended it.")),
        ..about(message, n)
    };
    let plain = |message: &str, n: i64, href: &str| Line {
        title: None,
        href: Some(href.into()),
        ..about(message, n)
    };
    match kind {
        Kind::Answer => vec![
            talk("answer", 0),
            Line { name: "<script>".into(), words: Some("<b>&".into()), ..talk("answers", 3) },
        ],
        Kind::Mention => vec![talk("mention", 1)],
        Kind::Like => vec![talk("like", 1), talk("like", 12)],
        Kind::Article => {
            let article = |id: &str| Line { href: Some(format!("/article/{id}")), ..about("article", 0) };
            vec![article("3fQk2"), article("3fQk3"), article("3fQk4")]
        }
        Kind::Topic => vec![plain("topic", 4, "/topic/tides")],
        Kind::Tag => vec![Line { href: Some("/article/3fQk2".into()), ..about("tag", 1) }],
        Kind::Channel => vec![plain("channel", 12, "/channel/city")],
        Kind::Decision => vec![
            Line {
                reason: Some(("return", "facts".into())),
                href: Some("/studio/article/3fQk2".into()),
                ..about("decided-article-returned", 0)
            },
            plain("decided-application-approved", 0, "/studio"),
            // About what leads nowhere.
            Line { href: None, ..plain("decided-report-upheld", 0, "/") },
        ],
        Kind::Waiting => {
            vec![plain("queue-articles", 1, "/admin/review"), plain("queue-reports", 4, "/admin/reports")]
        }
    }
}
