//! What is observed of a statement: how long it takes, and where in a trace it stands.

use std::future::Future;

use kernel::{Error, Result};
use sea_orm::Statement;
use tokio::time::Instant;
use tracing::{Instrument, Span};

/// One statement. Its values are nobody's business: its text has placeholders in their stead.
pub(crate) struct Observed {
    span: Span,
    began: Instant,
    pool: Pool,
}

#[derive(Clone, Copy)]
pub(crate) enum Pool {
    Read,
    Write,
}

impl Observed {
    pub fn begin(pool: Pool, statement: &Statement) -> Self {
        let sql = statement.sql.as_str();
        // Names of OpenTelemetry's semantic conventions for databases.
        let failed = (tracing::field::Empty, tracing::field::Empty);
        let span = tracing::debug_span!(
            "sql",
            otel.kind = "client",
            db.query.text = sql,
            otel.status_code = failed.0,
            otel.status_description = failed.1
        );
        Self { span, began: Instant::now(), pool }
    }

    /// The time is that of the statement and of waiting for a connection.
    pub async fn during<T>(self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let done = work.instrument(self.span.clone()).await;
        if let Err(error @ (Error::Internal(_) | Error::Unavailable(_))) = &done {
            self.span.record("otel.status_code", "ERROR");
            self.span.record("otel.status_description", tracing::field::display(error));
        }
        // Labels that the compiler knows make a key that need not be built and hashed for each statement.
        let times = match self.pool {
            Pool::Read => metrics::histogram!("byline_statement_seconds", "pool" => "read"),
            Pool::Write => metrics::histogram!("byline_statement_seconds", "pool" => "write"),
        };
        times.record(self.began.elapsed().as_secs_f64());
        done
    }
}
