//! Connections as they come over the wire: half requests, requests that are none, readers who don't read.

use std::net::SocketAddr;
use std::time::Instant;

use db::db_test;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use super::*;
use crate::http::{Registry, serve_some};

impl House {
    /// Listens; at most so many connections, in all and of one address.
    async fn listen(&self, most: usize) -> (SocketAddr, JoinHandle<()>) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let registry = Registry::new(most, most);
        (address, tokio::spawn(serve_some(listener, self.site.front.clone(), registry, self.stop.clone())))
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
