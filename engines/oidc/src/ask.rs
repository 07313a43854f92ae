//! The client for a provider, as `openidconnect` wants it.

use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use outbound::{Client, InvalidEntry, Options};

/// From the request to the last byte of the answer. Somebody waits for it before a page.
const TOTAL: Duration = Duration::from_secs(8);
/// Bytes of an answer. The keys of large providers have some 10 KiB.
const BODY: usize = 256 << 10;
/// Requests to one provider at once.
const AT_ONCE: usize = 8;

#[derive(Clone)]
pub struct Ask(Client);

impl Ask {
    pub fn new(allow: &[String]) -> Result<Self, InvalidEntry> {
        let options = Options {
            allow: allow.to_vec(),
            total: TOTAL,
            body: BODY,
            at_once: AT_ONCE,
            // A body holds the client's secret and the code: it goes where it was meant to go, or nowhere.
            redirects: 0,
            ..Options::default()
        };
        Client::new(options).map(Self)
    }
}

impl<'c> AsyncHttpClient<'c> for Ask {
    type Error = outbound::Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, outbound::Error>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let answer = self.0.send(request.map(Bytes::from)).await?;
            Ok(answer.map(Vec::from))
        })
    }
}
