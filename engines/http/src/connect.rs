//! Connections, to nowhere but to addresses that were judged: a name is looked up once for each, and what was found is connected to.

use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tower::Service;
use url::Url;

use crate::allowed::Allowed;
use crate::error::{Error, Why};
use crate::judge::{Destination, destination, judge_address};
use crate::resolve::Resolve;

/// Of a host's addresses, so many are tried.
const ADDRESSES: usize = 4;

/// Makes the connection that a URL needs, with TLS where it says so.
#[derive(Clone)]
pub(crate) struct Connector {
    https: HttpsConnector<Tcp>,
    limit: Duration,
}

impl Connector {
    pub fn new(
        allowed: Arc<Allowed>,
        resolver: Arc<dyn Resolve>,
        tls: ClientConfig,
        limit: Duration,
    ) -> Self {
        let tcp = Tcp(Arc::new(Addresses { allowed, resolver, limit }));
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        Self { https, limit }
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<TokioIo<TcpStream>>;
    type Error = Error;
    type Future = BoxFuture<'static, Result<Self::Response, Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let (connecting, limit) = (self.https.call(uri), self.limit);
        async move {
            let connected = timeout(limit, connecting).await.map_err(|_| Error::TimedOut)?;
            connected.map_err(|error| Error::of(error.as_ref()))
        }
        .boxed()
    }
}

/// The same without TLS.
#[derive(Clone)]
struct Tcp(Arc<Addresses>);

impl Service<Uri> for Tcp {
    type Response = TokioIo<TcpStream>;
    type Error = Error;
    type Future = BoxFuture<'static, Result<Self::Response, Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let addresses = Arc::clone(&self.0);
        async move {
            let found = addresses.of(&uri).await?;
            connect(&found, addresses.limit).await.map(TokioIo::new)
        }
        .boxed()
    }
}

struct Addresses {
    allowed: Arc<Allowed>,
    resolver: Arc<dyn Resolve>,
    limit: Duration,
}

impl Addresses {
    /// Where a URL may be asked. It is judged again, so that there is no way to a connection around it.
    async fn of(&self, uri: &Uri) -> Result<Vec<SocketAddr>, Error> {
        let url = Url::parse(&uri.to_string()).map_err(|_| Error::BadUrl)?;
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err(Error::BadUrl);
        };
        match destination(host, port, &self.allowed)? {
            Destination::Address(address) => Ok(vec![address]),
            Destination::Name { name, port, allowed } => {
                let found = self.resolver.lookup(&name, port).await.map_err(Error::unreachable)?;
                self.permitted(found, allowed)
            }
        }
    }

    /// Of what was found, what may be asked, IPv6 and IPv4 in turn: where one of them leads nowhere, the other comes second (RFC 8305, section 4).
    fn permitted(&self, found: Vec<SocketAddr>, allowed: bool) -> Result<Vec<SocketAddr>, Error> {
        let (mut permitted, mut refused) = (Vec::new(), None::<Why>);
        for address in found {
            match judge_address(&address, &self.allowed) {
                Err(why) if !allowed => refused = refused.or(Some(why)),
                _ => permitted.push(address),
            }
        }
        let first = permitted.first().is_some_and(SocketAddr::is_ipv6);
        let (one, other): (Vec<_>, Vec<_>) =
            permitted.into_iter().partition(|address| address.is_ipv6() == first);
        let longest = one.len().max(other.len());
        let turns = (0..longest).flat_map(|at| [one.get(at), other.get(at)]);
        let permitted: Vec<_> = turns.flatten().copied().take(ADDRESSES).collect();
        match refused {
            Some(why) if permitted.is_empty() => Err(Error::Refused { why }),
            None if permitted.is_empty() => Err(Error::unreachable("the name has no address")),
            _ => Ok(permitted),
        }
    }
}

/// To the first that takes it; each has its share of the time.
async fn connect(addresses: &[SocketAddr], limit: Duration) -> Result<TcpStream, Error> {
    let share = limit / addresses.len().max(1) as u32;
    let mut failed = Error::TimedOut;
    for address in addresses {
        match timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(error)) => failed = Error::unreachable(error),
            Err(_) => {}
        }
    }
    Err(failed)
}

/// TLS with the roots that the machine trusts, read from its files. On one that has none, every certificate is an unknown one's.
pub(crate) fn tls() -> ClientConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .expect("ring has the usual versions of TLS");
    match Verifier::new(provider) {
        Ok(verifier) => {
            versions.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth()
        }
        Err(error) => {
            tracing::warn!(%error, "the machine has no certificates to trust: https cannot be asked");
            versions.with_root_certificates(RootCertStore::empty()).with_no_client_auth()
        }
    }
}
