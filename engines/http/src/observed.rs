//! What is observed of requests to others.

use http::StatusCode;
use tokio::time::Instant;
use tracing::Span;

use crate::error::Error;
use crate::redirect::Hop;

/// Around one request, a redirect's too: a span by OpenTelemetry's semantic conventions for HTTP clients, without `url.full`. The path of a push
/// subscription is its password (RFC 8030, section 8), and what a query holds nobody knows.
pub(crate) fn span(hop: &Hop, redirects: usize) -> Span {
    use tracing::field::Empty;
    tracing::debug_span!(
        "outbound",
        otel.name = hop.method.as_str(),
        otel.kind = "client",
        otel.status_code = Empty,
        http.request.method = hop.method.as_str(),
        http.request.resend_count = (redirects > 0).then_some(redirects),
        http.response.status_code = Empty,
        server.address = hop.url.host_str(),
        server.port = hop.url.port_or_known_default(),
        url.scheme = hop.url.scheme(),
        "error.type" = Empty,
    )
}

/// Writes into its span what came of one request.
pub(crate) fn record(span: &Span, answered: Result<StatusCode, &Error>) {
    let failed = match answered {
        Ok(status) => {
            span.record("http.response.status_code", status.as_u16());
            (status.is_client_error() || status.is_server_error()).then(|| status.as_str().to_owned())
        }
        Err(error) => Some(error.name().to_owned()),
    };
    if let Some(failed) = failed {
        span.record("error.type", failed);
        span.record("otel.status_code", "ERROR");
    }
}

/// Counts what came of a whole exchange, redirects and all.
pub(crate) fn count<T>(outcome: &Result<T, Error>, began: Instant) {
    let outcome = outcome.as_ref().map_or_else(Error::name, |_| "answered");
    metrics::counter!("byline_outbound_requests_total", "outcome" => outcome).increment(1);
    metrics::histogram!("byline_outbound_seconds").record(began.elapsed().as_secs_f64());
}
