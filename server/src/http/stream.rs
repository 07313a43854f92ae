//! What lies between hyper and the socket: limits of time for those who read, and answers to what is no request.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Version, header};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until, timeout};

use super::limits::Limits;
use super::registry::{Connection, Stage};

/// A reader takes at least this (bytes a second): waiting uses patience up, and each byte earns some of it back.
const SLOWEST: u64 = 2 << 10;
/// The longest address (bytes): longer ones are no link that anybody follows.
const ADDRESS: usize = 8 << 10;
/// What a client still sends after its answer is read past for a moment, or the answer would be lost with it (RFC 9112, 9.6).
const LINGER: Duration = Duration::from_secs(1);
const LINGER_BYTES: usize = 1 << 20;

pub struct Stream {
    io: TokioIo<TcpStream>,
    connection: Arc<Connection>,
    limits: Limits,
    /// Of the answer under way.
    sent: u64,
    patience: Duration,
    /// Since when the reader takes nothing.
    waits: Option<Instant>,
    due: Option<Pin<Box<Sleep>>>,
    /// What hyper says by itself of something that is no request, with nothing but the number. We say it in words.
    refused: Option<StatusCode>,
}

impl Stream {
    pub fn new(stream: TcpStream, connection: Arc<Connection>, limits: Limits) -> Self {
        let (io, patience) = (TokioIo::new(stream), limits.patience);
        Self { io, connection, limits, sent: 0, patience, waits: None, due: None, refused: None }
    }

    /// After what was written.
    fn written(&mut self, written: Poll<io::Result<usize>>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(bytes)) => {
                self.connection.set_blocked(false);
                (self.due, self.sent) = (None, self.sent + bytes as u64);
                let waited = self.waits.take().map_or(Duration::ZERO, |since| since.elapsed());
                let earned = Duration::from_millis(bytes as u64 * 1_000 / SLOWEST);
                self.patience = (self.patience.saturating_sub(waited) + earned).min(self.limits.patience);
                Poll::Ready(Ok(bytes))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                if self.due.is_none() {
                    self.connection.set_blocked(true);
                }
                let since = *self.waits.get_or_insert_with(Instant::now);
                let due = since + self.patience.min(self.limits.reader);
                let due = self.due.get_or_insert_with(|| Box::pin(sleep_until(due)));
                ready!(due.as_mut().poll(cx));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }

    /// Whether this is hyper's own answer: it has a number, a date and no content; ours have a policy.
    fn is_hypers_own(&mut self, head: &[u8]) -> bool {
        if head.len() > 200 || !head.starts_with(b"HTTP/1.") {
            return false;
        }
        let status = head.get(9..12).and_then(|digits| StatusCode::from_bytes(digits).ok());
        let Some(
            status @ (StatusCode::BAD_REQUEST
            | StatusCode::URI_TOO_LONG
            | StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE),
        ) = status
        else {
            return false;
        };
        let has = |what: &[u8]| head.windows(what.len()).any(|part| part.eq_ignore_ascii_case(what));
        let own = has(b"content-length: 0\r\n") && !has(b"content-security-policy");
        if own {
            self.refused = Some(status);
        }
        own
    }

    /// Ends the connection so that the last answer arrives. `refused` is what hyper found no request and had no time to say so,
    /// `unread` what came and was not understood.
    pub async fn end(self, refused: Option<StatusCode>, unread: &[u8]) {
        let mut stream = self.io.into_inner();
        let said = async {
            if let Some(status) = self.refused.or(refused.filter(|_| self.sent == 0)) {
                // What has no end of its first line in all that was read has too long an address.
                let endless =
                    status == StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE && !unread.contains(&b'\n');
                let status = if endless { StatusCode::URI_TOO_LONG } else { status };
                stream.write_all(answer(status).as_bytes()).await?;
            }
            stream.shutdown().await
        };
        if !matches!(timeout(LINGER, said).await, Ok(Ok(()))) {
            return;
        }
        let past = async {
            let (mut buffer, mut room) = (vec![0; 16 << 10], LINGER_BYTES);
            while let Ok(bytes @ 1..) = stream.read(&mut buffer).await {
                room = room.saturating_sub(bytes);
                if room == 0 {
                    break;
                }
            }
        };
        let _ = timeout(LINGER, past).await;
    }
}

impl Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.io).poll_read(cx, buf);
        if read.is_ready() {
            self.connection.move_on();
            // What comes after an answer asks for another.
            (self.patience, self.sent) = (self.limits.patience, 0);
        }
        read
    }
}

impl Write for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if self.is_hypers_own(buf) {
            return Poll::Ready(Ok(buf.len()));
        }
        let written = Pin::new(&mut self.io).poll_write(cx, buf);
        self.written(written, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if let [only] = bufs
            && self.is_hypers_own(only)
        {
            return Poll::Ready(Ok(only.len()));
        }
        let written = Pin::new(&mut self.io).poll_write_vectored(cx, bufs);
        self.written(written, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // What we say in its place is still to come.
        if self.refused.is_some() {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

fn words(status: StatusCode) -> &'static str {
    match status {
        StatusCode::URI_TOO_LONG => "The address is too long.",
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => {
            "The headers of the request are too long, or too many."
        }
        _ => "This is no request that can be understood.",
    }
}

fn answer(status: StatusCode) -> String {
    let body = format!("{status}: {}\n", words(status));
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\nx-content-type-options: nosniff\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// How something that is no request is refused.
pub fn refusal(error: &hyper::Error) -> Option<StatusCode> {
    if error.is_parse_too_large() {
        Some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)
    } else {
        error.is_parse().then_some(StatusCode::BAD_REQUEST)
    }
}

/// The answer to a request that HTTP itself does not allow (RFC 9112, 3.2; RFC 9110, 15.5.15), if this is one.
pub fn refuse<B>(request: &Request<B>) -> Option<Response<Body>> {
    let long = request.uri().path_and_query().is_some_and(|address| address.as_str().len() > ADDRESS);
    let (status, words) = if long {
        (StatusCode::URI_TOO_LONG, words(StatusCode::URI_TOO_LONG))
    } else if has_a_host(request.headers(), request.version()) {
        return None;
    } else {
        (StatusCode::BAD_REQUEST, "A request names one host, in a header of that name.")
    };
    let mut response = Response::new(Body::from(format!("{status}: {words}\n")));
    *response.status_mut() = status;
    for (name, value) in [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
        (header::CONNECTION, "close"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Some(response)
}

fn has_a_host(headers: &HeaderMap, version: Version) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => {
            let fits = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~:[]%!$&'()*+;=".contains(byte);
            !host.is_empty() && host.as_bytes().iter().all(fits)
        }
        (None, _) => version < Version::HTTP_11,
        (Some(_), Some(_)) => false,
    }
}

/// A request's body, which says when it keeps us waiting.
pub struct Incoming {
    pub body: hyper::body::Incoming,
    pub connection: Arc<Connection>,
}

impl http_body::Body for Incoming {
    type Data = bytes::Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<bytes::Bytes>, hyper::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if polled.is_ready() {
            self.connection.enter_from(Stage::Body, Stage::Answer);
        } else {
            self.connection.wait_for_body();
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        self.connection.enter_from(Stage::Body, Stage::Answer);
    }
}

/// An answer's body, which says when it has been handed over.
pub struct Outgoing {
    pub body: Body,
    pub connection: Arc<Connection>,
}

impl http_body::Body for Outgoing {
    type Data = bytes::Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<bytes::Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Outgoing {
    fn drop(&mut self) {
        self.connection.enter(Stage::KeptAlive);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_one_host() {
        let check = |version: Version, hosts: &[&'static str]| {
            let hosts = hosts.iter().map(|host| (header::HOST, HeaderValue::from_static(host)));
            has_a_host(&hosts.collect(), version)
        };
        for host in ["news.example", "news.example:8080", "[::1]:80", "127.0.0.1"] {
            assert!(check(Version::HTTP_11, &[host]), "{host}");
        }
        for hosts in [
            &["news.example", "evil.example"][..],
            &["news.example", "news.example"],
            &["news.example, evil.example"],
            &["news.example,evil.example"],
            &["user@news.example"],
            &["news.example/x"],
            &[""],
            &[],
        ] {
            assert!(!check(Version::HTTP_11, hosts), "{hosts:?}");
        }
        assert!(check(Version::HTTP_10, &[]));
        assert!(!check(Version::HTTP_10, &["a", "b"]));
    }
}
