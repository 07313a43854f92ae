//! What is observed of a request that is not answered from the page cache: its trace, its route, how long it took. One line in the log
//! where it failed or was slow, a figure in the metrics for each.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::MatchedPath;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use kernel::{Env, Error};
use tokio::time::Instant;
use tracing::Span;

/// Who asks for help names it; so do the log and the spans of the request.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// One request. Cheap to clone.
#[derive(Clone)]
pub struct Trace(Arc<Inner>);

/// The span of the proxy that a request belongs to.
pub struct Parent {
    /// 16 hexadecimal digits.
    pub span: String,
    /// Whether the proxy keeps it.
    pub sampled: bool,
}

struct Inner {
    /// 32 hexadecimal digits (W3C Trace Context, `trace-id`).
    id: String,
    parent: Option<Parent>,
    began: Instant,
    route: OnceLock<MatchedPath>,
    cause: Mutex<Option<String>>,
}

impl Trace {
    /// A trace of its own, or, where the proxy before the site is believed, the one that it began.
    pub fn begin(headers: &HeaderMap, env: &Env, behind_proxy: bool) -> Self {
        let given = behind_proxy.then(|| given(headers)).flatten();
        let own = || {
            let mut bytes = [0; 16];
            env.fill(&mut bytes);
            format!("{:032x}", u128::from_be_bytes(bytes))
        };
        let (id, parent) = given.map_or_else(|| (own(), None), |(id, parent)| (id, Some(parent)));
        let (route, cause) = (OnceLock::new(), Mutex::default());
        Self(Arc::new(Inner { id, parent, began: Instant::now(), route, cause }))
    }

    pub fn id(&self) -> &str {
        &self.0.id
    }

    pub(crate) fn parent(&self) -> Option<&Parent> {
        self.0.parent.as_ref()
    }

    /// Why it failed, for the line in the log. The first that is said stays: others are said by those who tell the reader.
    pub fn set_cause(&self, cause: impl ToString) {
        let mut said = self.0.cause.lock().unwrap_or_else(PoisonError::into_inner);
        said.get_or_insert_with(|| cause.to_string());
    }

    /// The same for an error that is the site's fault: not where all places were taken, which says nothing and may be said very often.
    pub fn set_cause_of(&self, error: &Error) {
        if matches!(error, Error::Internal(_) | Error::Unavailable(_)) {
            self.set_cause(error);
        }
    }

    pub(crate) fn set_route(&self, route: &MatchedPath) {
        let _ = self.0.route.set(route.clone());
    }

    /// The pattern of the address, as in `/article/{id}`; `none` where nothing answers there.
    fn route(&self) -> String {
        self.0.route.get().map_or_else(|| "none".to_owned(), |route| route.as_str().to_owned())
    }

    /// Around the whole answer: what is logged on the way, and statements of SQL, belong to it.
    pub(crate) fn span(&self, method: &Method) -> Span {
        let (route, status) = (tracing::field::Empty, tracing::field::Empty);
        tracing::info_span!("request", otel.kind = "server", trace_id = self.id(), %method, route, status)
    }

    /// What came of it. `slow`: from when on it is logged though all is well; never where it is zero.
    pub(crate) fn end(
        &self,
        span: &Span,
        method: &Method,
        path: &str,
        response: &mut Response<Body>,
        slow: Duration,
    ) {
        let (status, took, route) = (response.status(), self.0.began.elapsed(), self.route());
        span.record("route", route.as_str());
        span.record("status", status.as_u16());
        let labels = [
            ("method", known(method).to_owned()),
            ("route", route.clone()),
            ("status", status.as_str().to_owned()),
        ];
        metrics::histogram!("byline_request_seconds", &labels).record(took.as_secs_f64());
        if let Ok(id) = HeaderValue::try_from(self.id()) {
            response.headers_mut().insert(HEADER, id);
        }
        let cause = self.0.cause.lock().unwrap_or_else(PoisonError::into_inner).take();
        let ms = took.as_millis() as u64;
        let status = status.as_u16();
        // The span may be filtered out where only failures are logged.
        let trace_id = self.id();
        let _entered = span.enter();
        if status == StatusCode::INTERNAL_SERVER_ERROR.as_u16() {
            let cause = cause.unwrap_or_default();
            tracing::error!(trace_id, %method, route, status, ms, path, cause, "a request failed");
        } else if let Some(cause) = cause {
            if let Some(unsaid) = unsaid() {
                tracing::warn!(trace_id, %method, route, status, ms, path, cause, unsaid, "a request could not be answered");
            }
        } else if !slow.is_zero() && took >= slow {
            tracing::info!(trace_id, %method, route, status, ms, path, "a request was slow");
        }
    }
}

/// While something is gone that all need, each request could be a line: so many are written a second.
const LINES: u32 = 10;

/// Since when lines are counted, how many there were, and how many were not written.
static LINES_SAID: Mutex<Option<(Instant, u32, u64)>> = Mutex::new(None);

/// Whether one more line is written, and how many were not before it.
fn unsaid() -> Option<u64> {
    let now = Instant::now();
    let mut said = LINES_SAID.lock().unwrap_or_else(PoisonError::into_inner);
    let (since, written, left) = said.get_or_insert((now, 0, 0));
    if now.duration_since(*since) >= Duration::from_secs(1) {
        (*since, *written) = (now, 0);
    }
    if *written == LINES {
        *left += 1;
        return None;
    }
    *written += 1;
    Some(std::mem::take(left))
}

/// Anybody may make methods up; each would be a row of the metrics.
fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

/// Of the flags' last digit, the lowest bit: the others are not told apart (W3C Trace Context, section 3.2.2.5).
const SAMPLED: [char; 8] = ['1', '3', '5', '7', '9', 'b', 'd', 'f'];

/// The trace and the span that `traceparent` names (W3C Trace Context, section 3.2).
fn given(headers: &HeaderMap) -> Option<(String, Parent)> {
    let mut parts = headers.get("traceparent")?.to_str().ok()?.split('-');
    let (version, id, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let hex = |text: &str, len| {
        text.len() == len && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let none = |text: &str| text.bytes().all(|byte| byte == b'0');
    let good = hex(version, 2) && version != "ff" && hex(id, 32) && hex(parent, 16) && hex(flags, 2);
    (good && !none(id) && !none(parent))
        .then(|| (id.to_owned(), Parent { span: parent.to_owned(), sampled: flags.ends_with(SAMPLED) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trace_of_a_trusted_proxy_goes_on() {
        let id = "4bf92f3577b34da6a3ce929d0e0e4736";
        let with = |value: &str| {
            HeaderMap::from_iter([(
                HeaderName::from_static("traceparent"),
                HeaderValue::from_str(value).unwrap(),
            )])
        };
        let good = with(&format!("00-{id}-00f067aa0ba902b7-01"));
        let env = Env::system();
        let trace = Trace::begin(&good, &env, true);
        let parent = trace.parent().map(|parent| (parent.span.as_str(), parent.sampled));
        assert_eq!((trace.id(), parent), (id, Some(("00f067aa0ba902b7", true))));
        let unkept = with(&format!("00-{id}-00f067aa0ba902b7-00"));
        assert!(Trace::begin(&unkept, &env, true).parent().is_some_and(|parent| !parent.sampled));
        assert_ne!(Trace::begin(&good, &env, false).id(), id, "anybody may send it");
        for bad in [
            format!("ff-{id}-00f067aa0ba902b7-01"),
            format!("00-{id}-0000000000000000-01"),
            format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
            format!("00-{}-00f067aa0ba902b7-01", id.to_uppercase()),
            format!("00-{id}"),
            "é".to_owned(),
        ] {
            let trace = Trace::begin(&with(&bad), &env, true);
            assert!(trace.id() != id && trace.id().len() == 32, "{bad}");
        }
    }
}
