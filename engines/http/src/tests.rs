//! Against servers that answer as they like.

mod certificates;
mod server;

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep};
use tracing_subscriber::fmt::format::FmtSpan;

use crate::connect;
use crate::resolve::Resolve;
use crate::{Client, Error, Options, Why};
use server::{Server, ok, redirect};

fn allowing(allow: &[&SocketAddr]) -> Options {
    Options { allow: allow.iter().map(ToString::to_string).collect(), ..Options::default() }
}

fn client(options: Options) -> Client {
    Client::new(options).unwrap()
}

/// Says one thing at first and another ever after.
struct Changing {
    first: Vec<SocketAddr>,
    then: Vec<SocketAddr>,
    asked: AtomicUsize,
}

impl Changing {
    fn new(first: &[SocketAddr], then: &[&str]) -> Arc<Self> {
        let then = then.iter().map(|address| address.parse().unwrap()).collect();
        Arc::new(Self { first: first.to_vec(), then, asked: AtomicUsize::new(0) })
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Resolve for Changing {
    async fn lookup(&self, _: &str, _: u16) -> io::Result<Vec<SocketAddr>> {
        let asked = self.asked.fetch_add(1, Ordering::SeqCst);
        Ok(if asked == 0 { self.first.clone() } else { self.then.clone() })
    }
}

#[tokio::test]
async fn a_request_goes_as_it_is_and_its_answer_comes_back() {
    let server = Server::start(|path| match path {
        "/post?a=b" => b"HTTP/1.1 201 Created\r\nx-one: 1\r\ncontent-length: 4\r\n\r\ndone".to_vec(),
        _ => b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_vec(),
    })
    .await;
    let client = client(allowing(&[&server.address]));
    let request = Request::post(server.url("/post?a=b"))
        .header("authorization", "Bearer x")
        .header("content-type", "text/plain")
        .body(Bytes::from_static(b"body"))
        .unwrap();
    let answer = client.send(request).await.unwrap();
    assert_eq!(
        (answer.status(), &answer.body()[..], &answer.headers()["x-one"]),
        (StatusCode::CREATED, &b"done"[..], &"1".parse().unwrap())
    );
    assert_eq!(client.get(&server.url("/#fragment")).await.unwrap().status(), StatusCode::NOT_FOUND);
    let asked = server.asked.all();
    let has = |at: usize, lines: &[&str]| {
        let head: Vec<&str> = asked[at].split("\r\n").collect();
        for line in lines {
            assert!(head.contains(line), "{line} is not in {head:?}");
        }
        head.iter().filter(|line| line.contains(": ")).count()
    };
    let host = format!("host: {}", server.address);
    let agent = concat!("user-agent: Byline/", env!("CARGO_PKG_VERSION"));
    let lines = [
        "POST /post?a=b HTTP/1.1",
        &host,
        agent,
        "accept-encoding: identity",
        "authorization: Bearer x",
        "content-type: text/plain",
        "content-length: 4",
        "body",
    ];
    assert_eq!(has(0, &lines), 6);
    assert_eq!(has(1, &["GET / HTTP/1.1", &host, agent, "accept-encoding: identity"]), 3);
}

#[tokio::test]
async fn what_is_of_the_connection_or_of_proxies_is_not_the_callers() {
    let client = client(Options { allow: vec!["127.0.0.1".to_owned()], ..Options::default() });
    for name in [
        "host",
        "connection",
        "keep-alive",
        "proxy-connection",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "content-length",
        "expect",
        "http2-settings",
    ] {
        let request = Request::get("http://127.0.0.1:9/").header(name, "a").body(Bytes::new()).unwrap();
        let refused = client.send(request).await.unwrap_err();
        assert_eq!(refused, Error::Refused { why: Why::Header(name.parse().unwrap()) });
    }
    for method in ["CONNECT", "TRACE", "TRACK"] {
        let request =
            Request::builder().method(method).uri("http://127.0.0.1:1/").body(Bytes::new()).unwrap();
        assert_eq!(client.send(request).await.unwrap_err(), Error::Refused { why: Why::Method });
    }
    let relative = Request::get("/path").body(Bytes::new()).unwrap();
    assert_eq!(client.send(relative).await.unwrap_err(), Error::BadUrl);
}

#[tokio::test]
async fn a_redirect_to_where_nobody_may_ask_is_refused() {
    let inside = Server::start(|_| ok("secret")).await;
    let to = inside.url("/");
    let port = inside.address.port();
    let outside = Server::start(move |path| match path {
        "/address" => redirect(302, &to),
        "/number" => redirect(307, &format!("http://2130706433:{port}/")),
        "/mapped" => redirect(302, &format!("http://[::ffff:127.0.0.1]:{port}/")),
        "/name" => redirect(301, &format!("http://localhost:{port}/")),
        "/user" => redirect(308, "http://a@example.com/"),
        "/port" => redirect(303, "http://example.com:25/"),
        "/scheme" => redirect(302, "file:///etc/passwd"),
        "/again" => redirect(302, "/address"),
        _ => redirect(302, "http://"),
    })
    .await;
    let client = client(allowing(&[&outside.address]));
    let own = Why::Address("of this machine");
    for (path, why) in [
        ("/address", own.clone()),
        ("/number", own.clone()),
        ("/mapped", Why::Address("reserved")),
        ("/name", Why::Name),
        ("/user", Why::UserInfo),
        ("/port", Why::Port(25)),
        ("/scheme", Why::Scheme),
        ("/again", own),
    ] {
        assert_eq!(client.get(&outside.url(path)).await.unwrap_err(), Error::Refused { why }, "{path}");
    }
    assert_eq!(client.get(&outside.url("/nothing")).await.unwrap_err(), Error::BadUrl);
    assert!(inside.asked.all().is_empty());
}

#[tokio::test]
async fn a_chain_of_redirects_has_an_end() {
    let server = Server::start(|path| match path.trim_start_matches('/').parse() {
        Ok(0) => ok("there"),
        Ok(left) => redirect(302, &format!("/{}", left - 1)),
        Err(_) => redirect(302, "/loop"),
    })
    .await;
    let most = client(allowing(&[&server.address]));
    assert_eq!(most.get(&server.url("/5")).await.unwrap().body(), "there");
    assert_eq!(server.asked.all().len(), 6);
    assert_eq!(most.get(&server.url("/6")).await.unwrap_err(), Error::TooManyRedirects);
    assert_eq!(most.get(&server.url("/loop")).await.unwrap_err(), Error::TooManyRedirects);
    assert_eq!(server.asked.all().len(), 18);
    let none = client(Options { redirects: 0, ..allowing(&[&server.address]) });
    assert_eq!(none.get(&server.url("/0")).await.unwrap().body(), "there");
    assert_eq!(none.get(&server.url("/1")).await.unwrap_err(), Error::TooManyRedirects);
}

#[tokio::test]
async fn what_signs_in_does_not_follow_to_another_server() {
    let other = Server::start(|_| ok("other")).await;
    let to = other.url("/there");
    let server = Server::start(move |path| match path {
        "/here" => ok("same"),
        "/same" => redirect(307, "/here"),
        _ => redirect(307, &to),
    })
    .await;
    let client = client(allowing(&[&server.address, &other.address]));
    let request = |path: &str| {
        Request::post(server.url(path))
            .header("authorization", "Bearer x")
            .header("cookie", "a=b")
            .header("x-own", "c")
            .body(Bytes::from_static(b"body"))
            .unwrap()
    };
    assert_eq!(client.send(request("/same")).await.unwrap().body(), "same");
    let kept = server.asked.all().pop().unwrap();
    assert!(kept.contains("authorization: Bearer x\r\n") && kept.contains("cookie: a=b\r\n"), "{kept}");
    assert_eq!(client.send(request("/other")).await.unwrap().body(), "other");
    let left = other.asked.all().pop().unwrap();
    assert!(
        left.starts_with("POST /there") && left.contains("x-own: c\r\n") && left.ends_with("body"),
        "{left}"
    );
    assert!(
        !left.contains("authorization") && !left.contains("cookie") && !left.contains("referer"),
        "{left}"
    );
}

#[tokio::test]
async fn an_answer_is_read_no_further_than_its_bound() {
    const MOST: usize = 100_000;
    let server = Server::start(|path| {
        let body = |len: usize| "a".repeat(len);
        let chunks = |count: usize| format!("3e8\r\n{}\r\n", body(1000)).repeat(count) + "0\r\n\r\n";
        let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        match path {
            "/length" => ok(&body(MOST)),
            "/longer" => ok(&body(MOST + 1)),
            // Nothing follows: to who reads on, it breaks off.
            "/claims" => format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", MOST + 1).into_bytes(),
            "/chunks" => format!("{chunked}{}", chunks(100)).into_bytes(),
            "/more" => format!("{chunked}{}", chunks(101)).into_bytes(),
            "/endless" => format!("HTTP/1.0 200 OK\r\n\r\n{}", body(20 * MOST)).into_bytes(),
            "/head" => format!("HTTP/1.1 200 OK\r\nx-long: {}\r\n\r\n", body(33_000)).into_bytes(),
            "/header" => format!("HTTP/1.1 200 OK\r\nx-long: {}\r\n\r\n", body(20 * MOST)).into_bytes(),
            "/lines" => format!("HTTP/1.1 200 OK\r\n{}\r\n", "x: y\r\n".repeat(200)).into_bytes(),
            // A gigabyte of zeros, packed, is a megabyte; ten of these are one.
            _ => {
                format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 10\r\n\r\n{}", body(10))
                    .into_bytes()
            }
        }
    })
    .await;
    let client = client(Options { body: MOST, ..allowing(&[&server.address]) });
    for path in ["/length", "/chunks"] {
        assert_eq!(client.get(&server.url(path)).await.unwrap().body().len(), MOST, "{path}");
    }
    for path in ["/longer", "/claims", "/more", "/endless", "/head", "/header", "/lines"] {
        assert_eq!(client.get(&server.url(path)).await.unwrap_err(), Error::TooLarge, "{path}");
    }
    let packed = client.get(&server.url("/packed")).await.unwrap();
    assert_eq!((packed.body().len(), &packed.headers()["content-encoding"]), (10, &"gzip".parse().unwrap()));
}

/// Takes connections, hears what is asked, and says `first`, then nothing.
async fn silent(first: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut some = [0; 4096];
                while stream.read(&mut some).await.is_ok_and(|read| read > 0) {
                    stream.write_all(first).await.unwrap();
                }
            });
        }
    });
    address
}

#[tokio::test]
async fn who_is_slow_is_not_waited_for() {
    let total = Duration::from_millis(400);
    for first in [&b""[..], b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"] {
        let address = silent(first).await;
        let client = client(Options { total, ..allowing(&[&address]) });
        let began = Instant::now();
        assert_eq!(client.get(&format!("http://{address}/")).await.unwrap_err(), Error::TimedOut);
        assert!((total..total * 10).contains(&began.elapsed()), "{:?}", began.elapsed());
    }
    // In TLS nobody answers the greeting: the time to connect is the bound.
    let address = silent(b"").await;
    let client = client(Options { connect: total, ..allowing(&[&address]) });
    let began = Instant::now();
    assert_eq!(client.get(&format!("https://{address}/")).await.unwrap_err(), Error::TimedOut);
    assert!((total..total * 10).contains(&began.elapsed()), "{:?}", began.elapsed());
}

#[tokio::test]
async fn so_many_ask_at_once() {
    let address = silent(b"").await;
    let (connect, total) = (Duration::from_millis(200), Duration::from_secs(1));
    let client = client(Options { at_once: 2, connect, total, ..allowing(&[&address]) });
    let url = format!("http://{address}/");
    let ask = || client.get(&url);
    let (one, two, three) = tokio::join!(ask(), ask(), async {
        sleep(Duration::from_millis(50)).await;
        ask().await
    });
    let outcomes = [one, two, three].map(Result::unwrap_err);
    assert_eq!(outcomes, [Error::TimedOut, Error::TimedOut, Error::Busy]);
    assert_eq!(ask().await.unwrap_err(), Error::TimedOut, "turns come back");
}

#[tokio::test]
async fn a_name_is_looked_up_once_and_what_was_judged_is_connected_to() {
    let server = Server::start(|_| ok("here")).await;
    let port = server.address.port();
    let url = format!("http://example.com:{port}/");
    // The address of the server passes as an address of the internet would; the name itself is allowed nothing.
    let resolver = Changing::new(&[server.address], &[&format!("127.0.0.2:{port}")]);
    let client = Client::with(allowing(&[&server.address]), resolver.clone(), connect::tls).unwrap();
    assert_eq!(client.get(&url).await.unwrap().body(), "here");
    assert_eq!(resolver.asked(), 1);
    assert!(server.asked.all()[0].contains(&format!("host: example.com:{port}\r\n")));
    // A new connection is judged anew.
    assert_eq!(client.get(&url).await.unwrap_err(), Error::Refused { why: Why::Address("of this machine") });
    assert_eq!((resolver.asked(), server.asked.all().len()), (2, 1));
    // An address is not looked up, and neither is a name that is refused.
    for url in ["http://127.0.0.1/", "http://localhost/", "http://a.internal/"] {
        assert!(matches!(client.get(url).await, Err(Error::Refused { .. })));
    }
    assert_eq!(resolver.asked(), 2);
}

#[tokio::test]
async fn the_machines_resolver_is_asked() {
    let server = Server::start(|_| ok("here")).await;
    let url = format!("http://localhost:{}/", server.address.port());
    let client = client(Options { allow: vec!["localhost".to_owned()], ..Options::default() });
    assert_eq!(client.get(&url).await.unwrap().body(), "here");
}

#[tokio::test]
async fn of_many_addresses_those_that_may_be_asked_are() {
    let server = Server::start(|_| ok("here")).await;
    let port = server.address.port();
    let url = format!("http://example.com:{port}/");
    let outcome = async |found: &[&str], allow: &str| {
        let found: Vec<SocketAddr> =
            found.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), port)).collect();
        let options = Options { allow: vec![allow.to_owned()], ..Options::default() };
        let client = Client::with(options, Changing::new(&found, &[]), connect::tls).unwrap();
        client.get(&url).await.map(Response::into_body)
    };
    let here = Ok(Bytes::from_static(b"here"));
    assert_eq!(outcome(&["10.0.0.1", "fe80::1", "127.0.0.1", "::1"], "127.0.0.1").await, here);
    // Nobody listens at the others: the next is tried.
    assert_eq!(outcome(&["127.0.0.9", "127.0.0.8", "127.0.0.1"], "127.0.0.0/8").await, here);
    assert_eq!(outcome(&["127.0.0.1"], "example.com").await, here, "a name that is allowed may be anywhere");
    let refused = |what| Err(Error::Refused { why: Why::Address(what) });
    assert_eq!(outcome(&["127.0.0.1"], "example.org").await, refused("of this machine"));
    assert_eq!(outcome(&["127.0.0.1"], "example.com:1").await, refused("of this machine"));
    assert_eq!(outcome(&["10.0.0.1", "127.0.0.1"], "8.8.8.8").await, refused("of a private network"));
    assert_eq!(outcome(&["::ffff:127.0.0.1"], "127.0.0.1").await, refused("reserved"));
    assert!(matches!(outcome(&[], "example.com").await, Err(Error::Unreachable { .. })));
    assert!(matches!(outcome(&["127.0.0.9"], "127.0.0.9").await, Err(Error::Unreachable { .. })));
}

#[tokio::test]
async fn what_is_no_http_or_breaks_off_is_said_without_the_url() {
    let server = Server::start(|path| match path.split('?').next().unwrap() {
        "/garbage" => b"SSH-2.0-OpenSSH_9\r\n".to_vec(),
        "/broken" => b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf".to_vec(),
        _ => Vec::new(),
    })
    .await;
    let client = client(allowing(&[&server.address]));
    for (path, temporary) in [("/garbage", false), ("/broken", true), ("/nothing", true)] {
        let error = client.get(&server.url(&format!("{path}?token=secret"))).await.unwrap_err();
        let kind = matches!(error, Error::Unreachable { .. }) == temporary;
        assert!(kind && error.is_temporary() == temporary, "{path}: {error:?}");
        let said = format!("{error} {error:?}");
        assert!(!said.contains("secret") && !said.contains(path), "{said}");
    }
    for url in [
        "http://user:secret@example.com:25/?secret",
        "ftp://secret/",
        "http://secret.a b/?secret",
        "http://secret.internal/",
    ] {
        let error = client.get(url).await.unwrap_err();
        let said = format!("{error} {error:?}");
        assert!(!said.contains("secret") && !error.is_temporary(), "{said}");
    }
}

/// What is written to a log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn each_request_is_observed_without_its_path() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let _metrics = metrics::set_default_local_recorder(&recorder);
    let log = Log::default();
    let to = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(move || to.clone())
        .finish();
    let _spans = tracing::subscriber::set_default(subscriber);
    let server = Server::start(|path| match path.split('?').next().unwrap() {
        "/secret" => redirect(302, "/secret/two?secret"),
        _ => b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_vec(),
    })
    .await;
    let client = client(allowing(&[&server.address]));
    client.get(&server.url("/secret?secret#secret")).await.unwrap();
    client.get("http://10.0.0.1/secret").await.unwrap_err();
    let metrics = recorder.handle().render();
    for line in [
        "byline_outbound_requests_total{outcome=\"answered\"} 1",
        "byline_outbound_requests_total{outcome=\"refused\"} 1",
        "byline_outbound_seconds_count 2",
    ] {
        assert!(metrics.contains(line), "{metrics}");
    }
    let said = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let spans: Vec<&str> = said.lines().filter(|line| line.contains("outbound{")).collect();
    let address =
        format!("server.address=\"127.0.0.1\" server.port={} url.scheme=\"http\"", server.address.port());
    for (span, fields) in spans.iter().zip([
        &["http.response.status_code=302", &address, "http.request.method=\"GET\"", "otel.kind=\"client\""],
        &[
            "http.response.status_code=404",
            "http.request.resend_count=1",
            "error.type=\"404\"",
            "otel.status_code=\"ERROR\"",
        ],
    ]) {
        assert!(fields.iter().all(|field| span.contains(field)), "{span}");
    }
    assert!(spans.len() == 2 && !said.contains("secret"), "{said}");
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let taken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&taken);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            let mut some = [0; 4096];
            while stream.read(&mut some).await.is_ok_and(|read| read > 0) {
                stream.write_all(&ok("again")).await.unwrap();
            }
        }
    });
    let client = client(allowing(&[&address]));
    for _ in 0..3 {
        assert_eq!(client.get(&format!("http://{address}/")).await.unwrap().body(), "again");
        // The connection goes back on a task of its own.
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(taken.load(Ordering::SeqCst), 1);
}
