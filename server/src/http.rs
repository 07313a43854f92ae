//! The listener: HTTP/1.1 connections, each request to the front, an orderly end.

mod limits;
mod registry;
mod stream;

use std::convert::Infallible;
use std::future::{poll_fn, ready};
use std::net::{IpAddr, SocketAddr};
use std::num::NonZero;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use futures::FutureExt;
use futures::future::Either;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioTimer;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::{JoinError, JoinHandle};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use web::{CancelOnDisconnect, Front};

pub use self::limits::Limits;
pub use self::registry::Registry;
use self::registry::{ConnectionSlot, Stage};
use self::stream::{Incoming, Outgoing, Stream};
use crate::{failures, processors};

/// What hyper reads before it has understood a request (bytes): the longest headers.
const HEADERS: usize = 32 << 10;
/// Connections that a thread may hold beyond twice those of the thread that holds the fewest.
const AHEAD: usize = 16;
/// Newcomers that wait for a place at once.
const WAITING: usize = 64;
/// Answers under way may take this long to end when the server stops.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

pub async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| failures::listening(address, &error))
}

/// How many connections this process may have.
pub fn most() -> usize {
    registry::connections_for(registry::files())
}

/// Serves until `stop`, then lets answers under way end.
///
/// A thread for each processor holds its share of the connections and answers from the page cache by itself, as nothing has to wait
/// and nothing has to be handed over. All else is the main runtime's work.
pub async fn serve(listener: TcpListener, front: Front, stop: CancellationToken) {
    let most = most();
    // Behind a proxy all connections are the proxy's.
    let of_one = if front.is_behind_proxy() { most } else { most / 2 };
    tracing::debug!(most, of_one, "connections");
    serve_some(listener, front, Registry::new(most, of_one), Limits::default(), stop).await;
}

pub async fn serve_some(
    listener: TcpListener,
    front: Front,
    registry: Registry,
    limits: Limits,
    stop: CancellationToken,
) {
    let count = std::thread::available_parallelism().map_or(1, NonZero::get);
    let mut own = processors::one_each(count).into_iter();
    let workers: Vec<Worker> = (0..count)
        .filter_map(|number| {
            match spawn_worker(number, own.next(), front.clone(), limits, Handle::current()) {
                Ok(worker) => Some(worker),
                Err(error) => {
                    tracing::error!(%error, "cannot start a thread for connections");
                    None
                }
            }
        })
        .collect();
    // Both are there from the start, not only after the first attack.
    let refused = metrics::counter!("byline_connections_refused_total");
    let _ = metrics::counter!("byline_connections_evicted_total");
    // Newcomers for whom somebody is just making room.
    let (waiting, (to_admitted, mut admitted)) = (Arc::new(Semaphore::new(WAITING)), unbounded_channel());
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(accepted) = admitted.recv() => {
                hand_over(&workers, accepted);
                continue;
            }
            () = stop.cancelled() => break,
        };
        match accepted.and_then(|(stream, peer)| Ok((stream.into_std()?, peer.ip()))) {
            Ok((stream, peer)) => {
                let network = web::network_of(peer);
                if let Some(place) = registry.admit(network) {
                    hand_over(&workers, Admitted { stream, peer, place });
                } else if registry.is_making_room() {
                    // No more are taken in than can wait; the kernel keeps the others.
                    let permit = loop {
                        tokio::select! {
                            permit = waiting.clone().acquire_owned() => break permit,
                            Some(accepted) = admitted.recv() => hand_over(&workers, accepted),
                        }
                    };
                    let (registry, to) = (registry.clone(), to_admitted.clone());
                    tokio::spawn(async move {
                        if let Some(place) = admit(&registry, network).await {
                            drop(to.send(Admitted { stream, peer, place }));
                        }
                        drop(permit);
                    });
                } else {
                    refused.increment(1);
                }
            }
            Err(error) => {
                // Out of file descriptors, most likely: connections that end will free some.
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    let broken_off = registry.end(LAST_ANSWERS).await;
    if broken_off > 0 {
        tracing::warn!(connections = broken_off, "some answers did not end in time");
    }
    for worker in workers {
        drop(worker.to);
        // The thread's last message is that it ends.
        let _ = worker.ended.await;
    }
}

/// A place for a newcomer, as soon as one of those who were told to make room for others has ended.
async fn admit(registry: &Registry, network: IpAddr) -> Option<ConnectionSlot> {
    const TURN: Duration = Duration::from_millis(5);
    const TURNS: usize = 40;
    for _ in 0..TURNS {
        tokio::time::sleep(TURN).await;
        let place = registry.admit(network);
        if place.is_some() {
            return place;
        }
    }
    metrics::counter!("byline_connections_refused_total").increment(1);
    None
}

fn hand_over(workers: &[Worker], Admitted { stream, peer, place }: Admitted) {
    if let Some(worker) = choose(workers, processors::of(&stream)) {
        // A thread ends only when the server does.
        drop(worker.to.send(Accepted { stream, peer, place, held: worker.held.clone() }));
    }
}

/// A connection that has a place.
struct Admitted {
    stream: std::net::TcpStream,
    peer: IpAddr,
    place: ConnectionSlot,
}

struct Accepted {
    stream: std::net::TcpStream,
    peer: IpAddr,
    place: ConnectionSlot,
    held: Arc<()>,
}

/// A thread that holds connections.
struct Worker {
    to: UnboundedSender<Accepted>,
    /// The processor it stays on.
    processor: Option<usize>,
    /// Each connection has a copy.
    held: Arc<()>,
    ended: oneshot::Receiver<()>,
}

impl Worker {
    fn holds(&self) -> usize {
        Arc::strong_count(&self.held)
    }
}

/// The thread on the processor that the kernel took the connection in on, or else the one that holds the fewest: the packets are in
/// that processor's memory, and neither side wakes another. But no thread gets far more than its share.
fn choose(workers: &[Worker], processor: Option<usize>) -> Option<&Worker> {
    let idlest = workers.iter().min_by_key(|worker| worker.holds())?;
    let near = workers.iter().find(|worker| processor.is_some() && worker.processor == processor);
    near.filter(|worker| worker.holds() <= 2 * idlest.holds() + AHEAD).or(Some(idlest))
}

fn spawn_worker(
    number: usize,
    processor: Option<usize>,
    front: Front,
    limits: Limits,
    main: Handle,
) -> std::io::Result<Worker> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (to, from) = unbounded_channel();
    let (end, ended) = oneshot::channel();
    std::thread::Builder::new().name(format!("http-{number}")).spawn(move || {
        if let Some(processor) = processor {
            processors::stay_on(processor);
        }
        runtime.block_on(connections(from, front, limits, main));
        let _ = end.send(());
    })?;
    Ok(Worker { to, processor, held: Arc::default(), ended })
}

/// Serves the connections that arrive until no more can, and all have ended.
async fn connections(mut from: UnboundedReceiver<Accepted>, front: Front, limits: Limits, main: Handle) {
    let mut http = http1::Builder::new();
    // Not `pipeline_flush`: it keeps all answers to requests sent at once in memory until the last is made, whether anybody takes them.
    http.timer(TokioTimer::new()).header_read_timeout(limits.headers).max_buf_size(HEADERS);
    let open = TaskTracker::new();
    while let Some(Accepted { stream, peer, place, held }) = from.recv().await {
        let Ok(stream) = TcpStream::from_std(stream) else { continue };
        let _ = stream.set_nodelay(true);
        let stream = Stream::new(stream, place.connection.clone(), limits);
        let one = serve_one(http.clone(), stream, peer, place, front.clone(), main.clone());
        open.spawn(async move {
            one.await;
            drop(held);
        });
    }
    open.close();
    open.wait().await;
}

async fn serve_one(
    http: http1::Builder,
    stream: Stream,
    peer: IpAddr,
    place: ConnectionSlot,
    front: Front,
    main: Handle,
) {
    let connection = place.connection.clone();
    let service = {
        let connection = connection.clone();
        service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            connection.enter(Stage::Answer);
            let try_cached = stream::refuse(&request).or_else(|| front.try_cached(&request, peer));
            let kept = connection.clone();
            let finished = move |response: hyper::Response<Body>| {
                Ok::<_, Infallible>(response.map(|body| Outgoing { body, connection: kept }))
            };
            if let Some(response) = try_cached {
                return Either::Left(ready(finished(response)));
            }
            let connection = connection.clone();
            let request = request.map(|body| Body::new(Incoming { body, connection }));
            Either::Right(elsewhere(&main, front.clone(), request, peer).map(finished))
        })
    };
    let mut http = http.serve_connection(stream, service);
    let (mut last, mut refused) = (false, None);
    let ended = poll_fn(|cx| {
        connection.watch(cx);
        if connection.is_closed() {
            return Poll::Ready(false);
        }
        if connection.is_last() && !last {
            last = true;
            Pin::new(&mut http).graceful_shutdown();
        }
        // A client that goes away is no error of ours.
        let polled = http.poll_without_shutdown(cx).map(|ended| {
            refused = ended.err().and_then(|error| stream::refusal(&error));
            true
        });
        // Whose request came while they were told to make room is answered.
        if polled.is_pending() && connection.makes_room() {
            return Poll::Ready(false);
        }
        polled
    });
    if ended.await {
        let parts = http.into_parts();
        parts.io.end(refused, &parts.read_buf).await;
    }
    drop(place);
}

/// Has the main runtime answer.
fn elsewhere(
    main: &Handle,
    front: Front,
    mut request: hyper::Request<Body>,
    peer: IpAddr,
) -> impl Future<Output = hyper::Response<Body>> + Unpin + use<> {
    let may_end = CancelOnDisconnect::new(request.method());
    request.extensions_mut().insert(may_end.clone());
    let answer = main.spawn(async move { front.answer(request, peer).await });
    CancellableResponse { answer, may_end }.map(|answered| {
        answered.unwrap_or_else(|_| {
            // The front catches panics; this is a runtime that ends.
            let mut response = hyper::Response::new(Body::empty());
            *response.status_mut() = hyper::StatusCode::SERVICE_UNAVAILABLE;
            response
        })
    })
}

/// An answer that the main runtime makes. hyper drops it when the client goes away: then its work ends too, where it may.
struct CancellableResponse {
    answer: JoinHandle<hyper::Response<Body>>,
    may_end: CancelOnDisconnect,
}

impl Future for CancellableResponse {
    type Output = Result<hyper::Response<Body>, JoinError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.answer.poll_unpin(cx)
    }
}

impl Drop for CancellableResponse {
    fn drop(&mut self) {
        if self.may_end.is_so() {
            self.answer.abort();
        }
    }
}

/// Waits for Ctrl-C or a termination signal.
pub async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workers() -> Vec<Worker> {
        (0..3)
            .map(|processor| Worker {
                to: unbounded_channel().0,
                processor: Some(processor),
                held: Arc::default(),
                ended: oneshot::channel().1,
            })
            .collect()
    }

    fn shares(came_in_on: impl Fn(usize) -> Option<usize>, connections: usize) -> Vec<usize> {
        let workers = workers();
        let held: Vec<Arc<()>> = (0..connections)
            .filter_map(|n| choose(&workers, came_in_on(n)).map(|worker| worker.held.clone()))
            .collect();
        assert_eq!(held.len(), connections);
        workers.iter().map(|worker| worker.holds() - 1).collect()
    }

    #[test]
    fn a_connection_stays_on_the_processor_it_came_in_on() {
        assert_eq!(shares(|n| Some(n % 2), 20), [10, 10, 0]);
    }

    #[test]
    fn no_thread_gets_far_more_than_its_share() {
        let shares = shares(|_| Some(1), 1_000);
        assert!(shares[1] <= 2 * shares[0] + AHEAD + 2, "{shares:?}");
        assert!(shares[1] > shares[0] && shares[0].abs_diff(shares[2]) <= 1, "{shares:?}");
    }

    #[test]
    fn connections_from_anywhere_are_spread_evenly() {
        assert_eq!(shares(|_| None, 9), [3, 3, 3]);
        assert_eq!(shares(|_| Some(7), 9), [3, 3, 3]);
    }
}
