//! The listener: HTTP/1.1 connections, each request to the front, an orderly end.

use std::convert::Infallible;
use std::future::ready;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZero;
use std::pin::pin;
use std::time::Duration;

use anyhow::{Context, Result};
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

/// A client must have sent its headers by then.
const HEADERS_WITHIN: Duration = Duration::from_secs(15);
/// Answers under way may take this long to end when the server stops.
const LAST_ANSWERS: Duration = Duration::from_secs(10);

pub async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

/// Serves until `stop`, then lets answers under way end.
///
/// A thread for each processor holds its share of the connections and answers from the page cache by itself, as nothing has to wait
/// and nothing has to be handed over. All else is the main runtime's work.
pub async fn serve(listener: TcpListener, front: Front, stop: CancellationToken) {
    let count = std::thread::available_parallelism().map_or(1, NonZero::get);
    let mut own = own_processors(count).into_iter();
    let lanes: Vec<Lane> = (0..count)
        .filter_map(|number| match lane(number, own.next(), front.clone(), Handle::current(), stop.clone()) {
            Ok(lane) => Some(lane),
            Err(error) => {
                tracing::error!(%error, "cannot start a thread for connections");
                None
            }
        })
        .collect();
    for number in 0.. {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        let connection = accepted.and_then(|(stream, peer)| Ok((stream.into_std()?, peer.ip())));
        match connection {
            // A thread ends only when the server does.
            Ok(connection) => {
                drop(lanes.get(number % lanes.len().max(1)).map(|lane| lane.to.send(connection)));
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

struct Lane {
    to: UnboundedSender<(std::net::TcpStream, IpAddr)>,
    ended: oneshot::Receiver<()>,
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
            stay_on(processor);
        }
        runtime.block_on(connections(from, front, main, stop));
        let _ = end.send(());
    })?;
    Ok(Lane { to, ended })
}

/// The processors that `count` threads may take one each of, so that the kernel never has two of them wait for one processor while
/// another is idle: that is what the slowest answers of a busy server were found to wait for. None where the threads are fewer than
/// the processors: many servers on one machine must not all choose the first few.
#[cfg(target_os = "linux")]
fn own_processors(count: usize) -> Vec<usize> {
    use rustix::thread::{CpuSet, sched_getaffinity};
    let Ok(allowed) = sched_getaffinity(None) else { return Vec::new() };
    let allowed: Vec<usize> = (0..CpuSet::MAX_CPU).filter(|&processor| allowed.is_set(processor)).collect();
    if allowed.len() == count { allowed } else { Vec::new() }
}

#[cfg(not(target_os = "linux"))]
fn own_processors(_count: usize) -> Vec<usize> {
    Vec::new()
}

/// Keeps this thread on one processor. Where that is refused it works anywhere.
fn stay_on(processor: usize) {
    #[cfg(target_os = "linux")]
    {
        let mut only = rustix::thread::CpuSet::new();
        only.set(processor);
        if let Err(error) = rustix::thread::sched_setaffinity(None, &only) {
            tracing::debug!(%error, processor, "this thread stays on no processor");
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = processor;
}

async fn connections(
    mut from: UnboundedReceiver<(std::net::TcpStream, IpAddr)>,
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
        let Some((stream, peer)) = received else { break };
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
