//! What open pages are told (`GET /-/notifications`): how many notifications somebody has not read, at once when that changes. Server-sent events, as the
//! HTML standard has them; whoever asks for anything else is told the number once, in JSON.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::IntoResponse;
use futures::stream;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use kernel::UserId;
use notify::{Listener, Notify};
use serde::Serialize;
use tokio::time::{Instant, sleep_until};
use web::RequestContext;

use crate::{Answer, Site};

/// So often something is said where nothing changes, or a proxy would take the connection for dead.
const HEARTBEAT: Duration = Duration::from_secs(25);
/// After so long the browser asks again, and says anew who it is.
const LONGEST: Duration = Duration::from_hours(1);
/// The number is looked up no more often than this, however much happens.
const PAUSE: Duration = Duration::from_millis(200);
/// Where there is no room for another listener, the browser asks again after this (milliseconds).
const AGAIN: u32 = 60_000;

#[derive(Serialize)]
struct Unread {
    unread: i64,
}

pub async fn listen(State(site): State<Site>, context: RequestContext, headers: HeaderMap) -> Answer {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accepts.contains("text/event-stream") && context.viewer.user().is_none() {
        // Signed out while the page was open: by this answer a browser stops to ask, and does not complain.
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let user = context.viewer.signed_in()?.id;
    if !accepts.contains("text/event-stream") {
        return Ok(Json(Unread { unread: site.notify.unread(user).await? }).into_response());
    }
    let Some(listener) = site.notify.live().listen(user) else {
        let unread = site.notify.unread(user).await?;
        return Ok(events(Body::from(format!("retry: {AGAIN}\n{}", event(unread)))));
    };
    let now = Instant::now();
    let listening = Listening {
        notify: site.notify.clone(),
        user,
        listener,
        told: None,
        look: Some(now),
        beat: now + HEARTBEAT,
        end: now + LONGEST,
    };
    Ok(events(Body::from_stream(stream::unfold(listening, next))))
}

fn events(body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    for (name, value) in [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // nginx would keep it until there is more.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn event(unread: i64) -> String {
    format!("data: {unread}\n\n")
}

/// One open page.
struct Listening {
    notify: Notify,
    user: UserId,
    listener: Listener,
    /// The number that it was told last.
    told: Option<i64>,
    /// When the number is to be looked up, if it is.
    look: Option<Instant>,
    beat: Instant,
    end: Instant,
}

/// What the page is told next; nothing where it is to ask again.
async fn next(mut page: Listening) -> Option<(Result<String, Infallible>, Listening)> {
    loop {
        let (look, beat) = (page.look, page.beat.min(page.end));
        let looks = async move {
            match look {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = looks => {
                page.look = None;
                // In a box, so that thousands who wait have no room for a query each. Where the database is away, the next change asks again.
                let unread = Box::pin(page.notify.unread(page.user)).await.ok();
                if let Some(unread) = unread.filter(|unread| page.told != Some(*unread)) {
                    page.told = Some(unread);
                    page.beat = Instant::now() + HEARTBEAT;
                    return Some((Ok(event(unread)), page));
                }
            }
            there = page.listener.changed() => {
                if !there {
                    return None;
                }
                page.look.get_or_insert(Instant::now() + PAUSE);
            }
            () = sleep_until(beat) => {
                if Instant::now() >= page.end {
                    return None;
                }
                page.beat = Instant::now() + HEARTBEAT;
                return Some((Ok(":\n\n".to_owned()), page));
            }
        }
    }
}
