//! Samples of whole pages.

use kernel::{Locale, Markup};
use web::render::{Form, Html};

use super::super::account::{AccountSettings, Session};
use super::super::apply::Sent;
use super::super::article::{Article, ArticlePage, Source};
use super::super::blocks::{Features, Headlines, HotLine, HotWhy};
use super::super::comments::Thread;
use super::super::parts::{AuthorCard, CardList, Pager, Reason};
use super::super::report::Report;
use super::super::search::{Choice, Filter, Hit, Link, SearchPage};
use super::super::slots::Actions;
use super::texts::{BODY_EN, BODY_ZH};
use super::{
    ARTICLE, actions, author, author_card, before, card, cards, channel, cover, drawn, floors, headlines,
    heated, language, my_comments, strips, tags, text, topics,
};

/// The page as it is on a good day.
pub fn article_full(locale: Locale) -> ArticlePage {
    let body = match locale {
        Locale::ZhCn => BODY_ZH,
        Locale::En => BODY_EN,
    };
    let (title, subtitle, excerpt, of, _) = text(locale, 0);
    ArticlePage {
        topics: topics(locale).into_iter().take(2).map(|card| card.topic).collect(),
        article: Article {
            id: ARTICLE,
            title: title.to_owned(),
            subtitle: Some(subtitle.to_owned()),
            excerpt: excerpt.to_owned(),
            language: language(locale).to_owned(),
            html: Markup::sanitise(body).into(),
            author: author(locale, 0),
            channel: channel(locale, of),
            tags: tags(locale),
            published: Some(before(128)),
            updated: Some(before(40)),
            region: kernel::Region::new("CN-ZJ", Some("浙江"), Some("Zhejiang")),
            place: author_card(locale).region,
            reading: 6,
            declarations: vec!["original", "opinion"],
            source: None,
            canonical: None,
            covers: vec![cover(3)],
        },
        actions: actions(locale),
        thread: Thread {
            article: ARTICLE,
            total: 312,
            hot: floors(locale, 3),
            new: floors(locale, 12).split_off(3),
            all: Some(format!("/article/{ARTICLE}/comments?sort=new")),
            mine: my_comments(),
            reply: None,
        },
        related: CardList::new(heated(locale, 10)),
        hot: (0..20).map(|n| drawn(locale, &HotLine { card: card(locale, n) })).collect(),
        hot_why: drawn(
            locale,
            &HotWhy { why: Some(Reason { code: "hot", ..Reason::default() }), mixed: false },
        ),
        author: author_card(locale),
        archive: cards(locale, 5),
        headlines: drawn(locale, &Headlines { headlines: headlines(locale), ..Headlines::default() }),
        features: drawn(locale, &Features { features: strips(locale, 5) }),
    }
}

/// The longest title, no picture, no comments, nothing to go on to.
pub fn article_bare(locale: Locale) -> ArticlePage {
    let n = if locale == Locale::ZhCn { 4 } else { 2 };
    let full = article_full(locale);
    ArticlePage {
        topics: vec![],
        article: Article {
            title: text(locale, n).0.to_owned(),
            subtitle: None,
            html: Markup::from_text(text(locale, n).2).into(),
            tags: vec![],
            updated: None,
            region: None,
            place: None,
            declarations: vec!["reprint", "ai", "fiction"],
            source: Some(Source {
                name: "<i>临江晚报</i>".into(),
                url: Some("https://www.example.org/a?b&c".into()),
            }),
            canonical: Some("https://www.example.org/a?b&c".into()),
            covers: vec![],
            ..full.article
        },
        actions: Actions { likes: 0, ..full.actions },
        thread: Thread { total: 0, hot: vec![], new: vec![], all: None, ..full.thread },
        related: CardList::default(),
        hot: vec![],
        hot_why: Html::default(),
        author: AuthorCard {
            avatar: None,
            field: None,
            bio: String::new(),
            region: None,
            articles: 1,
            followers: 0,
            ..full.author
        },
        archive: vec![],
        headlines: drawn(locale, &Headlines::default()),
        features: drawn(locale, &Features { features: vec![] }),
    }
}

/// An article in the language that the page is not in.
pub fn article_foreign(locale: Locale) -> ArticlePage {
    let other = if locale == Locale::ZhCn { Locale::En } else { Locale::ZhCn };
    let foreign = article_full(other);
    ArticlePage {
        article: Article { channel: channel(locale, 2), ..foreign.article },
        related: CardList::new(cards(locale, 4)),
        author: foreign.author,
        ..article_full(locale)
    }
}

pub fn search(locale: Locale) -> SearchPage {
    let q = if locale == Locale::ZhCn { "自行车" } else { "tide" };
    let mark = |text: &str| {
        let found: Vec<_> = text.match_indices(q).map(|(at, word)| at..at + word.len()).collect();
        Html::highlight(text, &found)
    };
    let hit = |n| {
        let card = card(locale, n);
        Hit {
            title: mark(&card.title),
            snippet: mark(&format!("{}…{q}…{}", card.excerpt, card.excerpt)),
            why: [
                vec!["title", "text"],
                vec!["pronounced", "author", "tag"],
                vec!["spelled"],
                vec!["part", "text"],
            ][n.min(3)]
            .clone(),
            lead: [None, Some("alike"), None, Some("part")].get(n).copied().flatten(),
            card,
        }
    };
    let choice = |label: &str, href: &str, on| Choice { label: label.to_owned(), href: href.to_owned(), on };
    let all = if locale == Locale::ZhCn { "全部" } else { "All" };
    let link = |text: &str| Link { text: text.to_owned(), href: "/search?q=a".to_owned() };
    SearchPage {
        q: q.to_owned(),
        kept: vec![("since".into(), "week".into())],
        filters: vec![
            Filter {
                key: "channel",
                choices: std::iter::once(choice(all, "/search?q=a", true))
                    .chain((0..5).map(|n| choice(&channel(locale, n).name, "/search?q=a&channel=b", false)))
                    .collect(),
            },
            Filter {
                key: "since",
                choices: ["any", "day", "week", "month", "year"]
                    .map(|since| choice(since, "/search?q=a&since=b", since == "week"))
                    .to_vec(),
            },
            Filter {
                key: "kind",
                choices: [
                    "any", "gallery", "video", "audio", "original", "reprint", "ai", "fiction", "opinion",
                ]
                .map(|kind| choice(kind, "/search?q=a&kind=b", kind == "any"))
                .to_vec(),
            },
            Filter {
                key: "order",
                choices: ["best", "newest"]
                    .map(|order| choice(order, "/search?q=a&order=b", order == "best"))
                    .to_vec(),
            },
        ],
        total: 1_204,
        partial: false,
        hits: (0..10).map(hit).collect(),
        relaxed: false,
        instead: Some(link(if locale == Locale::ZhCn { "自行车道" } else { "tides" })),
        related: (if locale == Locale::ZhCn { ["港口", "骑行路线"] } else { ["harbour", "moon"] })
            .map(link)
            .to_vec(),
        hot: CardList::default(),
        pager: Pager { next: Some("/search?q=a&offset=10".into()), first: true },
    }
}

pub fn search_empty(locale: Locale, q: &str) -> SearchPage {
    SearchPage {
        q: q.to_owned(),
        kept: vec![],
        filters: vec![],
        total: 0,
        partial: false,
        hits: vec![],
        relaxed: false,
        instead: None,
        related: vec![],
        hot: CardList::new(heated(locale, 5)),
        pager: Pager { next: None, first: true },
    }
}

pub fn account(locale: Locale) -> AccountSettings {
    let session = |agent: Option<&str>, this| Session {
        id: "0123456789abcdef".repeat(4),
        agent: agent.map(str::to_owned),
        since: before(900),
        this,
    };
    AccountSettings {
        handle: "linqiu".to_owned(),
        since: before(60 * 24 * 200),
        region: Some("浙江".to_owned()),
        form: Form::default().with("name", author(locale, 1).name),
        password: Form::default().with("tokens", "1"),
        leaving: Form::default().with("keys", "1"),
        least: 10,
        sessions: vec![
            session(Some("Firefox, Linux"), true),
            session(Some("Safari, iOS"), false),
            session(None, false),
        ],
    }
}

pub fn application(locale: Locale, state: &'static str, code: Option<&str>) -> Sent {
    let author = author(locale, 3);
    Sent {
        handle: author.handle,
        name: author.name,
        state,
        at: before(60 * 24 * 2),
        code: code.map(str::to_owned),
        note: code.map(|_| text(locale, 3).2.to_owned()),
    }
}

pub fn report(locale: Locale) -> Report {
    Report {
        kind: "report",
        on: "article",
        action: format!("/article/{ARTICLE}/report"),
        about: text(locale, 4).0.to_owned(),
        about_href: format!("/article/{ARTICLE}"),
        decide: format!("/admin/review/{ARTICLE}"),
        reasons: ["spam", "abuse", "false", "illegal", "other"].map(str::to_owned).to_vec(),
        form: Form::default(),
        done: None,
    }
}
