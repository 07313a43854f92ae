//! Signing in by more than a password: the second step, passkeys, and once more before what is dangerous.

use accounts::SignedIn;
use axum::body::Body;
use axum::extract::State;
use http::{HeaderMap, HeaderValue, Response, header};
use kernel::Error;
use serde::Deserialize;
use web::again::StepUp;
use web::render::Form as Filled;
use web::session::{self, see_other};
use web::{Form, Query, RequestContext, local};

use super::letting_in::{log_failure, login_page, welcome};
use super::whence::Whence;
use crate::views::security::LoginCode;
use crate::{Answer, Site};

/// `?return=/article/…`
#[derive(Default, Deserialize)]
pub struct Back {
    #[serde(default, rename = "return")]
    back: String,
}

/// `GET /login/code`
pub async fn show(
    State(site): State<Site>,
    context: RequestContext,
    headers: HeaderMap,
    Query(to): Query<Back>,
) -> Answer {
    if context.viewer.user().is_some() {
        return Ok(see_other(local(&to.back)));
    }
    let view = site.login_code(&headers, &to.back, Filled::default()).await?;
    Ok(site.frame.page(&context, &view).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    code: String,
    #[serde(rename = "return")]
    back: String,
}

/// `POST /login/code`
pub async fn send(
    State(site): State<Site>,
    context: RequestContext,
    headers: HeaderMap,
    Form(sent): Form<Typed>,
) -> Answer {
    let whence = Whence::of(&site, &context, &headers);
    let token = session::pending(&headers, site.frame.setup().secure()).unwrap_or_default();
    let finished = site.accounts.finish_sign_in(token, &sent.code, whence.origin()).await;
    if let Err(error) = &finished {
        log_failure(&context, error);
    }
    match finished {
        Ok(signed_in) => Ok(done(&site, &headers, &signed_in, &sent.back).await),
        Err(Error::Invalid(errors)) => {
            let form = Filled::sent([("code", sent.code.as_str())]).refused(&errors);
            let view = site.login_code(&headers, &sent.back, form).await?;
            let mut response = site.frame.refused(&context, &view).await?;
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

async fn done(site: &Site, headers: &HeaderMap, signed_in: &SignedIn, back: &str) -> Response<Body> {
    let mut response = welcome(site, headers, signed_in, back).await;
    session::clear_pending(response.headers_mut(), site.frame.setup().secure());
    response
}

/// `POST /login/passkey/begin`: what the browser asks a passkey to sign, as JSON
pub async fn begin(State(site): State<Site>, context: RequestContext) -> Answer {
    let challenge = site.accounts.begin_passkey_sign_in(&context.network.to_string()).await?;
    json(&challenge)
}

/// For a script, this once.
pub fn json(value: &impl serde::Serialize) -> Answer {
    let body = serde_json::to_vec(value).map_err(Error::internal)?;
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Signed {
    ceremony: String,
    credential: String,
    #[serde(rename = "return")]
    back: String,
}

/// `POST /login/passkey`: what it signed
pub async fn by_passkey(
    State(site): State<Site>,
    context: RequestContext,
    headers: HeaderMap,
    Form(sent): Form<Signed>,
) -> Answer {
    let whence = Whence::of(&site, &context, &headers);
    let signed_in = site.accounts.sign_in_by_passkey(&sent.ceremony, &sent.credential, whence.origin()).await;
    if let Err(error) = &signed_in {
        log_failure(&context, error);
    }
    match signed_in {
        Ok(signed_in) => Ok(done(&site, &headers, &signed_in, &sent.back).await),
        Err(Error::Invalid(errors)) => {
            let view = login_page(&site, &context, &headers, &sent.back, Filled::default().refused(&errors));
            Ok(site.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /login/again`
pub async fn ask_again(State(site): State<Site>, context: RequestContext, Query(to): Query<Back>) -> Answer {
    Ok(site.step_up().show(&context, &to.back).await?)
}

/// `POST /login/again`
pub async fn again(
    State(site): State<Site>,
    context: RequestContext,
    headers: HeaderMap,
    Form(sent): Form<Vec<(String, String)>>,
) -> Answer {
    Ok(site.step_up().send(&context, &headers, sent).await?)
}

impl Site {
    fn step_up(&self) -> StepUp {
        StepUp::new(self.accounts.clone(), self.frame.clone(), &[])
    }

    async fn login_code(&self, headers: &HeaderMap, back: &str, form: Filled) -> kernel::Result<LoginCode> {
        let pending = match session::pending(headers, self.frame.setup().secure()) {
            Some(token) => self.accounts.pending_sign_in(token).await?,
            None => None,
        };
        let back = local(back).to_owned();
        let Some(pending) = pending else {
            let form = Filled::default().with_error("", accounts::codes::PENDING_OVER);
            return Ok(LoginCode { form, back, ..LoginCode::default() });
        };
        Ok(LoginCode {
            form,
            back,
            handle: Some(pending.handle.to_string()),
            totp: pending.factors.totp.is_some(),
            passkey: pending.factors.passkeys > 0 && self.accounts.has_passkeys(),
        })
    }
}
