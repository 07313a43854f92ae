//! The blocks of the article page that are the same on many: drawn once, put into each.

use kernel::Locale;
use serde::Serialize;
use web::render::Part;

use super::parts::{Card, Headline, Strip};
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

/// 要闻: a headline of each channel.
#[derive(Clone, Debug, Serialize)]
pub struct Headlines {
    pub headlines: Vec<Headline>,
}

impl Part for Headlines {
    const TEMPLATE: &'static str = "parts/block-headlines.html";

    fn samples(locale: Locale) -> Vec<Self> {
        vec![Self { headlines: samples::headlines(locale) }, Self { headlines: vec![] }]
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
