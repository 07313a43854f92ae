//! The front: every request passes here, before and after its handler.
//!
//! On the way in: the page cache (most requests end there), the cross-site check, who is asking. On the way out: errors become
//! pages, pages go into the cache, texts are compressed, headers that protect the reader are set.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use accounts::{Accounts, Viewer};
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, MatchedPath};
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse;
use bytes::Bytes;
use events::Journal;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use kernel::{ArticleId, Env, Error};
use tower::ServiceExt;
use tracing::{Instrument, Span};

use crate::address;
use crate::body::{self, BodyMeter};
use crate::budget::{Budgets, Sender};
use crate::cache::{CachePolicy, Cached, Key, PageCache};
use crate::client::{forwarded, network_of};
use crate::context::{self, Inner, RequestContext, Variant, cookie, is_navigation, truncated};
use crate::encode::compressed;
use crate::failure::{Cause, Failure, status};
use crate::protect::{Cookies, chosen, protect};
use crate::setup::Setup;
use crate::slash::{moved, without_slash};
use crate::trace::{Parent, Trace};
use crate::{csrf, failure, nul, session};

type ErrorPage = Box<dyn Fn(RequestContext, Arc<Error>) -> BoxFuture<'static, Response<Body>> + Send + Sync>;
type OnRead = Box<dyn Fn(ArticleId, IpAddr, &HeaderMap) + Send + Sync>;

/// What the rooms above lend the front.
pub struct Hooks {
    /// Draws an error as a page or a problem document; its status stands already.
    pub error_page: ErrorPage,
    /// An article's page was given to somebody who did not come as its writer.
    pub on_read: OnRead,
    /// A request's span was made: its trace's name, and the span of the proxy that it belongs to.
    pub on_trace: fn(&Span, &str, Option<&Parent>),
}

/// What stands in a request before anything is looked up.
struct RequestParts<'a> {
    variant: Variant,
    uri: &'a http::Uri,
    network: IpAddr,
    session: Option<&'a str>,
    /// The page may be the one that is kept for everybody.
    everybodys: bool,
    reading: bool,
    /// Whence it is read: nobody reads an answer to HEAD.
    reader: Option<IpAddr>,
    cookies: Cookies,
}

impl RequestParts<'_> {
    /// Under what the page is kept, if it may be.
    fn key(&self, pages: &PageCache) -> Option<Key> {
        if !(self.reading && self.everybodys) {
            return None;
        }
        let address = pages.params().canonical(self.uri)?.into_owned();
        Some(Key { address, variant: self.variant })
    }
}

/// Who has just written waits so long at most for a node that has not heard of it; then they see what there is.
const CATCH_UP: Duration = Duration::from_secs(1);

#[derive(Clone)]
pub struct Front(Arc<Parts>);

struct Parts {
    router: Router,
    pages: Option<PageCache>,
    accounts: Accounts,
    journal: Journal,
    env: Env,
    setup: Setup,
    hooks: Hooks,
    budgets: Arc<Budgets>,
    hits: metrics::Counter,
    misses: metrics::Counter,
}

/// The answer was no page that can be kept. It belongs to the request that it was made for, never to others that waited for it.
struct NotKept;

type Own = Mutex<Option<Response<Body>>>;

impl Front {
    pub fn new(
        router: impl Into<Router>,
        pages: Option<PageCache>,
        accounts: Accounts,
        journal: Journal,
        env: Env,
        setup: Setup,
        hooks: Hooks,
    ) -> Self {
        let hits = metrics::counter!("byline_page_cache_hits_total");
        let misses = metrics::counter!("byline_page_cache_misses_total");
        // Bodies are measured here.
        let router: Router = router.into();
        let router = router.layer(DefaultBodyLimit::disable()).layer(from_fn(note_route));
        let budgets = Arc::default();
        Self(Arc::new(Parts { router, pages, accounts, journal, env, setup, hooks, budgets, hits, misses }))
    }

    pub fn is_behind_proxy(&self) -> bool {
        self.0.setup.behind_proxy
    }

    /// The answer, where a page that is kept is all it takes: no waiting and hardly any work. Most requests end here.
    pub fn try_cached<B>(&self, request: &Request<B>, peer: IpAddr) -> Option<Response<Body>> {
        let pages = self.0.pages.as_ref()?;
        let parts = self.request_parts(request, peer);
        let page = pages.get(&parts.key(pages)?, self.0.env.now()).now_or_never()??;
        if !page.is_encoded_for(request.headers()) {
            return None;
        }
        self.0.hits.increment(1);
        Some(self.give(&page, request.headers(), parts.reader, parts.cookies))
    }

    /// What stands in a request before anything is looked up.
    fn request_parts<'a, B>(&self, request: &'a Request<B>, peer: IpAddr) -> RequestParts<'a> {
        let (setup, headers) = (&self.0.setup, request.headers());
        let address = if setup.behind_proxy { forwarded(headers).unwrap_or(peer) } else { peer };
        let network = network_of(address);
        let session = session::token(headers, setup.secure());
        // A signed-in reader whose browser runs our script gets everybody's page; the script fetches the personal bits.
        // Who has just written something is shown what is so now, before the cache hears of it.
        let stays_away = || cookie(headers, "js").is_some() && !session::wrote(headers, setup.secure());
        // What comes with a token for the API is its owner's, also what would be the same for everybody.
        let everybodys = !headers.contains_key(header::AUTHORIZATION) && (session.is_none() || stays_away());
        RequestParts {
            variant: Variant::of(request.uri(), headers, setup.locale.get()),
            uri: request.uri(),
            network,
            session,
            everybodys,
            reading: matches!(*request.method(), Method::GET | Method::HEAD),
            reader: (*request.method() == Method::GET).then_some(network),
            cookies: chosen(request.uri(), headers),
        }
    }

    /// Answers one request that parts from `peer`.
    pub async fn answer(&self, request: Request<Body>, peer: IpAddr) -> Response<Body> {
        if let Some(response) = self.try_cached(&request, peer) {
            return response;
        }
        let trace = Trace::begin(request.headers(), &self.0.env, self.is_behind_proxy());
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let span = trace.span(&method);
        (self.0.hooks.on_trace)(&span, trace.id(), trace.parent());
        let answer = self.answer_uncached(request, peer, trace.clone());
        let mut response = answer.instrument(span.clone()).await;
        // What failed on the way out.
        if let Some(Cause(error)) = response.extensions().get::<Cause>() {
            trace.set_cause_of(error);
        }
        trace.end(&span, &method, &path, &mut response, self.0.setup.slow);
        response
    }

    async fn answer_uncached(&self, request: Request<Body>, peer: IpAddr, trace: Trace) -> Response<Body> {
        let this = &self.0;
        let (mut request, nul) = nul::of_request(request);
        // Whoever asks gets the same for the same address, kept or not.
        if let Some(uri) = address::canonical_uri(request.uri()) {
            *request.uri_mut() = uri;
        }
        let parts = self.request_parts(&request, peer);
        if let Some(address) = without_slash(request.uri()).filter(|_| parts.reading) {
            let mut response = moved(&address);
            protect(response.headers_mut(), parts.cookies, &this.setup);
            return response;
        }
        let key = this.pages.as_ref().and_then(|pages| Some((pages, parts.key(pages)?)));
        if key.is_some() {
            this.misses.increment(1);
        }
        let RequestParts { variant, network, everybodys, reading, reader, cookies, .. } = parts;
        let session = parts.session.map(str::to_owned);

        let api = request.uri().path().starts_with("/api/");
        let mut problem = nul.then_some(Error::NotFound);
        if !api && !csrf::allows(request.method(), request.headers(), this.setup.host()) {
            problem = Some(Error::Denied);
            tracing::warn!(path = request.uri().path(), network = %truncated(network), "a write from another site was refused");
        }
        let navigates = is_navigation(request.headers());
        let mut viewer = match (&session, api) {
            (Some(token), false) => {
                // Where pictures of other sites lead prolongs no session.
                let known = if navigates || !reading {
                    this.accounts.viewer(token).await
                } else {
                    this.accounts.viewer_unprolonged(token).await
                };
                known.unwrap_or_else(|error| {
                    problem = Some(error);
                    Viewer::visitor()
                })
            }
            _ => Viewer::visitor(),
        };
        // Another node may have taken what they wrote: this one hears of it first, and who they are is looked up anew.
        if let (true, Some(_), Some(token), Some(position)) =
            (reading, viewer.user(), &session, session::wrote_at(request.headers(), this.setup.secure()))
            && this.journal.caught_up(position, CATCH_UP).await
        {
            viewer = this.accounts.viewer_unprolonged(token).await.unwrap_or(viewer);
        }
        let rendered_for = if everybodys { Viewer::visitor() } else { viewer.clone() };
        let agent = request
            .headers()
            .get(header::USER_AGENT)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let now = this.env.now();
        // A page for everybody is drawn at the address that it is kept under.
        let asked = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        let uri = match &key {
            Some((_, key)) if key.address != asked => key.address.parse(),
            _ => Ok(request.uri().clone()),
        };
        let uri = uri.unwrap_or_else(|_| request.uri().clone());
        let sender = match viewer.user() {
            Some(user) => Sender::User(user.id),
            None if api => Sender::Program(network),
            None => Sender::Unknown(network),
        };
        let meter = BodyMeter::new(this.budgets.clone(), sender, body::FORM);
        let request = meter.watch(request);
        let context = RequestContext::new(Inner {
            viewer,
            rendered_for,
            is_get: reading,
            navigates,
            session,
            variant,
            uri,
            now,
            network,
            agent,
            trace,
        });
        // The database is gone, and what this reader wants is kept.
        if let (Some(Error::Unavailable(_)), Some((pages, key))) = (&problem, &key)
            && let Some(page) = pages.stale(key).await
        {
            return self.give(&page, request.headers(), reader, cookies);
        }
        // Files that everybody gets need no name: a kept page shows its pictures.
        if let (Some(Error::Unavailable(_)), true) = (&problem, reading && is_file(&context))
            && let asks = request.headers().clone()
            && let response = self.run(copy_of(&request, &context.uri), &context).await
            && response.status().as_u16() < 400
        {
            return self.finish(response, &context, &asks, cookies).await;
        }
        if let Some(error) = problem {
            let refused = Failure(error).into_response();
            let mut response = self.finish(refused, &context, &HeaderMap::new(), cookies).await;
            if !meter.is_finished() {
                body::close_after(&mut response);
            }
            return response;
        }

        let asks = request.headers().clone();
        let method = request.method().clone();
        let mut own = None;
        if let Some((pages, key)) = &key {
            let drawn = Own::default();
            let draw = self.draw(pages, copy_of(&request, &context.uri), &context, &drawn);
            if let Ok(page) = pages.get_or(key.clone(), draw).await {
                return self.give(&page, &asks, reader, cookies);
            }
            own = drawn.into_inner().unwrap_or_else(PoisonError::into_inner);
        }
        let response = match own {
            Some(response) => response,
            None => self.run(request, &context).await,
        };
        if let Some((pages, key)) = &key
            && failure::is_unavailable(&response)
            && let Some(page) = pages.stale(key).await
        {
            return self.give(&page, &asks, reader, cookies);
        }
        let response = meter.refusal().unwrap_or(response);
        let read = response.extensions().get::<CachePolicy>().and_then(|shows| shows.reads);
        if let (Some(article), Some(network), true) = (read, reader, navigates) {
            (this.hooks.on_read)(article, network, &asks);
        }
        let mut response = self.finish(response, &context, &asks, cookies).await;
        if !meter.is_finished() {
            body::close_after(&mut response);
        }
        note(&context, &method, &asks, response.status());
        // What the script tells of by itself changes no page.
        let unasked = context.uri.path().starts_with("/-/");
        if !reading && !api && !unasked && response.status().as_u16() < 400 {
            let position = this.journal.written().await.ok();
            session::set_wrote(response.headers_mut(), position, this.setup.secure());
        }
        response
    }

    /// Runs the handler for a page that may be kept.
    async fn draw(
        &self,
        pages: &PageCache,
        request: Request<Body>,
        context: &RequestContext,
        own: &Own,
    ) -> Result<Arc<Cached>, NotKept> {
        let not_kept = |response| {
            *own.lock().unwrap_or_else(PoisonError::into_inner) = Some(response);
            NotKept
        };
        let begun = pages.begin();
        let response = self.run(request, context).await;
        let Some(shows) = response.extensions().get::<CachePolicy>().cloned() else {
            return Err(not_kept(response));
        };
        let (parts, body) = response.into_parts();
        match body.collect().await {
            Ok(body) => {
                // A copy of its own size: what was drawn into has grown by doubling.
                let body = Bytes::copy_from_slice(&body.to_bytes());
                Ok(pages.finish(body, &parts.headers, &shows, begun, self.0.env.now()))
            }
            Err(error) => Err(not_kept(Failure(Error::internal(error)).into_response())),
        }
    }

    async fn run(&self, mut request: Request<Body>, context: &RequestContext) -> Response<Body> {
        request.extensions_mut().insert(context.clone());
        let handled = AssertUnwindSafe(self.0.router.clone().oneshot(request)).catch_unwind();
        // Also a GET may leave something in the audit log: who comes back from where they signed in links an account.
        match audit::from_network(truncated(context.network), handled).await {
            Ok(Ok(response)) => response,
            Ok(Err(never)) => match never {},
            Err(panic) => Failure(Error::internal(failure::message(&panic))).into_response(),
        }
    }

    /// Gives out a finished page.
    fn give(
        &self,
        page: &Cached,
        asks: &HeaderMap,
        reader: Option<IpAddr>,
        cookies: Cookies,
    ) -> Response<Body> {
        if let (Some(article), Some(network)) = (page.reads, reader)
            && is_navigation(asks)
        {
            (self.0.hooks.on_read)(article, network, asks);
        }
        let mut response = page.respond(asks);
        protect(response.headers_mut(), cookies, &self.0.setup);
        response
    }

    /// Makes an answer of what a handler returned: draws errors, compresses, sets headers.
    async fn finish(
        &self,
        response: Response<Body>,
        context: &RequestContext,
        asks: &HeaderMap,
        cookies: Cookies,
    ) -> Response<Body> {
        let mut response = match response.extensions().get::<Cause>().cloned() {
            Some(Cause(error)) => {
                context.trace.set_cause_of(&error);
                self.explain(error, response, context, asks).await
            }
            None if response.status() == StatusCode::NOT_FOUND
                && response.headers().get(header::CONTENT_TYPE).is_none() =>
            {
                self.explain(Arc::new(Error::NotFound), response, context, asks).await
            }
            None if response.status() == StatusCode::METHOD_NOT_ALLOWED
                && response.headers().get(header::CONTENT_TYPE).is_none() =>
            {
                let mut page = (self.0.hooks.error_page)(context.clone(), Arc::new(Error::NotFound)).await;
                *page.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
                // RFC 9110, section 15.5.6: it says which method would do.
                if let Some(allow) = response.headers().get(header::ALLOW) {
                    page.headers_mut().insert(header::ALLOW, allow.clone());
                }
                page
            }
            None => response,
        };
        if !response.headers().contains_key(header::CACHE_CONTROL) {
            response
                .headers_mut()
                .insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        }
        let mut response = compressed(response, asks).await;
        protect(response.headers_mut(), cookies, &self.0.setup);
        response
    }

    async fn explain(
        &self,
        error: Arc<Error>,
        bare: Response<Body>,
        context: &RequestContext,
        asks: &HeaderMap,
    ) -> Response<Body> {
        let wants_page =
            asks.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("text/html"));
        if matches!(*error, Error::SignIn) && wants_page && !context.uri.path().starts_with("/api/") {
            // After signing in: the page itself, or for a form the page it stood on.
            let back = match asks
                .get(header::REFERER)
                .and_then(|v| v.to_str().ok())
                .and_then(|v| v.parse::<http::Uri>().ok())
            {
                Some(uri) if !context.is_get => {
                    uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string)
                }
                _ => context.here().to_owned(),
            };
            return session::to_sign_in(context::local(&back));
        }
        let mut page = (self.0.hooks.error_page)(context.clone(), error.clone()).await;
        *page.status_mut() = status(&error);
        if let Some(wait) = bare.headers().get(header::RETRY_AFTER) {
            page.headers_mut().insert(header::RETRY_AFTER, wait.clone());
        }
        page
    }
}

/// Around every route: which one answers.
async fn note_route(request: Request<Body>, next: Next) -> Response<Body> {
    let extensions = request.extensions();
    if let (Some(context), Some(route)) =
        (extensions.get::<RequestContext>(), extensions.get::<MatchedPath>())
    {
        context.trace.set_route(route);
    }
    next.run(request).await
}

/// Leaves a line in the log where somebody was refused. Whose address it was cannot be told from it.
fn note(context: &RequestContext, method: &Method, asks: &HeaderMap, status: StatusCode) {
    let refused = match status {
        StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS => true,
        StatusCode::UNAUTHORIZED => asks.contains_key(header::AUTHORIZATION),
        _ => false,
    };
    if refused {
        let (path, network) = (context.uri.path(), truncated(context.network));
        tracing::info!(status = status.as_u16(), %method, path, network, "refused");
    }
}

/// Whether it asks for what is the same for everybody who may have it.
fn is_file(context: &RequestContext) -> bool {
    ["/assets/", "/media/"].iter().any(|folder| context.uri.path().starts_with(folder))
}

/// A page is drawn once for many, so as if asked by GET and for the whole.
fn copy_of(request: &Request<Body>, uri: &http::Uri) -> Request<Body> {
    let mut copy = Request::new(Body::empty());
    *copy.uri_mut() = uri.clone();
    *copy.headers_mut() = request.headers().clone();
    copy
}
