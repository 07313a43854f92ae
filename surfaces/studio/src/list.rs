//! The table of one's own articles.

use std::collections::HashMap;

use articles::{State, Summary};
use axum::body::Body;
use axum::extract;
use http::Response;
use kernel::{ArticleId, Cursor, Locale};
use serde::Deserialize;
use web::{Channels, Failure, Query, RequestContext};

use crate::Studio;
use crate::views::list::{List, NoAuthor, Row, States};
use crate::views::parts::Paging;

const PAGE: usize = 30;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    author: String,
    state: String,
    q: String,
    cursor: String,
    done: String,
}

/// Longer texts are cut.
const LONGEST: usize = 100;

/// `GET /studio?author=&state=&q=&cursor=`: an author's own articles, those in a state, or those that have the words
pub async fn list(
    extract::State(studio): extract::State<Studio>,
    context: RequestContext,
    Query(asked): Query<Asked>,
) -> Result<Response<Body>, Failure> {
    context.viewer.signed_in()?;
    let Some((author, owned)) = studio.author_for(&context.viewer, &asked.author).await? else {
        return Ok(studio.frame.page(&context, &NoAuthor {}).await?);
    };
    let state = State::named(&asked.state);
    let from = asked.cursor.parse().unwrap_or(Cursor::START);
    let q: String = asked.q.trim().chars().take(LONGEST).collect();
    let page = if q.is_empty() {
        studio.articles.of_author(author.id, state, from, PAGE).await?
    } else {
        studio.articles.find_of_author(author.id, &q, from, PAGE).await?
    };
    let counts = studio.articles.counts_by_state(author.id).await?;
    let live: Vec<ArticleId> =
        page.items.iter().filter(|row| row.published_at.is_some()).map(|row| row.id).collect();
    let figures =
        Figures { reads: studio.reads.totals(&live).await?, comments: studio.comments.counts(&live).await? };
    let channels = studio.frame.channels().await?;
    let base = format!("/studio?author={}", web::percent(author.handle.as_str()));
    let here = match state {
        _ if !q.is_empty() => format!("{base}&q={}", web::percent(&q)),
        Some(state) => format!("{base}&state={}", state.name()),
        None => base.clone(),
    };
    let view = List {
        paging: Paging {
            next: page.next.map(|next| format!("{here}&cursor={next}")),
            first: (from != Cursor::START).then_some(here),
        },
        states: States::all(state.filter(|_| q.is_empty()), &base, &counts),
        q,
        rows: page.items.iter().map(|row| figures.row(row, &channels, context.variant.locale)).collect(),
        layout: Studio::layout("list", &author, &owned, &asked.done),
    };
    Ok(studio.frame.page(&context, &view).await?)
}

/// What came of the articles that were published.
struct Figures {
    reads: HashMap<ArticleId, i64>,
    comments: HashMap<ArticleId, i64>,
}

impl Figures {
    fn row(&self, row: &Summary, channels: &Channels, locale: Locale) -> Row {
        let figure = |of: &HashMap<ArticleId, i64>| {
            row.published_at.map(|_| of.get(&row.id).copied().unwrap_or_default())
        };
        let channel = row.channel.as_ref().and_then(|slug| channels.list.iter().find(|c| c.slug == *slug));
        Row {
            id: row.id,
            title: row.title.clone(),
            language: row.language.clone(),
            state: row.state.name(),
            pending: row.pending,
            channel: channel.map(|channel| channel.name(locale).to_owned()),
            updated: row.updated_at,
            publish: row.publish_at.filter(|_| matches!(row.state, State::Submitted | State::Scheduled)),
            returned: row.return_code.clone(),
            live: row.state.is_visible(),
            reads: figure(&self.reads),
            comments: figure(&self.comments),
        }
    }
}
