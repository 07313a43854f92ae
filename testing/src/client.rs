//! A browser, or a program that calls the API.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use comments::events::{ChangeCause, Changed};
use events::{Event, Journal};
use follows::events::{ArticleKept, ArticleLiked};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use moderation::events::{ProfileReported, Reported};
use tower::ServiceExt;
use web::Front;

use crate::answer::Answer;
use crate::form::Form;

/// What is asked: a whole front, or the bare routes of a surface.
#[derive(Clone)]
pub enum App {
    Front(Front),
    Router(Router),
}

impl From<Front> for App {
    fn from(front: Front) -> Self {
        Self::Front(front)
    }
}

impl From<Router> for App {
    fn from(router: Router) -> Self {
        Self::Router(router)
    }
}

/// Keeps cookies, as browsers do. A clone starts with the same cookies and goes its own way.
pub struct Client {
    app: App,
    /// Where it is looked up who is said to have done what was asked for.
    journal: Option<Journal>,
    headers: HeaderMap,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Clone for Client {
    fn clone(&self) -> Self {
        let cookies = self.cookies().clone();
        let Self { app, journal, headers, .. } = self;
        Self {
            app: app.clone(),
            journal: journal.clone(),
            headers: headers.clone(),
            cookies: Mutex::new(cookies),
        }
    }
}

impl Client {
    /// Somebody who reads English and was never here.
    pub fn browser(app: impl Into<App>) -> Self {
        Self::program(app).with(header::ACCEPT, "text/html").with(header::ACCEPT_LANGUAGE, "en")
    }

    /// Sends no header that it was not told to send.
    pub fn program(app: impl Into<App>) -> Self {
        Self { app: app.into(), journal: None, headers: HeaderMap::new(), cookies: Mutex::default() }
    }

    /// Looks after each request that writes whether its events say who did it.
    #[must_use]
    pub fn with_journal(self, journal: &Journal) -> Self {
        Self { journal: Some(journal.clone()), ..self }
    }

    /// Sends this header with every request that has none of that name.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.insert(name, HeaderValue::from_str(value).expect("a header's value"));
        self
    }

    #[must_use]
    pub fn with_token(self, token: &str) -> Self {
        self.with(header::AUTHORIZATION, &format!("Bearer {token}"))
    }

    #[must_use]
    pub fn with_cookie(self, name: &str, value: &str) -> Self {
        self.cookies().insert(name.to_owned(), value.to_owned());
        self
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies().get(name).cloned()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    pub async fn post(&self, path: &str, form: impl Form) -> Answer {
        self.request(Method::POST, path, form).await
    }

    pub async fn request(&self, method: Method, path: &str, form: impl Form) -> Answer {
        let (kind, body) = form.encode();
        let mut request = Request::builder().method(method).uri(path);
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        self.send(request.body(Body::from(body)).expect("a request")).await
    }

    pub async fn send(&self, mut request: Request<Body>) -> Answer {
        for (name, value) in &self.headers {
            if !request.headers().contains_key(name) {
                request.headers_mut().insert(name.clone(), value.clone());
            }
        }
        let cookies: Vec<String> =
            self.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            let value = HeaderValue::try_from(cookies.join("; ")).expect("cookies");
            request.headers_mut().append(header::COOKIE, value);
        }
        let (asked, before) =
            (format!("{} {}", request.method(), request.uri()), self.unnamed(&request).await);
        let response = match &self.app {
            App::Front(front) => front.answer(request, IpAddr::V4(Ipv4Addr::LOCALHOST)).await,
            App::Router(router) => match router.clone().oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            },
        };
        for line in response.headers().get_all(header::SET_COOKIE) {
            self.take(line.to_str().expect("text"));
        }
        if let (Some(journal), Some(before)) = (&self.journal, before) {
            let unnamed = unnamed(journal).await;
            assert!(unnamed.len() <= before, "{asked} does not say who did it: {:?}", &unnamed[before..]);
        }
        Answer::of(response).await
    }

    /// How many events tell of nobody, before a request that writes.
    async fn unnamed(&self, request: &Request<Body>) -> Option<usize> {
        let journal = self.journal.as_ref().filter(|_| !request.method().is_safe())?;
        Some(unnamed(journal).await.len())
    }

    fn take(&self, line: &str) {
        let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
        let Some((name, value)) = pair.split_once('=') else { return };
        let gone = attributes.split(';').any(|attribute| attribute.trim().eq_ignore_ascii_case("max-age=0"));
        if gone {
            self.cookies().remove(name);
        } else {
            self.cookies().insert(name.to_owned(), value.to_owned());
        }
    }

    fn cookies(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, String>> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Events without an actor that should have one: only what a reader likes, keeps or reports is told of nobody (ADR 21).
async fn unnamed(journal: &Journal) -> Vec<(String, String)> {
    let liked = |kind: &str, payload: &str| {
        kind == ArticleKept::KIND
            || kind == ArticleLiked::KIND
            || kind == Reported::KIND
            || kind == ProfileReported::KIND
            || kind == Changed::KIND
                && serde_json::from_str(payload).is_ok_and(|it: Changed| it.cause == ChangeCause::Liked)
    };
    let all = events::testing::anonymous(journal).await;
    all.into_iter().filter(|(kind, payload)| !liked(kind, payload)).collect()
}
