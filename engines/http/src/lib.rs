//! The one client for other people's servers.
//!
//! A site asks servers that somebody else has named: where a reader signs in, where a browser takes its messages, what a link shows. Whoever names
//! one may name what only this machine can reach: the database beside it, the router, the cloud's own address for secrets (CWE-918, server-side
//! request forgery). So nothing of this site asks anybody but through here.
//!
//! ```no_run
//! # async fn ask() -> Result<(), Box<dyn std::error::Error>> {
//! let client = outbound::Client::new(outbound::Options::default())?;
//! let answer = client.get("https://example.com/feed").await?;
//! println!("{}: {} bytes", answer.status(), answer.body().len());
//! # Ok(())
//! # }
//! ```
//!
//! # What may be asked
//!
//! - **http and https**, without user or password, at no port of another protocol (the list of the Fetch standard).
//! - **The host is read as browsers read it** (WHATWG URL, by the crate `url`): `0x7f.1`, `2130706433`, `①②⑦.0.0.1` and `%31%32%37.0.0.1` are
//!   the address 127.0.0.1 before anything is judged.
//! - **Names of this machine and its networks** are refused by name: without a dot, or ending in `localhost`, `local`, `internal` and the like.
//! - **Addresses must be the internet's**: what IANA's registries of special-purpose addresses do not let everybody route to is refused, also where
//!   it is inside of another (6to4, NAT64).
//! - **A name is looked up once for each connection**, its addresses are judged, and only those that passed are connected to. Nothing is looked up
//!   between the judgement and the connection, so an answer that changes (DNS rebinding) changes nothing. A connection that is kept and used again
//!   goes where it went.
//! - **Redirects** are followed here, each judged as the first URL was; never from https down to http. Method, body and `Authorization` are treated
//!   as Fetch says; `Cookie` goes as `Authorization` does. A body that holds a secret goes where 307 and 308 send it: who sends such makes a client
//!   with [`Options::redirects`] 0.
//! - [`Options::allow`] is the operator's: servers of an intranet, and of tests. Whoever names a URL to a client reaches them too; one for strangers'
//!   URLs is made without.
//!
//! # What it may cost
//!
//! Time in all and to connect, bytes of head and body, redirects, requests at once and threads that look names up have bounds ([`Options`]). A body
//! is asked for as it is (`Accept-Encoding: identity`) and never unpacked; one that is sent packed nonetheless is handed on so, and its
//! `Content-Encoding` says it. Turns belong to one [`Client`] and its clones: what strangers may slow down (links) gets a client of its own, so that
//! nobody waits for it who signs in.
//!
//! # Why hyper-util
//!
//! `reqwest` stands on the same parts (hyper-util's client, hyper-rustls, rustls with ring, the machine's certificates), which are compiled in either
//! way. Here they are put together without it, as what it adds must be switched off again: proxies of the environment, cookies, redirects, `Referer`,
//! unpacking, of which another crate's features can switch some on. And three things cannot be had of it:
//!
//! - its resolver is not asked for hosts that are addresses, and is not told the port: they would be judged in another place than names, and
//!   `host:port` could not be allowed;
//! - the head of an answer in HTTP/1 has no bound that could be set;
//! - one connector is the only way to a socket, and it judges by itself.
//!
//! HTTP/1.1 only: each answer stands alone, and what is asked here is little.
//!
//! # openidconnect
//!
//! `openidconnect` 4 (`oauth2` 5) asks through `AsyncHttpClient<'c>`, with `http::Request<Vec<u8>>` and `http::Response<Vec<u8>>`. The trait is
//! implemented there for every `Fn(HttpRequest) -> impl Future<Output = Result<HttpResponse, E>> + 'c` with `E: std::error::Error + 'static`; so
//! nothing is implemented here:
//!
//! ```
//! # use std::future::Future;
//! # use bytes::Bytes;
//! # type HttpRequest = http::Request<Vec<u8>>;
//! # type HttpResponse = http::Response<Vec<u8>>;
//! # fn is_async_http_client<'c, E, F, T>(_: &'c T)
//! # where E: std::error::Error + 'static, F: Future<Output = Result<HttpResponse, E>> + 'c, T: Fn(HttpRequest) -> F {}
//! # fn wire(client: &outbound::Client) {
//! let ask = |request: http::Request<Vec<u8>>| async {
//!     client.send(request.map(Bytes::from)).await.map(|answer| answer.map(Vec::from))
//! };
//! // ProviderMetadata::discover_async(issuer, &ask), .request_async(&ask)
//! # is_async_http_client(&ask);
//! # }
//! ```
//!
//! Its documentation wants no redirects: [`Options::redirects`] is 0 for it.
//!
//! # Errors
//!
//! [`Error`] says nothing of a URL but its port, and [`Error::is_temporary`] whether to come again. A status is no error: what it means, the caller
//! knows.

mod address;
mod allowed;
mod client;
mod connect;
mod error;
mod judge;
mod name;
mod observed;
mod redirect;
mod resolve;
#[cfg(test)]
mod tests;

pub use allowed::InvalidEntry;
pub use client::{Client, Options};
pub use error::{Error, Why};
