//! What the process says while it works: its log and, where a collector is named, traces for OpenTelemetry.

use std::cell::Cell;
use std::io::{IsTerminal, stderr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Result;
use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState, TracerProvider,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{IdGenerator, RandomIdGenerator, SdkTracerProvider};
use tracing::{Metadata, Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use web::trace::Parent;

use crate::failures;

/// How long the end of the process waits for spans that are on their way.
const LAST_SPANS: Duration = Duration::from_secs(2);
/// A collector that takes longer gets no more of them; those that are waiting then are dropped.
const PATIENCE: Duration = Duration::from_secs(5);

static EXPORTING: AtomicBool = AtomicBool::new(false);

/// Sends what is left when it goes.
pub struct Telemetry(Option<SdkTracerProvider>);

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(provider) = &self.0 {
            let _ = provider.shutdown_with_timeout(LAST_SPANS);
        }
    }
}

/// Logs go to standard error: for people on a terminal, as JSON lines elsewhere. `BYLINE_LOG` filters (`info`, `byline=debug`).
/// A command that does one thing says by itself what came of it. To be called outside of any runtime: spans are sent from a thread of their own.
pub fn start(serves: bool, collector: Option<&str>) -> Result<Telemetry> {
    let usual = if serves { "info,tantivy=warn,sqlx=warn" } else { "off" };
    let filter = EnvFilter::try_from_env("BYLINE_LOG").unwrap_or_else(|_| usual.into());
    let Some(provider) = collector.map(exporter).transpose()? else {
        // One filter for all, and no layer that is none: what it does not want costs a comparison where it is said, not a look at each.
        tracing_subscriber::registry().with(filter).with(log()).init();
        return Ok(Telemetry(None));
    };
    let spans = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("byline"))
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_filter(filter_fn(is_ours));
    tracing_subscriber::registry().with(log().with_filter(filter)).with(spans).init();
    EXPORTING.store(true, Ordering::Relaxed);
    Ok(Telemetry(Some(provider)))
}

fn log<S: Subscriber + for<'a> LookupSpan<'a>>() -> Box<dyn Layer<S> + Send + Sync> {
    if stderr().is_terminal() {
        layer().with_writer(stderr).with_target(false).boxed()
    } else {
        layer().with_writer(stderr).json().boxed()
    }
}

/// What libraries tell of themselves would be many times what a request does.
fn is_ours(meta: &Metadata<'_>) -> bool {
    const OTHERS: [&str; 6] = ["hyper", "object_store", "opentelemetry", "reqwest", "sqlx", "tantivy"];
    let ours = !OTHERS.iter().any(|other| meta.target().starts_with(other));
    let level = if meta.is_span() { tracing::Level::DEBUG } else { tracing::Level::INFO };
    ours && *meta.level() <= level
}

fn exporter(collector: &str) -> Result<SdkTracerProvider> {
    let invalid = |why: String| failures::setting("otlp_endpoint", &why);
    // One provider of cryptography for all of the program; an error says that there is one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::blocking::Client::builder().timeout(PATIENCE).build();
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(client.map_err(|error| invalid(error.to_string()))?)
        .with_endpoint(format!("{}/v1/traces", collector.trim_end_matches('/')))
        .build()
        .map_err(|error| invalid(error.to_string()))?;
    let resource = Resource::builder()
        .with_service_name("byline")
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(resource)
        .with_id_generator(Ids)
        .build())
}

thread_local! {
    /// What the trace that begins on this thread is called.
    static CHOSEN: Cell<Option<TraceId>> = const { Cell::new(None) };
}

#[derive(Debug)]
struct Ids;

impl IdGenerator for Ids {
    fn new_trace_id(&self) -> TraceId {
        CHOSEN.take().unwrap_or_else(|| RandomIdGenerator::default().new_trace_id())
    }

    fn new_span_id(&self) -> SpanId {
        RandomIdGenerator::default().new_span_id()
    }
}

/// A request's span begins: its trace is called as the log and the reader's answer call it; `parent` is the proxy's span, which goes on here.
pub fn begin(span: &Span, trace: &str, parent: Option<&Parent>) {
    if !EXPORTING.load(Ordering::Relaxed) {
        return;
    }
    let Ok(trace) = TraceId::from_hex(trace) else { return };
    let parent = parent.and_then(|parent| Some((SpanId::from_hex(&parent.span).ok()?, parent.sampled)));
    if let Some((parent, sampled)) = parent {
        let flags = if sampled { TraceFlags::SAMPLED } else { TraceFlags::NOT_SAMPLED };
        let remote = SpanContext::new(trace, parent, flags, true, TraceState::default());
        let _ = span.set_parent(Context::new().with_remote_span_context(remote));
    } else {
        CHOSEN.set(Some(trace));
        // It gets its number when it is first entered.
        span.in_scope(|| ());
        CHOSEN.set(None);
    }
}
