//! Asking.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http::header::{
    ACCEPT_ENCODING, CONNECTION, CONTENT_LENGTH, EXPECT, HOST, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE,
    TRAILER, TRANSFER_ENCODING, UPGRADE, USER_AGENT,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, Uri};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};
use tracing::Instrument;
use url::Url;

use crate::allowed::{Allowed, InvalidEntry};
use crate::connect::{self, Connector};
use crate::error::{Error, Why};
use crate::judge::judge;
use crate::observed;
use crate::redirect::{self, Hop};
use crate::resolve::{Resolve, System};

/// Bytes of an answer's head, and of what is read ahead of its body.
const HEAD: usize = 32 << 10;
/// Lines of a head.
const HEADERS: usize = 100;
/// A connection that nobody uses is kept so long. Servers keep theirs longer, so that few are closed as they are used again.
const IDLE: Duration = Duration::from_secs(15);
/// Unused connections to one host.
const IDLE_CONNECTIONS: usize = 2;

/// Headers of one connection (RFC 9110, section 7.6.1) and those that say where a message ends or whom it is for: the client's alone.
const NOT_THE_CALLERS: [HeaderName; 13] = [
    HOST,
    CONTENT_LENGTH,
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    HeaderName::from_static("http2-settings"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
    EXPECT,
];

/// What a client may do. The defaults are for servers that anybody may name.
#[derive(Clone, Debug)]
pub struct Options {
    /// What may be asked though it is not public: `host`, `host:port`, an address, an address with a port (`[::1]:80`), a network (`10.1.0.0/16`).
    /// A name may then have any address; an address or a network may be reached by any name of the internet.
    pub allow: Vec<String>,
    /// From the call to the last byte of the answer, with redirects and the wait for a turn. 10 s.
    pub total: Duration,
    /// To find and reach a host, and to agree on TLS; also the longest wait for a turn. 3 s.
    pub connect: Duration,
    /// Bytes of a body. 2 MiB.
    pub body: usize,
    /// Requests under way at once. 16.
    pub at_once: usize,
    /// Redirects that are followed. 5; with 0, an answer that redirects is [`Error::TooManyRedirects`].
    pub redirects: usize,
    /// Who asks, where a request does not say it.
    pub user_agent: HeaderValue,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            allow: Vec::new(),
            total: Duration::from_secs(10),
            connect: Duration::from_secs(3),
            body: 2 << 20,
            at_once: 16,
            redirects: 5,
            user_agent: HeaderValue::from_static(concat!("Byline/", env!("CARGO_PKG_VERSION"))),
        }
    }
}

/// Asks other people's servers. Clones share connections and turns.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    options: Options,
    allowed: Arc<Allowed>,
    resolver: Arc<dyn Resolve>,
    turns: Semaphore,
    http: OnceLock<legacy::Client<Connector, Full<Bytes>>>,
    tls: fn() -> ClientConfig,
}

impl Client {
    /// Asks nothing and reads nothing yet. The error is that of an entry of [`Options::allow`].
    pub fn new(options: Options) -> Result<Self, InvalidEntry> {
        let resolver = Arc::new(System::new(options.at_once));
        Self::with(options, resolver, connect::tls)
    }

    pub(crate) fn with(
        options: Options,
        resolver: Arc<dyn Resolve>,
        tls: fn() -> ClientConfig,
    ) -> Result<Self, InvalidEntry> {
        let allowed = Arc::new(Allowed::parse(&options.allow)?);
        let turns = Semaphore::new(options.at_once);
        Ok(Self(Arc::new(Inner { options, allowed, resolver, turns, http: OnceLock::new(), tls })))
    }

    /// The answer to a GET, whatever its status.
    pub async fn get(&self, url: &str) -> Result<Response<Bytes>, Error> {
        let url = Url::parse(url).map_err(|_| Error::BadUrl);
        let (method, headers, body) = (Method::GET, HeaderMap::new(), Bytes::new());
        self.observed(url.map(|url| Hop { method, url, headers, body })).await
    }

    /// The answer to a request whose URI is a whole URL, whatever its status. Method and headers go as they are, but for those that are refused.
    pub async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Error> {
        let (parts, body) = request.into_parts();
        let url = Url::parse(&parts.uri.to_string()).map_err(|_| Error::BadUrl);
        self.observed(url.map(|url| Hop { method: parts.method, url, headers: parts.headers, body })).await
    }

    async fn observed(&self, hop: Result<Hop, Error>) -> Result<Response<Bytes>, Error> {
        let began = Instant::now();
        let outcome = match hop {
            Ok(hop) => self.bounded(hop).await,
            Err(error) => Err(error),
        };
        observed::count(&outcome, began);
        outcome
    }

    async fn bounded(&self, mut hop: Hop) -> Result<Response<Bytes>, Error> {
        let Inner { options, turns, allowed, .. } = &*self.0;
        check(&hop)?;
        hop.url = judge(hop.url, allowed)?;
        // What is not asked for need not be bounded: what a body is unpacked to is the sender's choice.
        hop.headers.entry(ACCEPT_ENCODING).or_insert(HeaderValue::from_static("identity"));
        hop.headers.entry(USER_AGENT).or_insert_with(|| options.user_agent.clone());
        let work = async {
            let turn = timeout(options.connect, turns.acquire()).await;
            let Ok(Ok(_turn)) = turn else { return Err(Error::Busy) };
            self.follow(hop).await
        };
        timeout(options.total, work).await.unwrap_or(Err(Error::TimedOut))
    }

    async fn follow(&self, mut hop: Hop) -> Result<Response<Bytes>, Error> {
        let Inner { options, allowed, .. } = &*self.0;
        for redirects in 0..=options.redirects {
            let span = observed::span(&hop, redirects);
            let answered = self.exchange(&hop).instrument(span.clone()).await;
            observed::record(&span, answered.as_ref().map(|(answer, _)| answer.status()));
            let (answer, to) = answered?;
            let Some(to) = to else { return Ok(answer) };
            hop = hop.redirected(answer.status(), judge(to, allowed)?);
        }
        Err(Error::TooManyRedirects)
    }

    /// One request, and where its answer redirects to. Of such an answer nothing but the head is read.
    async fn exchange(&self, hop: &Hop) -> Result<(Response<Bytes>, Option<Url>), Error> {
        let mut request = Request::new(Full::new(hop.body.clone()));
        *request.method_mut() = hop.method.clone();
        *request.uri_mut() = Uri::try_from(hop.url.as_str()).map_err(|_| Error::BadUrl)?;
        *request.headers_mut() = hop.headers.clone();
        let answer = self.http().request(request).await.map_err(|error| Error::of(&error))?;
        let (head, body) = answer.into_parts();
        // What came in one go is parsed though it is longer than the buffer may be.
        if head.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>() > HEAD {
            return Err(Error::TooLarge);
        }
        let to = redirect::target(&hop.url, head.status, &head.headers)?;
        let body = if to.is_some() { Bytes::new() } else { self.read(body).await? };
        Ok((Response::from_parts(head, body), to))
    }

    async fn read(&self, body: Incoming) -> Result<Bytes, Error> {
        let most = self.0.options.body;
        if body.size_hint().lower() > most as u64 {
            return Err(Error::TooLarge);
        }
        let read = Limited::new(body, most).collect().await;
        let read = read.map_err(|error| {
            if error.is::<LengthLimitError>() { Error::TooLarge } else { Error::of(error.as_ref()) }
        })?;
        Ok(read.to_bytes())
    }

    /// Made when it is first needed: most processes of a site ask nobody, and certificates take their time to read.
    fn http(&self) -> &legacy::Client<Connector, Full<Bytes>> {
        let inner = &*self.0;
        inner.http.get_or_init(|| {
            let (allowed, resolver) = (Arc::clone(&inner.allowed), Arc::clone(&inner.resolver));
            let connector = Connector::new(allowed, resolver, (inner.tls)(), inner.options.connect);
            legacy::Client::builder(TokioExecutor::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(IDLE)
                .pool_max_idle_per_host(IDLE_CONNECTIONS)
                .http1_max_buf_size(HEAD)
                .http1_max_headers(HEADERS)
                .build(connector)
        })
    }
}

/// What no caller may send (Fetch, "forbidden method", and [`NOT_THE_CALLERS`]).
fn check(hop: &Hop) -> Result<(), Error> {
    if ["CONNECT", "TRACE", "TRACK"].iter().any(|own| hop.method.as_str().eq_ignore_ascii_case(own)) {
        return Err(Error::Refused { why: Why::Method });
    }
    match NOT_THE_CALLERS.into_iter().find(|name| hop.headers.contains_key(name)) {
        Some(name) => Err(Error::Refused { why: Why::Header(name) }),
        None => Ok(()),
    }
}
