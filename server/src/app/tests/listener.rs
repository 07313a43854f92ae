//! Connections as they come over the wire: half requests, requests that are none, readers who don't read.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use axum::middleware::{Next, from_fn};
use axum::routing::{get as get_of, post as post_of};
use db::db_test;
use kernel::Locale;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use web::{CancelOnDisconnect, Hooks, Setup};

use super::*;
use crate::http::{Limits, Registry, serve_some};

impl House {
    /// Listens; at most so many connections, in all and of one address.
    async fn listen(&self, most: usize) -> (SocketAddr, JoinHandle<()>) {
        let registry = Registry::new(most, most);
        self.listen_with(self.site.front.clone(), registry, Limits::default()).await
    }

    async fn listen_with(
        &self,
        front: Front,
        registry: Registry,
        limits: Limits,
    ) -> (SocketAddr, JoinHandle<()>) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        (address, tokio::spawn(serve_some(listener, front, registry, limits, self.stop.clone())))
    }
}

/// Waits until it is so.
async fn until(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// What comes back for these bytes, until the server closes.
async fn raw(to: SocketAddr, request: impl AsRef<[u8]>) -> String {
    let mut stream = TcpStream::connect(to).await.unwrap();
    // A server that has said no may take no more.
    let _ = stream.write_all(request.as_ref()).await;
    let mut answer = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
    read.expect("the server closes").ok();
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("nothing")
}

#[db_test]
async fn what_is_no_request_is_answered_in_words(db: Db) {
    let house = House::new(db, Env::system()).await;
    let (to, _serving) = house.listen(100).await;
    let long = "x".repeat(20 << 10);
    let endless = "x".repeat(200 << 10);
    let many = "a: b\r\n".repeat(300);
    for (request, want) in [
        ("GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".to_owned(), "200"),
        ("GET /healthz HTTP/1.0\r\n\r\n".to_owned(), "200"),
        ("GET /healthz HTTP/1.1\r\n\r\n".to_owned(), "400"),
        ("GET /healthz HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n".to_owned(), "400"),
        ("GET /healthz HTTP/1.1\r\nhost: a, b\r\n\r\n".to_owned(), "400"),
        ("GET / HTTP/1.1\r\nhost : a\r\n\r\n".to_owned(), "400"),
        ("nonsense\r\n\r\n".to_owned(), "400"),
        ("GET /\u{0} HTTP/1.1\r\nhost: a\r\n\r\n".to_owned(), "400"),
        ("GET / HTTP/9.9\r\nhost: a\r\n\r\n".to_owned(), "400"),
        (format!("GET /{long} HTTP/1.1\r\nhost: a\r\n\r\n"), "414"),
        (format!("GET /{endless} HTTP/1.1\r\nhost: a\r\n\r\n"), "414"),
        (format!("GET / HTTP/1.1\r\nhost: a\r\ncookie: {endless}\r\n\r\n"), "431"),
        (format!("GET / HTTP/1.1\r\nhost: a\r\n{many}\r\n"), "431"),
    ] {
        let answer = raw(to, &request).await;
        let begins = request.chars().take(60).collect::<String>();
        assert_eq!(status(&answer), want, "{begins:?}: {answer:?}");
        let body = answer.split_once("\r\n\r\n").unwrap().1;
        assert!(!body.is_empty(), "{begins:?} has an answer in words");
    }
    // One after the other, also after one that was good.
    let two = "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n";
    let answer = raw(to, two).await;
    assert!(answer.contains("HTTP/1.1 200") && answer.contains("HTTP/1.1 400"), "{answer}");
    house.stop.cancel();
}

#[db_test]
async fn a_large_body_of_nobody_is_answered_and_not_read(db: Db) {
    let house = House::new(db, Env::system()).await;
    let (to, _serving) = house.listen(100).await;
    for path in ["/studio/preview", "/studio/pictures"] {
        let mut stream = TcpStream::connect(to).await.unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 87000000\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let (mut from, mut into) = stream.into_split();
        let pouring = tokio::spawn(async move {
            let (chunk, mut sent) = (vec![b'a'; 64 << 10], 0);
            while sent < 87_000_000 && into.write_all(&chunk).await.is_ok() {
                sent += chunk.len();
            }
            sent
        });
        let mut first = [0; 12];
        from.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.1 401");
        let sent = tokio::time::timeout(PATIENCE, pouring).await.unwrap().unwrap();
        assert!(sent < 40_000_000, "{path}: {sent} bytes went in");
    }
    house.stop.cancel();
}

#[db_test]
async fn unfinished_bodies_stop_nobody_and_hold_nothing_up(db: Db) {
    let house = House::new(db, Env::system()).await;
    let (to, serving) = house.listen(16).await;
    let mut kept = Vec::new();
    for n in 0..60 {
        let mut stream = TcpStream::connect(to).await.unwrap();
        let half = "POST /login HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 999\r\n\r\nhandle=";
        let _ = stream.write_all(half.as_bytes()).await;
        kept.push(stream);
        if n % 10 == 9 {
            let answer = raw(to, "GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
            assert_eq!(status(&answer), "200", "after {n}");
        }
    }
    let began = Instant::now();
    house.stop.cancel();
    tokio::time::timeout(PATIENCE, serving).await.unwrap().unwrap();
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}

#[db_test]
async fn whoever_keeps_us_waiting_is_left_in_time(db: Db) {
    let house = House::new(db, Env::system()).await;
    let ms = Duration::from_millis;
    let limits = Limits { headers: ms(300), reader: ms(400), patience: ms(600) };
    let registry = Registry::new(100, 100);
    let (to, _serving) = house.listen_with(house.site.front.clone(), registry.clone(), limits).await;
    let kept = "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n";
    for (what, request) in [
        ("nothing", ""),
        ("slow headers", "GET /healthz HTTP/1.1\r\nhost: a\r\nx-"),
        ("kept, and nothing more", kept),
    ] {
        let began = Instant::now();
        let answer = raw(to, request).await;
        let took = began.elapsed();
        assert!((ms(250)..ms(3_000)).contains(&took), "{what}: {took:?}");
        assert_eq!(answer.contains("HTTP/1.1 200"), request == kept, "{what}: {answer}");
        until("its place is free", || registry.count() == 0).await;
    }
    // One who sends a header a byte at a time.
    let mut slow = TcpStream::connect(to).await.unwrap();
    let began = Instant::now();
    for byte in kept.bytes() {
        if slow.write_all(&[byte]).await.is_err() {
            break;
        }
        tokio::time::sleep(ms(50)).await;
    }
    until("slow headers end", || registry.count() == 0).await;
    assert!(began.elapsed() < ms(6_000), "{:?}", began.elapsed());
    // Whole answers that nobody takes: more of them than the system holds for us.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4 << 10).unwrap();
    let mut deaf = socket.connect(to).await.unwrap();
    until("it has come", || registry.count() == 1).await;
    let began = Instant::now();
    let many = "GET /about HTTP/1.1\r\nhost: a\r\n\r\n".repeat(2_000);
    let _ = tokio::time::timeout(ms(5_000), deaf.write_all(many.as_bytes())).await;
    until("who does not read is left", || registry.count() == 0).await;
    assert!(began.elapsed() >= ms(400), "it was not for want of trying: {:?}", began.elapsed());
    house.stop.cancel();
}

/// Sets a flag when it goes.
struct Gone(Arc<AtomicBool>);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[db_test]
async fn a_client_that_leaves_ends_the_work_for_it_but_no_write(db: Db) {
    let house = House::new(db, Env::system()).await;
    let [begun, ended, written] = [(); 3].map(|()| Arc::new(AtomicBool::new(false)));
    let reading = {
        let (begun, ended) = (begun.clone(), ended.clone());
        async move || {
            let _gone = Gone(ended.clone());
            begun.store(true, Ordering::Relaxed);
            tokio::time::sleep(3 * PATIENCE).await;
        }
    };
    let writing = {
        let (begun, written) = (begun.clone(), written.clone());
        async move || {
            begun.store(true, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(300)).await;
            written.store(true, Ordering::Relaxed);
        }
    };
    let preview = from_fn(async |request: axum::extract::Request, next: Next| {
        CancelOnDisconnect::allow(&request);
        next.run(request).await
    });
    let router = axum::Router::new()
        .route("/read", get_of(reading.clone()))
        .route("/preview", post_of(reading).layer(preview))
        .route("/write", post_of(writing));
    let setup = Setup {
        locale: Locale::En.into(),
        url: "http://a".into(),
        behind_proxy: false,
        slow: Duration::ZERO,
    };
    let hooks = Hooks {
        error_page: Box::new(|_, _| Box::pin(async { ::http::Response::new(Body::empty()) })),
        on_read: Box::new(|_, _, _| {}),
        on_trace: |_, _, _| {},
    };
    let (accounts, journal, env) = (house.accounts.clone(), house.journal.clone(), Env::system());
    let front = Front::new(router, None, accounts, journal, env, setup, hooks);
    let registry = Registry::new(100, 100);
    let (to, _serving) = house.listen_with(front, registry.clone(), Limits::default()).await;
    for (request, flag) in [("GET /read", &ended), ("POST /preview", &ended), ("POST /write", &written)] {
        begun.store(false, Ordering::Relaxed);
        flag.store(false, Ordering::Relaxed);
        let mut stream = TcpStream::connect(to).await.unwrap();
        stream.write_all(format!("{request} HTTP/1.1\r\nhost: a\r\n\r\n").as_bytes()).await.unwrap();
        until(request, || begun.load(Ordering::Relaxed)).await;
        drop(stream);
        until(request, || registry.count() == 0).await;
        until(request, || flag.load(Ordering::Relaxed)).await;
    }
    house.stop.cancel();
}
