//! The listener: HTTP/1.1 connections, each request to the front, an orderly end.

use std::convert::Infallible;
use std::future::ready;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZero;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use axum::body::Body;
use futures::future::Either;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use web::Front;

use crate::{failures, processors};

/// A client must have sent its headers by then.
const HEADERS_WITHIN: Duration = Duration::from_secs(15);
/// Connections that a thread may hold beyond twice those of the thread that holds the fewest.
const AHEAD: usize = 16;
/// Answers under way may take this long to end when the server stops.
const LAST_ANSWERS: Duration = Duration::from_secs(10);

pub async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| failures::listening(address, &error))
}

/// Serves until `stop`, then lets answers under way end.
///
/// A thread for each processor holds its share of the connections and answers from the page cache by itself, as nothing has to wait
/// and nothing has to be handed over. All else is the main runtime's work.
pub async fn serve(listener: TcpListener, front: Front, stop: CancellationToken) {
    let count = std::thread::available_parallelism().map_or(1, NonZero::get);
    let mut own = processors::one_each(count).into_iter();
    let lanes: Vec<Lane> = (0..count)
        .filter_map(|number| match lane(number, own.next(), front.clone(), Handle::current(), stop.clone()) {
            Ok(lane) => Some(lane),
            Err(error) => {
                tracing::error!(%error, "cannot start a thread for connections");
                None
            }
        })
        .collect();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        match accepted.and_then(|(stream, peer)| Ok((stream.into_std()?, peer.ip()))) {
            Ok((stream, peer)) => {
                if let Some(lane) = choose(&lanes, processors::of(&stream)) {
                    // A thread ends only when the server does.
                    drop(lane.to.send(Connection { stream, peer, held: lane.held.clone() }));
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
    for lane in lanes {
        drop(lane.to);
        // The thread's last message is that it ends.
        let _ = lane.ended.await;
    }
}

struct Connection {
    stream: std::net::TcpStream,
    peer: IpAddr,
    held: Arc<()>,
}

/// A thread that holds connections.
struct Lane {
    to: UnboundedSender<Connection>,
    /// The processor it stays on.
    processor: Option<usize>,
    /// Each connection has a copy.
    held: Arc<()>,
    ended: oneshot::Receiver<()>,
}

impl Lane {
    fn holds(&self) -> usize {
        Arc::strong_count(&self.held)
    }
}

/// The thread on the processor that the kernel took the connection in on, or else the one that holds the fewest: the packets are in
/// that processor's memory, and neither side wakes another. But no thread gets far more than its share.
fn choose(lanes: &[Lane], processor: Option<usize>) -> Option<&Lane> {
    let idlest = lanes.iter().min_by_key(|lane| lane.holds())?;
    let near = lanes.iter().find(|lane| processor.is_some() && lane.processor == processor);
    near.filter(|lane| lane.holds() <= 2 * idlest.holds() + AHEAD).or(Some(idlest))
}

fn lane(
    number: usize,
    processor: Option<usize>,
    front: Front,
    main: Handle,
    stop: CancellationToken,
) -> std::io::Result<Lane> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (to, from) = unbounded_channel();
    let (end, ended) = oneshot::channel();
    std::thread::Builder::new().name(format!("lane-{number}")).spawn(move || {
        if let Some(processor) = processor {
            processors::stay_on(processor);
        }
        runtime.block_on(connections(from, front, main, stop));
        let _ = end.send(());
    })?;
    Ok(Lane { to, processor, held: Arc::default(), ended })
}

async fn connections(
    mut from: UnboundedReceiver<Connection>,
    front: Front,
    main: Handle,
    stop: CancellationToken,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADERS_WITHIN).pipeline_flush(true);
    let graceful = GracefulShutdown::new();
    loop {
        let received = tokio::select! {
            received = from.recv() => received,
            () = stop.cancelled() => break,
        };
        let Some(Connection { stream, peer, held }) = received else { break };
        let Ok(stream) = TcpStream::from_std(stream) else { continue };
        let _ = stream.set_nodelay(true);
        let (front, main) = (front.clone(), main.clone());
        let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            match front.at_hand(&request, peer) {
                Some(response) => Either::Left(ready(Ok::<_, Infallible>(response))),
                None => Either::Right(elsewhere(&main, front.clone(), request, peer)),
            }
        });
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // A client that goes away is no error of ours.
            let _ = connection.await;
            drop(held);
        });
    }
    let mut late = pin!(tokio::time::sleep(LAST_ANSWERS));
    tokio::select! {
        () = graceful.shutdown() => {}
        () = &mut late => tracing::warn!("some answers did not end in time"),
    }
}

/// Has the main runtime answer.
fn elsewhere(
    main: &Handle,
    front: Front,
    request: hyper::Request<hyper::body::Incoming>,
    peer: IpAddr,
) -> impl Future<Output = Result<hyper::Response<Body>, Infallible>> + use<> {
    let answer = main.spawn(async move { front.answer(request.map(Body::new), peer).await });
    async move {
        Ok(answer.await.unwrap_or_else(|_| {
            // The front catches panics; this is a runtime that ends.
            let mut response = hyper::Response::new(Body::empty());
            *response.status_mut() = hyper::StatusCode::SERVICE_UNAVAILABLE;
            response
        }))
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

    fn lanes() -> Vec<Lane> {
        (0..3)
            .map(|processor| Lane {
                to: unbounded_channel().0,
                processor: Some(processor),
                held: Arc::default(),
                ended: oneshot::channel().1,
            })
            .collect()
    }

    fn shares(came_in_on: impl Fn(usize) -> Option<usize>, connections: usize) -> Vec<usize> {
        let lanes = lanes();
        let held: Vec<Arc<()>> = (0..connections)
            .filter_map(|n| choose(&lanes, came_in_on(n)).map(|lane| lane.held.clone()))
            .collect();
        assert_eq!(held.len(), connections);
        lanes.iter().map(|lane| lane.holds() - 1).collect()
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
