//! Signing in again before what is dangerous (docs/adr/0032).
//!
//! A layer around the routes that ask for it: whoever proved lately who they are passes. Else a page asks, in the place of the answer, and
//! carries what was sent in hidden fields; what it sends goes to the same address, where the layer takes its own fields out. So no handler knows of it,
//! nothing that was typed is lost, and no script is needed.

use std::sync::Arc;

use accounts::{Accounts, Missing, Proof, User, Ways};
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use http_body_util::BodyExt;
use kernel::{Error, Invalid, Locale, Result};
use serde::Serialize;
use url::form_urlencoded;

use crate::context::local;
use crate::render::{Form as Filled, PageLayout, View};
use crate::session::see_other;
use crate::{Failure, Frame, RequestContext, Whence, codes, nul, percent};

/// Fields of the page itself begin so.
const OWN: &str = "again-";
const PAGE: &str = "/login/again";

/// `/login/again`, and whatever waits for it. Fields: `again-password`, `again-code`, or `again-ceremony` and `again-credential`.
#[derive(Clone, Debug, Serialize)]
pub struct SignInAgain {
    pub form: Filled,
    /// Where it is sent to.
    pub action: String,
    /// What was sent already, and goes with it.
    pub fields: Vec<(String, String)>,
    pub password: bool,
    pub code: bool,
    pub passkey: bool,
    /// The site asks this person for more than a password.
    pub second: bool,
}

impl View for SignInAgain {
    const TEMPLATE: &'static str = "login_again.html";

    fn samples(_: Locale) -> Vec<Self> {
        let plain = Self {
            form: Filled::default(),
            action: PAGE.into(),
            fields: vec![("return".into(), "/settings/passkeys/add".into())],
            password: true,
            code: false,
            passkey: false,
            second: false,
        };
        let all = Self {
            form: Filled::default()
                .with_error("again-password", "password-wrong")
                .with_error("again-code", "second-wrong"),
            action: "/admin/settings".into(),
            fields: vec![("site.name".into(), "\"<b>".into()), ("site.tagline".into(), "长".repeat(200))],
            code: true,
            passkey: true,
            ..plain.clone()
        };
        let second = Self { password: false, second: true, ..all.clone() };
        let none = Self { password: false, ..plain.clone() };
        let failed = Self { form: Filled::default().with_error("", "passkey-failed"), ..all.clone() };
        vec![plain, all, second, none, failed]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}

/// What asks, and for which routes: each a method and a pattern.
#[derive(Clone)]
pub struct StepUp(Arc<Parts>);

struct Parts {
    accounts: Accounts,
    frame: Frame,
    routes: &'static [(&'static str, &'static str)],
}

/// The layer: see the module.
pub async fn guard(
    State(step_up): State<StepUp>,
    context: RequestContext,
    request: Request,
    next: Next,
) -> Response {
    let is_guarded = step_up.guards(&request);
    let (Some(user), Some(session), true) = (context.viewer.user(), context.session.as_deref(), is_guarded)
    else {
        return next.run(request).await;
    };
    match step_up.ask(&context, user, session, request).await {
        Ok(Ok(request)) => next.run(request).await,
        Ok(Err(page)) => page,
        Err(error) => Failure(error).into_response(),
    }
}

impl StepUp {
    pub fn new(accounts: Accounts, frame: Frame, routes: &'static [(&'static str, &'static str)]) -> Self {
        Self(Arc::new(Parts { accounts, frame, routes }))
    }

    fn guards(&self, request: &Request) -> bool {
        let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
        // HEAD is answered by the handler of GET.
        let method = match request.method().as_str() {
            "HEAD" => "GET",
            method => method,
        };
        self.0.routes.iter().any(|(of, path)| *of == method && Some(*path) == route)
    }

    /// The request as its handler wants it, or the page that asks.
    async fn ask(
        &self,
        context: &RequestContext,
        user: &User,
        session: &str,
        request: Request,
    ) -> Result<Result<Request, Response>> {
        let is_open =
            !self.lacks_step(user, session).await? && self.0.accounts.is_fresh(user.id, session).await?;
        if context.is_get {
            let page = format!("{PAGE}?return={}", percent(context.here()));
            return Ok(if is_open { Ok(request) } else { Err(see_other(&page)) });
        }
        let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
        if !is_open && accepts.is_some_and(|accepts| accepts.contains("application/json")) {
            // A script asks; it leads to the page.
            return Err(Error::SignIn);
        }
        let (mut parts, body) = request.into_parts();
        let unreadable = |_| Error::invalid("form", codes::FORM_UNREADABLE);
        let bytes = body.collect().await.map_err(unreadable)?.to_bytes();
        let fields: Vec<(String, String)> =
            form_urlencoded::parse(&nul::of_form(&bytes)).into_owned().collect();
        let (own, rest): (Vec<_>, Vec<_>) = fields.into_iter().partition(|(name, _)| name.starts_with(OWN));
        if is_open && own.is_empty() {
            return Ok(Ok(Request::from_parts(parts, Body::from(bytes))));
        }
        // What the page had for itself is no handler's either where the form is sent twice and the first has opened the way.
        let proved =
            if is_open { Ok(()) } else { self.proved(context, user, session, &parts.headers, &own).await? };
        match proved {
            Ok(()) => {
                let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&rest).finish();
                parts.headers.remove(header::CONTENT_LENGTH);
                Ok(Ok(Request::from_parts(parts, Body::from(body))))
            }
            Err(errors) => {
                let page = self.page(context, user, session, context.here(), rest, errors).await?;
                Ok(Err(page))
            }
        }
    }

    /// Whether the site asks this person for more than a password, and the session began without: who knows no more than that must not take away
    /// or add what desks ask for.
    async fn lacks_step(&self, user: &User, session: &str) -> Result<bool> {
        Ok(self.0.accounts.missing_for_desk(user, Some(session)).await? == Some(Missing::Step))
    }

    /// Whether what was typed shows that it is they; else what is wrong with it, which may be nothing where nothing was typed.
    async fn proved(
        &self,
        context: &RequestContext,
        user: &User,
        session: &str,
        headers: &HeaderMap,
        own: &[(String, String)],
    ) -> Result<Result<(), Invalid>> {
        let typed = |field: &str| {
            let found = own.iter().find(|(name, _)| name == field);
            found.map(|(_, value)| value.as_str()).filter(|value| !value.trim().is_empty())
        };
        let is_less = typed("again-password").is_some() && self.lacks_step(user, session).await?;
        let proof = if let Some(credential) = typed("again-credential") {
            Proof::Passkey { ceremony: typed("again-ceremony").unwrap_or_default(), credential }
        } else if let Some(code) = typed("again-code") {
            Proof::Code(code)
        } else if let Some(password) = typed("again-password").filter(|_| !is_less) {
            Proof::Password(password)
        } else {
            let mut errors = Invalid::default();
            if !own.is_empty() {
                errors.add("", codes::AGAIN_EMPTY);
            }
            return Ok(Err(errors));
        };
        let whence = Whence::of(&self.0.frame, context, headers);
        match self.0.accounts.prove(user, session, proof, whence.origin()).await {
            Ok(()) => Ok(Ok(())),
            Err(Error::Invalid(errors)) => Ok(Err(errors)),
            Err(error) => Err(error),
        }
    }

    async fn page(
        &self,
        context: &RequestContext,
        user: &User,
        session: &str,
        action: &str,
        fields: Vec<(String, String)>,
        errors: Invalid,
    ) -> Result<Response> {
        let Ways { password, code, passkey } = self.0.accounts.ways(user.id).await?;
        let second = self.lacks_step(user, session).await?;
        let is_wrong = !errors.0.is_empty();
        let view = SignInAgain {
            form: Filled::default().refused(&errors),
            action: action.to_owned(),
            // A form that asks for a password asks for it again.
            fields: fields.into_iter().filter(|(name, _)| !is_secret(name)).collect(),
            password: password && !second,
            code,
            passkey,
            second,
        };
        let mut response = self.0.frame.page(context, &view).await?;
        *response.status_mut() =
            if is_wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::FORBIDDEN };
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Ok(response)
    }

    /// `GET /login/again?return=`: goes on at once where there is nothing to ask.
    pub async fn show(&self, context: &RequestContext, back: &str) -> Result<Response> {
        let user = context.viewer.signed_in()?;
        let session = context.session.as_deref().ok_or(Error::SignIn)?;
        let (accounts, back) = (&self.0.accounts, local(back));
        if !self.lacks_step(user, session).await? && accounts.is_fresh(user.id, session).await? {
            return Ok(see_other(back));
        }
        let fields = vec![("return".to_owned(), back.to_owned())];
        let mut response = self.page(context, user, session, PAGE, fields, Invalid::default()).await?;
        *response.status_mut() = StatusCode::OK;
        Ok(response)
    }

    /// `POST /login/again`: the same fields, and `return`
    pub async fn send(
        &self,
        context: &RequestContext,
        headers: &HeaderMap,
        fields: Vec<(String, String)>,
    ) -> Result<Response> {
        let user = context.viewer.signed_in()?;
        let session = context.session.as_deref().ok_or(Error::SignIn)?;
        let (own, rest): (Vec<_>, Vec<_>) = fields.into_iter().partition(|(name, _)| name.starts_with(OWN));
        match self.proved(context, user, session, headers, &own).await? {
            Ok(()) => {
                let back = rest.iter().find(|(name, _)| name == "return");
                Ok(see_other(local(back.map_or("/", |(_, value)| value.as_str()))))
            }
            Err(mut errors) => {
                if errors.0.is_empty() {
                    errors.add("", codes::AGAIN_EMPTY);
                }
                self.page(context, user, session, PAGE, rest, errors).await
            }
        }
    }
}

/// Whether nothing typed there may stand in a page.
fn is_secret(name: &str) -> bool {
    name.contains("password") || matches!(name, "current" | "credential")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_page_carries_a_password_on() {
        for name in ["password", "email-password", "new_password", "current", "credential"] {
            assert!(is_secret(name), "{name}");
        }
        assert!(!is_secret("site.name") && !is_secret("role.night-desk"));
    }
}
