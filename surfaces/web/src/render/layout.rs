//! What the frame around every page needs.

use kernel::{Colour, Locale, Time};
use serde::Serialize;

use super::accent::Accent;
use crate::context::{Edition, Prefs, own_path};

/// The site as its pages name it.
#[derive(Clone, Debug, Serialize)]
pub struct Site {
    pub name: String,
    pub tagline: String,
    /// Scheme and host without a slash at the end, e.g. `https://example.org`.
    pub url: String,
    /// IANA name of the zone that times are shown in, e.g. `Asia/Shanghai`.
    pub zone: String,
    /// A line at the foot: rights, registration number.
    pub licence: Option<String>,
    /// Where the site has a colour of its own.
    pub accent: Option<Accent>,
    pub logo: Option<Logo>,
}

/// The site's picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Logo {
    pub hash: String,
    /// Paths: as it stands in the bar, and for programs that know one kind of picture.
    pub src: String,
    pub fallback: String,
    pub width: u32,
    pub height: u32,
    /// Something shows through it: by night it gets a light ground.
    pub transparent: bool,
    /// It stands in place of the name.
    pub alone: bool,
}

impl Logo {
    fn sample() -> Self {
        let hash = "0123456789abcdef".repeat(2);
        Self {
            src: format!("/media/{hash}/w320.webp"),
            fallback: format!("/media/{hash}/full.png"),
            hash,
            width: 320,
            height: 96,
            transparent: true,
            alone: false,
        }
    }
}

/// A channel of the site bar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NavChannel {
    pub slug: String,
    /// In the page's language.
    pub name: String,
    /// `#rrggbb`.
    pub colour: String,
}

/// Who is looking, where a page is rendered for one person.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LayoutViewer {
    pub name: String,
    pub handle: String,
    pub is_author: bool,
    /// How many notifications are unread, up to 100, of which the bar says `99+`.
    pub unread: i64,
    /// The names of what they may do besides reading and talking (`accounts::Action`); of whoever looks after nothing, none.
    pub may: Vec<&'static str>,
}

/// A feed of what the page lists.
#[derive(Clone, Debug, Serialize)]
pub struct Feed {
    pub title: String,
    pub href: String,
    /// `application/atom+xml`, `application/rss+xml` or `application/feed+json`.
    pub mime: &'static str,
}

impl Feed {
    /// The three feeds under `base` (`""`, `/channel/tech`, `/@handle`).
    pub fn all(title: &str, base: &str) -> Vec<Self> {
        let feed = |file, mime| Self { title: title.to_owned(), href: format!("{base}/{file}"), mime };
        vec![
            feed("feed.xml", "application/atom+xml"),
            feed("rss.xml", "application/rss+xml"),
            feed("feed.json", "application/feed+json"),
        ]
    }
}

/// The same page in another language.
#[derive(Clone, Debug, Serialize)]
pub struct Alternate {
    pub lang: String,
    pub href: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    Good,
    Bad,
}

/// A line above the page after something was done: the message `notice-<code>`.
#[derive(Clone, Debug, Serialize)]
pub struct Notice {
    pub tone: Tone,
    pub code: String,
}

impl Notice {
    /// What somebody sent is kept.
    pub fn saved() -> Self {
        Self { tone: Tone::Good, code: "saved".to_owned() }
    }
}

/// What the base layout needs; `page` in templates.
#[derive(Clone, Debug, Serialize)]
pub struct PageLayout {
    pub site: Site,
    pub locale: Locale,
    pub edition: Edition,
    pub prefs: Prefs,
    /// IANA name of the zone in which whoever looks reads times: the site's, unless they chose another. Forms are read in the site's.
    pub zone: String,
    pub now: Time,
    /// Path and query (without `?`) of the request, for links that come back here.
    pub path: String,
    pub query: String,
    /// Set by the view ([`super::View::fill_head`]) or in the template's `title` block.
    pub title: Option<String>,
    pub description: Option<String>,
    /// Full address.
    pub canonical: Option<String>,
    /// Full address of a picture for link previews.
    pub image: Option<String>,
    /// OpenGraph's type: `website`, `article` or `profile`.
    pub kind: &'static str,
    /// Those of the whole site; before them those of what the page lists, if there are any: readers take the first.
    pub feeds: Vec<Feed>,
    /// Full address of the oEmbed answer.
    pub oembed: Option<String>,
    pub json_ld: Vec<serde_json::Value>,
    pub alternates: Vec<Alternate>,
    /// Whether search engines may list the page.
    pub index: bool,
    pub channels: Vec<NavChannel>,
    /// Slug of the channel the page belongs to.
    pub channel: Option<String>,
    /// Address of the generated [`super::channels_css`], with a hash of its text as `v`.
    pub channels_css: String,
    pub viewer: Option<LayoutViewer>,
    pub notice: Option<Notice>,
}

impl PageLayout {
    /// The frame of a page of `site` for a visitor with nothing set.
    pub fn new(site: Site, locale: Locale, now: Time, path: &str, query: &str) -> Self {
        Self {
            feeds: Feed::all(&site.name, ""),
            zone: site.zone.clone(),
            site,
            locale,
            now,
            path: own_path(path).into_owned(),
            query: query.to_owned(),
            edition: Edition::default(),
            prefs: Prefs::default(),
            title: None,
            description: None,
            canonical: None,
            image: None,
            kind: "website",
            oembed: None,
            json_ld: Vec::new(),
            alternates: Vec::new(),
            index: true,
            channels: Vec::new(),
            channel: None,
            channels_css: "/assets/channels.css".to_owned(),
            viewer: None,
            notice: None,
        }
    }

    /// Names the feeds of what the page lists.
    pub fn feeds_of(&mut self, title: &str, base: &str) {
        self.feeds.splice(0..0, Feed::all(title, base));
    }

    /// The page's full address from a path of this site.
    pub fn absolute(&self, path: &str) -> String {
        if path.starts_with('/') { format!("{}{path}", self.site.url) } else { path.to_owned() }
    }

    /// Path and query without the switches (`edition`, `lang`), which are not part of what is shown.
    pub fn here(&self) -> String {
        let kept: Vec<&str> = self
            .query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .filter(|pair| !matches!(pair.split('=').next(), Some("edition" | "lang")))
            .collect();
        if kept.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, kept.join("&")) }
    }

    /// A frame for samples and tests: a fixed time, five channels, a visitor.
    pub fn sample(locale: Locale) -> Self {
        let zh = locale == Locale::ZhCn;
        let site = Site {
            name: if zh { "临江日报·号" } else { "The Harbour Line" }.to_owned(),
            tagline: if zh { "写给临江，也写给路过的人" } else { "Many voices, one town" }.to_owned(),
            url: "https://news.example.org".to_owned(),
            zone: "Asia/Shanghai".to_owned(),
            licence: Some("CC BY-SA 4.0".to_owned()),
            // One of the two languages has a site that shows itself.
            accent: (!zh).then(|| Accent::of(Colour::new(0x1a, 0x5f, 0xb4))),
            logo: (!zh).then(Logo::sample),
        };
        let now = Time::parse("2024-06-05T10:20:00+08:00").unwrap_or_default();
        let mut page = Self::new(site, locale, now, "/", "");
        let channels = [
            ("city", "城市", "City", "#8a5a00"),
            ("tech", "科技", "Technology", "#1f5fbf"),
            ("science", "科学", "Science", "#0f766e"),
            ("culture", "文化", "Culture", "#7a3b8f"),
            ("food", "饮食", "Food", "#b3541e"),
            ("sport", "体育", "Sport", "#2f7d32"),
            ("travel", "行走", "Travel", "#3b5b7a"),
        ];
        let nav = |(slug, zh_name, en_name, colour): (&str, &str, &str, &str)| NavChannel {
            slug: slug.to_owned(),
            name: if zh { zh_name } else { en_name }.to_owned(),
            colour: colour.to_owned(),
        };
        page.channels = channels.into_iter().map(nav).collect();
        page
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn here_leaves_the_switches_out() {
        let mut page = PageLayout::sample(Locale::En);
        (page.path, page.query) = ("/search".into(), "q=a%26b&edition=care&page=2&lang=en".into());
        assert_eq!(page.here(), "/search?q=a%26b&page=2");
        page.query = "edition=standard".into();
        assert_eq!(page.here(), "/search");
    }
}
