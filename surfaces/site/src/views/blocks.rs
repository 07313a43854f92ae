//! The blocks of the article page that are the same on many: drawn once, put into each.

use kernel::Locale;
use serde::Serialize;
use web::render::Part;

use super::parts::{Card, Headline, Reason, Strip};
use super::samples;

/// A line of 热点推荐.
#[derive(Clone, Debug, Serialize)]
pub struct HotLine {
    pub card: Card,
}

impl Part for HotLine {
    const TEMPLATE: &'static str = "parts/block-hot-line.html";

    fn samples(locale: Locale) -> Vec<Self> {
        samples::reasoned(locale).into_iter().map(|card| Self { card }).collect()
    }
}

/// Why the articles of 热点推荐 are there, where they share a reason.
#[derive(Clone, Debug, Serialize)]
pub struct HotWhy {
    pub why: Option<Reason>,
    /// Whether some lines have a reason of their own.
    pub mixed: bool,
}

impl Part for HotWhy {
    const TEMPLATE: &'static str = "parts/block-hot-why.html";

    fn samples(_: Locale) -> Vec<Self> {
        let why = Some(Reason { code: "hot", ..Reason::default() });
        vec![
            Self { why: why.clone(), mixed: true },
            Self { why, mixed: false },
            Self { why: None, mixed: true },
        ]
    }
}

/// 要闻: a headline of each channel.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Headlines {
    pub headlines: Vec<Headline>,
    /// The reason that they share; those that differ keep their own.
    pub why: Option<Reason>,
    pub mixed: bool,
}

impl Part for Headlines {
    const TEMPLATE: &'static str = "parts/block-headlines.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let plain = Self { headlines: samples::headlines(locale), ..Self::default() };
        let shared = Self { why: Some(Reason { code: "hot", ..Reason::default() }), ..plain.clone() };
        vec![plain, shared, Self::default()]
    }
}

/// Original articles of five channels, as tabs.
#[derive(Clone, Debug, Serialize)]
pub struct Features {
    pub features: Vec<Strip>,
}

impl Part for Features {
    const TEMPLATE: &'static str = "parts/block-features.html";

    fn samples(locale: Locale) -> Vec<Self> {
        vec![Self { features: samples::strips(locale, 5) }, Self { features: vec![] }]
    }
}
