//! What browsers tell of what their readers see (`POST /-/seen`): sums for ranking, nothing of anybody.
//!
//! Anybody may tell; who asks not to be counted is not. A body that is not as it should be is refused whole.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::IntoResponse;
use http::{HeaderMap, StatusCode};
use kernel::{ArticleId, Error};
use reads::{InList, LISTS, Reading, Seen};
use serde::Deserialize;
use web::{Failure, RequestContext};

use crate::codes;
use crate::{Answer, Site};

/// A page's list is told in parts.
const BYTES: usize = 4_096;
const SHOWN: usize = 60;
const OPENED: usize = 5;

/// Articles by id, list and place from 1.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Report {
    shown: Vec<(ArticleId, String, u16)>,
    opened: Vec<(ArticleId, String, u16)>,
    read: Option<Read>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    article: ArticleId,
    seconds: u32,
    #[serde(default)]
    finished: bool,
    #[serde(default)]
    shared: bool,
}

pub async fn tell(
    State(site): State<Site>,
    context: RequestContext,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let says = |name: &str| headers.get(name).is_some_and(|value| value == "1");
    if says("sec-gpc") || says("dnt") || reads::is_bot(&context.agent) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let unreadable = || Failure(Error::invalid("body", codes::FORM_UNREADABLE));
    if body.len() > BYTES {
        return Err(unreadable());
    }
    let report: Report = serde_json::from_slice(&body).map_err(|_| unreadable())?;
    if report.shown.len() > SHOWN || report.opened.len() > OPENED {
        return Err(unreadable());
    }
    site.telling.0.check(context.network, site.env.instant())?;
    // Of articles that nobody has read lately nothing need be known: so nobody can have rows written for what is not there.
    let listed = |list: Vec<(ArticleId, String, u16)>| {
        let known = list.into_iter().filter(|(article, ..)| site.hot.knows(*article));
        known
            .map(|(article, list, place)| InList { article, list: named(&list), place: place.into() })
            .collect()
    };
    let reading = |read: Read| Reading {
        article: read.article,
        time: Duration::from_secs(read.seconds.into()),
        finished: read.finished,
        shared: read.shared,
    };
    let seen = Seen {
        shown: listed(report.shown),
        opened: listed(report.opened),
        reading: report.read.map(reading),
    };
    let reading = site.reads.tell(reads::visitor(context.network, &context.agent), &seen);
    if let (Some(user), Some(reading)) = (context.viewer.user(), reading) {
        site.for_you.seen(user.id, reading.article, reading.time.as_secs() as i64, reading.finished);
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn named(list: &str) -> &'static str {
    LISTS.into_iter().find(|name| *name == list).unwrap_or("other")
}
