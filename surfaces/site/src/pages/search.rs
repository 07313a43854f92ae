//! `/search?q=…`

use std::time::Duration;

use axum::extract::State;
use kernel::{Handle, Slug};
use search::{Marked, Order, Query as Asked};
use serde::Deserialize;
use web::render::Html;
use web::{Query, Visit};

use crate::compose::plain;
use crate::views::parts::Pager;
use crate::views::search::{Choice, Filter, Hit, SearchPage};
use crate::{Answer, Site};
use web::session::percent;

const PAGE: usize = 20;
/// Deeper than this nobody looks, and each page costs all before it.
const DEEPEST: usize = 1_000;
const LONGEST: usize = 100;
const DAY: u64 = 24 * 3600;

/// The spans of the time filter: name and length.
const SINCE: [(&str, Option<Duration>); 5] = [
    ("any", None),
    ("day", Some(Duration::from_secs(DAY))),
    ("week", Some(Duration::from_secs(7 * DAY))),
    ("month", Some(Duration::from_secs(30 * DAY))),
    ("year", Some(Duration::from_secs(365 * DAY))),
];

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asks {
    q: String,
    channel: String,
    since: String,
    author: String,
    offset: Option<String>,
}

impl Asks {
    /// This search with one parameter changed.
    fn with(&self, name: &str, value: &str) -> String {
        let pairs = [("channel", &self.channel), ("since", &self.since), ("author", &self.author)];
        let mut address = format!("/search?q={}", percent(&self.q));
        for (key, old) in pairs {
            let value = if key == name { value } else { old.as_str() };
            if !value.is_empty() && value != "any" {
                address.push_str(&format!("&{key}={}", percent(value)));
            }
        }
        if name == "offset" {
            address.push_str(&format!("&offset={value}"));
        }
        address
    }
}

pub async fn show(State(site): State<Site>, visit: Visit, Query(mut asks): Query<Asks>) -> Answer {
    let locale = visit.variant.locale;
    asks.q = asks.q.trim().chars().take(LONGEST).collect();
    let offset = asks.offset.as_deref().and_then(|n| n.parse().ok()).unwrap_or(0).min(DEEPEST);
    let author = match Handle::new(&asks.author) {
        Ok(handle) => site.authors.find_by_handle(&handle).await?,
        Err(_) => None,
    };
    let channels = site.frame.channels().await?;
    let channel = Slug::new(&asks.channel).ok();
    let since = SINCE.iter().find(|(name, _)| *name == asks.since).and_then(|(_, span)| *span);
    let query = Asked {
        text: asks.q.clone(),
        author: author.as_ref().map(|author| author.id),
        channel: channel.clone(),
        since: since.map(|span| visit.now.minus(span)),
        order: Order::Best,
        offset,
        limit: PAGE,
    };
    let found = if asks.q.is_empty() { None } else { Some(site.search.query(&query).await?) };
    let search::Results { hits, total, relaxed } = found.unwrap_or_default();
    let cards: Vec<_> = hits.iter().map(|hit| hit.card.clone()).collect();
    let shown = site.cards(plain(&cards), locale).await?;
    let hits: Vec<Hit> = hits
        .iter()
        .zip(shown)
        .map(|(hit, card)| Hit { card, title: marked(&hit.title), snippet: marked(&hit.passage) })
        .collect();

    let choice =
        |key: &str, value: &str, label: String, on: bool| Choice { label, href: asks.with(key, value), on };
    let mut filters = Vec::new();
    if !asks.q.is_empty() {
        let all = site.frame.theme().messages().say(locale, "filter-all", &[]);
        let all = choice("channel", "", all, channel.is_none());
        let each = channels.list.iter().map(|c| {
            choice("channel", c.slug.as_str(), c.name(locale).to_owned(), channel.as_ref() == Some(&c.slug))
        });
        filters.push(Filter { key: "channel", choices: std::iter::once(all).chain(each).collect() });
        let spans =
            SINCE.iter().map(|(name, span)| choice("since", name, (*name).to_owned(), *span == since));
        filters.push(Filter { key: "since", choices: spans.collect() });
        if let Some(author) = &author {
            filters.push(Filter {
                key: "author",
                choices: vec![choice("author", "", author.name.clone(), true)],
            });
        }
    }
    let kept = [("channel", &asks.channel), ("since", &asks.since), ("author", &asks.author)];
    let next = offset + PAGE;
    let view = SearchPage {
        kept: kept
            .into_iter()
            .filter(|(_, v)| !v.is_empty())
            .map(|(k, v)| (k.to_owned(), v.clone()))
            .collect(),
        filters,
        total: total as i64,
        relaxed,
        hot: if hits.is_empty() {
            site.shared_blocks(locale).await?.hot.iter().take(10).cloned().collect()
        } else {
            Vec::new()
        },
        pager: Pager {
            next: (next < total && next <= DEEPEST).then(|| asks.with("offset", &next.to_string())),
            first: offset == 0,
        },
        hits,
        q: asks.q,
    };
    Ok(site.frame.page(&visit, &view).await?)
}

fn marked(text: &Marked) -> Html {
    let mut at = 0;
    let mut ranges = Vec::with_capacity(text.marks.len());
    for (piece, marked) in text.pieces() {
        if marked {
            ranges.push(at..at + piece.len());
        }
        at += piece.len();
    }
    Html::highlight(&text.text, &ranges)
}
