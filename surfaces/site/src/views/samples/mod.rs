//! Samples of what views show, for tests and for looking at pages: real sentences, and the hard cases among them.

mod texts;

use std::sync::LazyLock;

use kernel::{ArticleId, CommentId, Locale, Region, Time};
use recommend::Why;
use web::render::{Html, NavChannel, PageLayout, Part, Theme};

use super::floors::{Comment, Floor};
use super::parts::{AuthorCard, AuthorRef, Card, ChannelRef, Cover, Follow, Headline, Reason, Strip};
use texts::{AUTHORS_EN, AUTHORS_ZH, EN, TAGS_EN, TAGS_ZH, Text, VOICES_EN, VOICES_ZH, ZH};
pub(super) use texts::{BODY_EN, BODY_ZH};

pub(super) const ARTICLE: ArticleId = ArticleId::new(2_716_057_984_311_296);

pub(super) fn text(locale: Locale, n: usize) -> Text {
    match locale {
        Locale::ZhCn => ZH[n % ZH.len()],
        Locale::En => EN[n % EN.len()],
    }
}

pub(super) fn title(locale: Locale, n: usize) -> &'static str {
    text(locale, n).0
}

pub(super) fn language(locale: Locale) -> &'static str {
    match locale {
        Locale::ZhCn => "zh",
        Locale::En => "en",
    }
}

pub(super) fn tags(locale: Locale) -> Vec<String> {
    let tags = match locale {
        Locale::ZhCn => TAGS_ZH,
        Locale::En => TAGS_EN,
    };
    tags.into_iter().map(str::to_owned).collect()
}

/// Some minutes before the sample frame's now (2024-06-05 10:20 in Shanghai).
pub(super) fn before(minutes: i64) -> Time {
    Time::from_millis(1_717_554_000_000 - minutes * 60_000)
}

pub(super) fn cover(n: usize) -> Cover {
    const COLOURS: [&str; 6] = ["#8d9db0", "#c7b299", "#5f6f52", "#b38867", "#3c4a5e", "#d9d2c5"];
    let at = |width: u32| format!("/media/sample{n}/w{width}.webp");
    Cover {
        src: at(640),
        srcset: format!("{} 320w, {} 640w, {} 960w", at(320), at(640), at(960)),
        width: 960,
        height: 640,
        colour: COLOURS[n % COLOURS.len()].to_owned(),
        alt: String::new(),
    }
}

pub(super) fn author(locale: Locale, n: usize) -> AuthorRef {
    let authors = match locale {
        Locale::ZhCn => AUTHORS_ZH,
        Locale::En => AUTHORS_EN,
    };
    let (name, handle, verified) = authors[n % authors.len()];
    AuthorRef { name: name.to_owned(), handle: handle.to_owned(), verified }
}

pub(super) fn channel(locale: Locale, n: usize) -> ChannelRef {
    let channels = PageLayout::sample(locale).channels;
    let NavChannel { slug, name, .. } = channels[n % channels.len()].clone();
    ChannelRef { slug, name }
}

pub(super) fn card(locale: Locale, n: usize) -> Card {
    const AGES: [i64; 8] = [3, 47, 128, 60 * 16, 60 * 30, 60 * 24 * 9, 60 * 24 * 60, 60 * 24 * 400];
    // Now and then an article of the other language: lists mix them.
    let own = if n % 7 == 5 {
        match locale {
            Locale::ZhCn => Locale::En,
            Locale::En => Locale::ZhCn,
        }
    } else {
        locale
    };
    let (title, subtitle, excerpt, of, by) = text(own, n);
    Card {
        id: ArticleId::new(ARTICLE.raw() + n as i64),
        title: title.to_owned(),
        subtitle: (!subtitle.is_empty()).then(|| subtitle.to_owned()),
        excerpt: excerpt.to_owned(),
        language: language(own).to_owned(),
        cover: (n % 3 != 1).then(|| cover(n)),
        author: author(own, by),
        channel: channel(locale, of),
        at: before(AGES[n % AGES.len()]),
        comments: [0, 7, 312, 12_345][n % 4],
        declarations: if n.is_multiple_of(4) { vec!["original"] } else { vec![] },
        why: None,
    }
}

/// Cards that say why they are there, with every reason there is.
pub(super) fn reasoned(locale: Locale) -> Vec<Card> {
    let reason = |code| Some(Reason { code, name: tags(locale)[0].clone(), ..Reason::default() });
    (0..).zip(Why::CODES).map(|(n, &code)| Card { why: reason(code), ..card(locale, n) }).collect()
}

/// Cards of a hot list: most of them there for one reason.
pub(super) fn heated(locale: Locale, n: usize) -> Vec<Card> {
    let code = |n: usize| if n % 4 == 2 { "rising" } else { "hot" };
    let why = |n| Some(Reason { code: code(n), ..Reason::default() });
    cards(locale, n).into_iter().enumerate().map(|(n, card)| Card { why: why(n), ..card }).collect()
}

/// Cards of what somebody follows, for each reason.
pub(super) fn followed(locale: Locale, n: usize) -> Vec<Card> {
    let reasoned = |n: usize, card: Card| {
        let (author, channel) = (card.author.name.clone(), card.channel.name.clone());
        let name = tags(locale)[0].clone();
        let why = match n % 6 {
            1 => Reason { code: "followed-channel", channel, ..Reason::default() },
            3 => Reason { code: "followed-tag", name, ..Reason::default() },
            4 => Reason { code: "followed-topic", name, ..Reason::default() },
            _ => Reason { code: "followed", author, ..Reason::default() },
        };
        Card { why: Some(why), ..card }
    };
    cards(locale, n).into_iter().enumerate().map(|(n, card)| reasoned(n, card)).collect()
}

/// The lead of a page: two that editors chose, one of them with their words, and what is hot.
pub(super) fn led(locale: Locale) -> Vec<Card> {
    let words = match locale {
        Locale::ZhCn => "今夜大潮，先读这一篇",
        Locale::En => "Read this before tonight’s spring tide",
    };
    let says = |code, name: &str| Some(Reason { code, name: name.to_owned(), ..Reason::default() });
    let why = [says("editor-says", words), says("editor", ""), says("rising", ""), says("hot", ""), None];
    (0..).zip(why).map(|(n, why)| Card { why, ..card(locale, n) }).collect()
}

pub(super) fn cards(locale: Locale, n: usize) -> Vec<Card> {
    (0..n).map(|n| card(locale, n)).collect()
}

pub(super) fn headlines(locale: Locale) -> Vec<Headline> {
    (0..7).map(|n| Headline { channel: channel(locale, n), card: card(locale, n + 2) }).collect()
}

/// A part as the default theme draws it; nothing where it cannot, which the part's own test tells.
pub(super) fn drawn<P: Part>(locale: Locale, part: &P) -> Html {
    static THEME: LazyLock<Option<Theme>> = LazyLock::new(|| Theme::load(None).ok());
    let html = THEME.as_ref().and_then(|theme| theme.render_part(&PageLayout::sample(locale), part).ok());
    html.unwrap_or_default()
}

pub(super) fn strips(locale: Locale, n: usize) -> Vec<Strip> {
    let strip = |at: usize| {
        let channel = channel(locale, at);
        let of = |n: usize| Card { channel: channel.clone(), ..card(locale, at * 3 + n) };
        Strip { channel: channel.clone(), cards: (0..4).map(of).collect() }
    };
    (0..n).map(strip).collect()
}

pub(super) fn follow(locale: Locale) -> Follow {
    let AuthorRef { name, handle, .. } = author(locale, 0);
    Follow { handle, name, following: false, own: false, muted: None }
}

pub(super) fn author_card(locale: Locale) -> AuthorCard {
    let (bio, field, region) = match locale {
        Locale::ZhCn => {
            ("三个人、两台望远镜和一本记满数字的值班簿。写山里能看见、能量到、能数清的事。", "科学", "浙江")
        }
        Locale::En => (
            "Four people, one gauge and a brass mark. We write about what can be measured at the water’s edge.",
            "Science",
            "Zhejiang",
        ),
    };
    AuthorCard {
        author: author(locale, 0),
        kind: "media",
        avatar: Some(cover(2)),
        field: Some(field.to_owned()),
        bio: bio.to_owned(),
        region: Some(region.to_owned()),
        articles: 214,
        followers: 32_600,
        follow: follow(locale),
    }
}

pub(super) fn comment(locale: Locale, n: usize) -> Comment {
    let voices = match locale {
        Locale::ZhCn => VOICES_ZH,
        Locale::En => VOICES_EN,
    };
    let (name, region, words) = voices[n % voices.len()];
    Comment {
        id: CommentId::new(40 + n as i64),
        floor: 1,
        gap: 0,
        cut: false,
        name: name.to_owned(),
        href: (n % 3 == 0).then(|| "/user/linqiu".to_owned()),
        region: region.and_then(|name| Region::new("CN", Some(name), Some(name))),
        text: words.to_owned(),
        likes: [88, 0, 31, 1_204][n % 4],
        at: before(2 + n as i64 * 37),
        by_author: n % voices.len() == 5,
        known: n % 3 != 1,
        muted: n % 9 == 6,
        removed: n % 29 == 28,
        removed_for: (n % 58 == 28).then(|| "abuse".to_owned()),
    }
}

/// Comments, most alone, some on a tower; the sixth on one of nine floors, of which three stand there.
pub(super) fn floors(locale: Locale, n: usize) -> Vec<Floor> {
    let floor = |at: usize| {
        let long = match at % 10 {
            5 => 9,
            2 => 2,
            7 => 4,
            _ => 0,
        };
        // Quoted ones repeat from tower to tower, as they do in life.
        let on = |floor: i64, n: usize| Comment { floor, ..comment(locale, n) };
        let quotes = (1..=long).filter(|&n| n == 1 || n > long - 2).map(|n| on(n, n as usize - 1)).collect();
        Floor::new(on(long + 1, at), quotes).short()
    };
    (0..n).map(floor).collect()
}
