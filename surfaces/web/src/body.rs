//! Bodies of requests: how long one may be, how fast it must come, and how much of all of them is held at once.
//!
//! The front puts a [`BodyMeter`] on every request before anything is read. A route says how much it takes ([`limited`]); what
//! says nothing takes an ordinary form. Whatever a handler makes of a body that was broken off, the answer says why it was.
//! Nobody has more than a share of what may be held ([`crate::budget`]).

use std::future::Future;
use std::net::Ipv4Addr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequestParts, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use http_body::{Frame, SizeHint};
use kernel::Error;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::Failure;
use crate::budget::{Budget, Budgets, Sender};

/// An ordinary form (bytes).
pub const FORM: u64 = 64 << 10;
/// How fast a body must come: a slow mobile connection sends ten times as much.
const PACE: Pace =
    Pace { idle: Duration::from_secs(15), patience: Duration::from_secs(30), slowest: 2 << 10 };
/// Who is told that all places are taken asks again after this.
const RETRY: Duration = Duration::from_secs(2);

#[derive(Clone, Copy)]
struct Pace {
    /// No longer than this without a byte.
    idle: Duration,
    /// Waiting uses patience up, and bytes earn it back, a second for each `slowest` of them, but never more than this: what came fast
    /// at first is no reason to wait for the rest for hours.
    patience: Duration,
    slowest: u64,
}

/// Why a body was broken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Verdict {
    None,
    TooLarge,
    Busy,
    TooSlow,
    /// Whoever sent it has left, or sends what is no body: nobody waits for a page that says so.
    Gone,
}

/// What is known of one request's body. Cheap to clone.
#[derive(Clone)]
pub struct BodyMeter(Arc<Inner>);

struct Inner {
    budgets: Option<Arc<Budgets>>,
    sender: Sender,
    pace: Pace,
    limit: AtomicU64,
    seen: AtomicU64,
    /// What of it counts against the budget.
    held: AtomicU64,
    /// It counts against the budget of texts whose session ended.
    rescued: AtomicBool,
    verdict: AtomicU8,
    finished: AtomicBool,
}

impl Inner {
    fn budget(&self) -> Option<&Budget> {
        let budgets = self.budgets.as_ref()?;
        Some(budgets.of(self.sender, self.rescued.load(Ordering::Relaxed)))
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(budget) = self.budget() {
            budget.give(self.sender, self.held.load(Ordering::Relaxed));
        }
    }
}

impl BodyMeter {
    /// For the body of a request that `sender` sends.
    pub fn new(budgets: Arc<Budgets>, sender: Sender, limit: u64) -> Self {
        Self::paced(Some(budgets), sender, limit, PACE)
    }

    /// A meter that counts against no budget.
    pub fn free(limit: u64) -> Self {
        Self::paced(None, Sender::Unknown(Ipv4Addr::UNSPECIFIED.into()), limit, PACE)
    }

    fn paced(budgets: Option<Arc<Budgets>>, sender: Sender, limit: u64, pace: Pace) -> Self {
        Self(Arc::new(Inner {
            budgets,
            sender,
            pace,
            limit: AtomicU64::new(limit),
            seen: AtomicU64::new(0),
            held: AtomicU64::new(0),
            rescued: AtomicBool::new(false),
            verdict: AtomicU8::new(Verdict::None as u8),
            finished: AtomicBool::new(false),
        }))
    }

    pub fn sender(&self) -> Sender {
        self.0.sender
    }

    /// Puts the meter on a request. One without a body needs no watching.
    pub fn watch(&self, request: Request) -> Request {
        let mut request = request.map(|body| {
            if http_body::Body::is_end_stream(&body) {
                self.0.finished.store(true, Ordering::Relaxed);
                return body;
            }
            let patience = self.0.pace.patience;
            let watch = Box::pin(sleep_until(Instant::now() + self.0.pace.idle));
            Body::new(Metered { body, meter: self.clone(), patience, waits: None, watch })
        });
        request.extensions_mut().insert(self.clone());
        request
    }

    /// These bytes are no longer in memory.
    pub fn release(&self, bytes: usize) {
        let bytes = bytes as u64;
        let held = |held: u64| Some(held.saturating_sub(bytes));
        if let (Some(budget), Ok(before)) =
            (self.0.budget(), self.0.held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, held))
        {
            budget.give(self.0.sender, before.min(bytes));
        }
    }

    /// Whether all of it was read.
    pub fn is_finished(&self) -> bool {
        self.0.finished.load(Ordering::Relaxed)
    }

    fn limit(&self) -> u64 {
        self.0.limit.load(Ordering::Relaxed)
    }

    fn reserve(&self, bytes: u64) -> Result<(), Verdict> {
        if self.0.seen.fetch_add(bytes, Ordering::Relaxed) + bytes > self.limit() {
            return Err(Verdict::TooLarge);
        }
        if let Some(budget) = self.0.budget() {
            if !budget.reserve(self.0.sender, bytes) {
                return Err(Verdict::Busy);
            }
            self.0.held.fetch_add(bytes, Ordering::Relaxed);
        }
        Ok(())
    }

    /// The answer to a body that was broken off, whatever the handler said of it.
    pub fn refusal(&self) -> Option<Response> {
        let verdict = self.0.verdict.load(Ordering::Relaxed);
        if verdict == Verdict::TooLarge as u8 {
            Some(Failure(Error::TooLarge(self.limit())).into_response())
        } else if verdict == Verdict::Busy as u8 {
            Some(Failure(Error::Busy(RETRY)).into_response())
        } else if verdict == Verdict::TooSlow as u8 {
            let said = "408 Request Timeout: the rest of the request did not arrive in time.\n";
            Some((StatusCode::REQUEST_TIMEOUT, said).into_response())
        } else if verdict == Verdict::Gone as u8 {
            Some((StatusCode::BAD_REQUEST, "400 Bad Request: the request broke off.\n").into_response())
        } else {
            None
        }
    }
}

/// A handler's own look at the meter of its request; of one that nobody watches, a meter of nothing.
impl<S: Sync> FromRequestParts<S> for BodyMeter {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(|| Self::free(u64::MAX)))
    }
}

/// Lets a route take bodies of up to `limit` bytes. What says that it is longer is refused before any of it is read.
pub async fn limited(limit: u64, request: Request, next: Next) -> Response {
    let given = request.extensions().get::<BodyMeter>().cloned();
    let own = given.is_none();
    let meter = given.unwrap_or_else(|| BodyMeter::free(limit));
    let request = if own { meter.watch(request) } else { request };
    meter.0.limit.store(limit, Ordering::Relaxed);
    if declared(request.headers()).is_some_and(|length| length > limit) {
        return Failure(Error::TooLarge(limit)).into_response();
    }
    let response = next.run(request).await;
    if own { meter.refusal().unwrap_or(response) } else { response }
}

/// [`limited`] for what somebody typed whose session ended meanwhile. It has a budget of its own: as many as send that, others can sign in.
pub async fn rescued(limit: u64, request: Request, next: Next) -> Response {
    if let Some(meter) = request.extensions().get::<BodyMeter>() {
        meter.0.rescued.store(true, Ordering::Relaxed);
    }
    limited(limit, request, next).await
}

fn declared(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The rest of the request is not read: the connection ends with this answer.
pub fn close_after(response: &mut Response) {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
}

#[derive(Debug, thiserror::Error)]
#[error("the body was broken off: {0:?}")]
struct BrokenOff(Verdict);

struct Metered {
    body: Body,
    meter: BodyMeter,
    patience: Duration,
    /// Since when we have waited for the client: the time that we take ourselves is none of its.
    waits: Option<Instant>,
    watch: Pin<Box<Sleep>>,
}

impl Metered {
    /// These bytes came.
    fn go_on(&mut self, bytes: u64) {
        let pace = self.meter.0.pace;
        let waited = self.waits.take().map_or(Duration::ZERO, |since| since.elapsed());
        let earned = Duration::from_millis(bytes.saturating_mul(1_000) / pace.slowest);
        self.patience = (self.patience.saturating_sub(waited) + earned).min(pace.patience);
    }

    fn break_off(&mut self, verdict: Verdict) -> axum::Error {
        self.meter.0.verdict.store(verdict as u8, Ordering::Relaxed);
        self.body = Body::empty();
        axum::Error::new(BrokenOff(verdict))
    }
}

impl http_body::Body for Metered {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                let length = frame.data_ref().map_or(0, Bytes::len) as u64;
                self.go_on(length);
                if let Err(verdict) = self.meter.reserve(length) {
                    return Poll::Ready(Some(Err(self.break_off(verdict))));
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(None) => {
                let whole = self.meter.0.verdict.load(Ordering::Relaxed) == Verdict::None as u8;
                self.meter.0.finished.store(whole, Ordering::Relaxed);
                Poll::Ready(None)
            }
            Poll::Ready(Some(Err(error))) => {
                self.meter.0.verdict.store(Verdict::Gone as u8, Ordering::Relaxed);
                Poll::Ready(Some(Err(error)))
            }
            Poll::Pending => {
                let since = *self.waits.get_or_insert_with(Instant::now);
                let due = since + self.patience.min(self.meter.0.pace.idle);
                if self.watch.deadline() != due {
                    self.watch.as_mut().reset(due);
                }
                match self.watch.as_mut().poll(cx) {
                    Poll::Ready(()) => Poll::Ready(Some(Err(self.break_off(Verdict::TooSlow)))),
                    Poll::Pending => Poll::Pending,
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::{StreamExt, stream};
    use http_body_util::BodyExt;
    use kernel::UserId;
    use std::net::IpAddr;

    fn request(chunks: impl futures::Stream<Item = &'static [u8]> + Send + 'static) -> Request {
        let chunks = chunks.map(|chunk| Ok::<_, std::io::Error>(Bytes::from_static(chunk)));
        Request::new(Body::from_stream(chunks))
    }

    async fn status(meter: &BodyMeter, request: Request) -> u16 {
        let read = meter.watch(request).into_body().collect().await;
        meter.refusal().map_or(if read.is_ok() { 200 } else { 400 }, |refusal| refusal.status().as_u16())
    }

    #[tokio::test]
    async fn a_body_is_broken_off_where_it_gets_too_long() {
        let meter = BodyMeter::free(4);
        assert_eq!(status(&meter, request(stream::iter([&b"ab"[..], b"cd"]))).await, 200);
        assert!(meter.is_finished());
        let meter = BodyMeter::free(3);
        assert_eq!(status(&meter, request(stream::iter([&b"ab"[..], b"cd"]))).await, 413);
        assert!(!meter.is_finished());
    }

    const fn network(last: u8) -> Sender {
        Sender::Unknown(IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)))
    }

    #[tokio::test]
    async fn all_bodies_together_stay_within_the_budget_and_one_senders_within_a_share() {
        let budgets = Arc::new(Budgets::of_sizes(1_000, 20, 8));
        let meter = |sender| BodyMeter::new(budgets.clone(), sender, 100);
        let send = async |meter: &BodyMeter, bytes: &'static [u8]| {
            status(meter, request(stream::iter([bytes]))).await
        };
        let first = meter(network(1));
        assert_eq!(send(&first, b"abcd").await, 200);
        // Its share is a quarter.
        let more = meter(network(1));
        assert_eq!(send(&more, b"abcd").await, 503);
        let others = [2, 3, 4].map(|n| meter(network(n)));
        for other in &others {
            assert_eq!(send(other, b"abcde").await, 200);
        }
        let last = meter(network(5));
        assert_eq!(send(&last, b"ab").await, 503);
        // Written to the disk, then done with.
        first.release(3);
        let third = meter(network(1));
        assert_eq!(send(&third, b"abcd").await, 200);
        // Nobody unknown takes the place of those who are known, nor a text that is rescued that of a form.
        let user = meter(Sender::User(UserId::new(1)));
        assert_eq!(send(&user, &[b'a'; 90]).await, 200);
        drop((first, more, others, last, third, user));
        assert!(budgets.are_free());
    }

    #[tokio::test]
    async fn what_is_rescued_has_a_budget_of_its_own() {
        let budgets = Arc::new(Budgets::of_sizes(40, 40, 8));
        let rescue = BodyMeter::new(budgets.clone(), network(1), 100);
        rescue.0.rescued.store(true, Ordering::Relaxed);
        assert_eq!(status(&rescue, request(stream::iter([&b"abc"[..], b"d"]))).await, 503);
        let form = BodyMeter::new(budgets.clone(), network(1), 100);
        assert_eq!(status(&form, request(stream::iter([&b"abcdefghij"[..]]))).await, 200);
        drop((rescue, form));
        assert!(budgets.are_free());
    }

    #[tokio::test]
    async fn a_body_that_stops_or_trickles_is_broken_off() {
        let ms = Duration::from_millis;
        let pace = Pace { idle: ms(200), patience: ms(400), slowest: 10_000 };
        let every = |chunk: &'static [u8], times: usize| {
            stream::unfold(0, move |n| async move {
                tokio::time::sleep(ms(50)).await;
                (n < times).then_some((chunk, n + 1))
            })
        };
        let took = async |chunks: stream::BoxStream<'static, &'static [u8]>| {
            let began = Instant::now();
            (
                status(&BodyMeter::paced(None, network(1), 1 << 20, pace), request(chunks)).await,
                began.elapsed(),
            )
        };
        let (stops, after) = took(stream::iter([&b"a"[..]]).chain(stream::pending()).boxed()).await;
        assert!(stops == 408 && (ms(200)..ms(390)).contains(&after), "{after:?}");
        let (trickles, after) = took(every(b"a", 1_000).boxed()).await;
        assert!(trickles == 408 && after >= ms(400), "{after:?}");
        // What came at once buys no time for what does not.
        let much: &'static [u8] = vec![b'a'; 100_000].leak();
        let burst = stream::iter([much]).chain(every(b"a", 1_000)).boxed();
        // Whoever leaves gets an answer that costs nothing.
        let left = stream::iter([Ok(Bytes::from_static(b"a")), Err(std::io::Error::other("gone"))]);
        let meter = BodyMeter::free(9);
        let read = meter.watch(Request::new(Body::from_stream(left))).into_body().collect().await;
        assert!(read.is_err() && meter.refusal().is_some_and(|refusal| refusal.status() == 400));
        let (slows_down, after) = took(burst).await;
        assert!(slows_down == 408 && (ms(400)..ms(900)).contains(&after), "{after:?}");
        let (steady, after) = took(every(&[b'a'; 2_000], 12).boxed()).await;
        assert!(steady == 200 && after > ms(500), "slow, but it comes: {after:?}");
    }
}
