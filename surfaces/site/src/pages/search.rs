//! `/search?q=…`, and what is suggested while it is typed.

use std::time::Duration;

use articles::Document;
use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use kernel::text::one_line;
use kernel::{Handle, Locale, Slug};
use search::{Alike, Fit, Marked, Order, Query as Asked, Results};
use serde::{Deserialize, Serialize};
use web::percent;
use web::render::Html;
use web::{Query, RequestContext};

use crate::compose::plain;
use crate::views::parts::{CardList, Pager};
use crate::views::search::{Choice, Filter, Hit, Link, SearchPage};
use crate::{Answer, Site};

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
const ORDERS: [(&str, Order); 2] = [("best", Order::Best), ("newest", Order::Newest)];

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asks {
    q: String,
    channel: String,
    since: String,
    kind: String,
    order: String,
    author: String,
    tag: String,
    offset: Option<String>,
}

impl Asks {
    /// The filters that are on.
    fn filters(&self) -> [(&'static str, &str); 6] {
        [
            ("channel", &self.channel),
            ("since", &self.since),
            ("kind", &self.kind),
            ("order", &self.order),
            ("author", &self.author),
            ("tag", &self.tag),
        ]
    }

    /// This search with one parameter changed.
    fn with(&self, name: &str, value: &str) -> String {
        let mut address = format!("/search?q={}", percent(&self.q));
        for (key, old) in self.filters() {
            let value = if key == name { value } else { old };
            if !value.is_empty() && value != "any" && value != "best" {
                address.push_str(&format!("&{key}={}", percent(value)));
            }
        }
        if name == "offset" {
            address.push_str(&format!("&offset={value}"));
        }
        address
    }
}

fn search_for(text: &str) -> String {
    format!("/search?q={}", percent(text))
}

pub async fn show(State(site): State<Site>, context: RequestContext, Query(mut asks): Query<Asks>) -> Answer {
    let permit = site.search.admit(context.network).await?;
    let locale = context.variant.locale;
    asks.q = one_line(&asks.q).chars().take(LONGEST).collect();
    let offset = asks.offset.as_deref().and_then(|n| n.parse().ok()).unwrap_or(0).min(DEEPEST);
    let author = match Handle::new(&asks.author) {
        Ok(handle) => site.authors.find_by_handle(&handle).await?,
        Err(_) => None,
    };
    let since = SINCE.iter().find(|(name, _)| *name == asks.since).and_then(|(_, span)| *span);
    let order = ORDERS.iter().find(|(name, _)| *name == asks.order).map_or(Order::Best, |(_, order)| *order);
    let query = Asked {
        text: asks.q.clone(),
        author: author.as_ref().map(|author| author.id),
        channel: Slug::new(&asks.channel).ok(),
        tag: Some(asks.tag.clone()).filter(|tag| !tag.is_empty()),
        kind: Document::all_kinds().find(|kind| *kind == asks.kind).map(str::to_owned),
        since: since.map(|span| context.now.minus(span)),
        order,
        offset,
        limit: PAGE,
    };
    let mut found =
        if asks.q.is_empty() { Results::default() } else { site.search.query(&query, &permit).await? };
    if context.navigates && found.whole > 0 && offset == 0 && !reads::is_bot(&context.agent) {
        site.search.record(&asks.q, context.network, &context.agent);
    }
    let unwanted = site.unwanted(&context.viewer).await?;
    // Who asks for the articles of one author gets them.
    let asked = author.as_ref().map(|author| author.id);
    let wants = |id| asked == Some(id) || !unwanted.has_author(id);
    found.hits.retain(|hit| wants(hit.card.author));
    let cards: Vec<_> = found.hits.iter().map(|hit| hit.card.clone()).collect();
    let shown = site.cards(plain(&cards), locale).await?;
    let mut before = if offset == 0 { Fit::Whole } else { fit_before(&found, offset) };
    let mut hits = Vec::with_capacity(shown.len());
    for (hit, card) in found.hits.iter().zip(shown) {
        let lead = if group(hit.fit) == group(before) { None } else { group(hit.fit) };
        before = hit.fit;
        hits.push(Hit {
            card,
            title: marked(&hit.title),
            snippet: marked(&hit.passage),
            why: hit.why(),
            lead,
        });
    }

    let filters = if asks.q.is_empty() {
        Vec::new()
    } else {
        filters(&site, &asks, author.map(|author| author.name), locale).await?
    };
    let next = offset + PAGE;
    let link = |text: String| Link { href: search_for(&text), text };
    let kept = asks.filters().into_iter().filter(|(_, value)| !value.is_empty());
    let view = SearchPage {
        kept: kept.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        filters,
        total: found.total as i64,
        partial: !site.search.is_ready(),
        relaxed: found.whole == 0 && found.total > found.alike,
        instead: found.instead.map(|text| Link { href: asks_for(&asks, &text), text }),
        related: found.related.into_iter().map(link).collect(),
        hot: if hits.is_empty() {
            CardList::new(site.shared_blocks(locale).await?.hot_but(&unwanted, 10))
        } else {
            CardList::default()
        },
        pager: Pager {
            next: (next < found.total && next <= DEEPEST).then(|| asks.with("offset", &next.to_string())),
            first: offset == 0,
        },
        hits,
        q: asks.q,
    };
    let page = site.frame.page(&context, &view).await?;
    drop(permit);
    Ok(page)
}

/// The same filters for another text.
fn asks_for(asks: &Asks, text: &str) -> String {
    let filters = asks.filters();
    let on = filters.iter().filter(|(_, value)| !value.is_empty());
    on.fold(search_for(text), |address, (key, value)| format!("{address}&{key}={}", percent(value)))
}

/// How the last hit before this page fits.
fn fit_before(found: &Results, offset: usize) -> Fit {
    if offset <= found.whole {
        Fit::Whole
    } else if offset <= found.whole + found.alike {
        Fit::Alike(Alike::Spelled)
    } else {
        Fit::Part
    }
}

/// What is said before the first hit that fits less well: the message `hits-…`.
const fn group(fit: Fit) -> Option<&'static str> {
    match fit {
        Fit::Whole => None,
        Fit::Alike(_) => Some("alike"),
        Fit::Part => Some("part"),
    }
}

async fn filters(
    site: &Site,
    asks: &Asks,
    author: Option<String>,
    locale: Locale,
) -> kernel::Result<Vec<Filter>> {
    let choice =
        |key: &str, value: &str, label: String, on: bool| Choice { label, href: asks.with(key, value), on };
    let all = site.frame.theme().messages().say(locale, "filter-all", &[]);
    let channels = site.frame.channels().await?;
    let each = channels.list.iter().map(|c| {
        choice("channel", c.slug.as_str(), c.name(locale).to_owned(), asks.channel == c.slug.as_str())
    });
    let any = choice("channel", "", all, asks.channel.is_empty());
    let mut filters = vec![Filter { key: "channel", choices: std::iter::once(any).chain(each).collect() }];
    let named = |key: &'static str, names: &mut dyn Iterator<Item = &'static str>, on: &str| {
        let choices = names.map(|name| choice(key, name, name.to_owned(), name == on)).collect();
        Filter { key, choices }
    };
    let or = |value: &'static str, known: bool, asked: &str| {
        if known { asked.to_owned() } else { value.to_owned() }
    };
    let since = or("any", SINCE.iter().any(|(name, _)| *name == asks.since), &asks.since);
    filters.push(named("since", &mut SINCE.iter().map(|(name, _)| *name), &since));
    let kind = or("any", Document::all_kinds().any(|kind| kind == asks.kind), &asks.kind);
    filters.push(named("kind", &mut std::iter::once("any").chain(Document::all_kinds()), &kind));
    let order = or("best", ORDERS.iter().any(|(name, _)| *name == asks.order), &asks.order);
    filters.push(named("order", &mut ORDERS.iter().map(|(name, _)| *name), &order));
    // What narrows down to one is there to be taken away again.
    let tag = Some(asks.tag.clone()).filter(|tag| !tag.is_empty());
    for (key, name) in [("author", author), ("tag", tag)] {
        if let Some(name) = name {
            filters.push(Filter { key, choices: vec![choice(key, "", name, true)] });
        }
    }
    Ok(filters)
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

/// A suggestion, as the script of the search box shows it.
#[derive(Serialize)]
struct Suggestion {
    /// What it is, in words.
    kind: String,
    text: String,
    href: String,
}

/// Anybody may ask; only what is visible is told.
pub async fn suggest(State(site): State<Site>, context: RequestContext, Query(asks): Query<Asks>) -> Answer {
    let permit = site.search.admit(context.network).await?;
    let typed: String = one_line(&asks.q).chars().take(LONGEST).collect();
    let mut found = site.search.suggest(&typed, &permit).await?;
    let unwanted = site.unwanted(&context.viewer).await?;
    if !unwanted.is_empty() {
        let ids: Vec<_> = found.titles.iter().map(|(id, _)| *id).collect();
        let mut cards = site.articles.cards(&ids).await?;
        cards.retain(|card| !unwanted.has_author(card.author));
        found.titles.retain(|(id, _)| cards.iter().any(|card| card.id == *id));
        found.authors.retain(|(_, handle)| !unwanted.has_handle(handle));
    }
    let messages = site.frame.theme().messages();
    let one = |kind: &str, text: String, href: String| Suggestion {
        kind: messages.say(context.variant.locale, &format!("suggest-{kind}"), &[]),
        text,
        href,
    };
    let mut list: Vec<Suggestion> = Vec::new();
    list.extend(found.queries.into_iter().map(|text| one("query", text.clone(), search_for(&text))));
    list.extend(found.authors.into_iter().map(|(name, handle)| one("author", name, format!("/@{handle}"))));
    list.extend(found.tags.into_iter().map(|tag| one("tag", tag.clone(), format!("/tag/{}", percent(&tag)))));
    list.extend(found.titles.into_iter().map(|(id, title)| one("article", title, format!("/article/{id}"))));
    Ok(Json(list).into_response())
}
