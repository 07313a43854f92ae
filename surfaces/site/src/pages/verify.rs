//! An address of one's own: changing it, and showing that it is.

use axum::extract::State;
use http::{HeaderMap, HeaderValue, header};
use kernel::{Error, Invalid};
use serde::Deserialize;
use web::render::Form as Filled;
use web::session::see_other;
use web::{Form, Query, RequestContext, local, percent};

use super::account::SAVED;
use super::whence::Whence;
use crate::views::account::{AccountSettings, EmailSettings};
use crate::views::verify::{Verify, VerifyLink};
use crate::{Answer, Site};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct NewEmail {
    email: String,
    #[serde(rename = "email-password")]
    password: String,
}

/// `POST /settings/email`
pub async fn change_email(
    State(site): State<Site>,
    context: RequestContext,
    headers: HeaderMap,
    Form(sent): Form<NewEmail>,
) -> Answer {
    let user = context.viewer.signed_in()?;
    let whence = Whence::of(&site, &context, &headers);
    match site.accounts.change_email(user, &sent.email, &sent.password, whence.origin()).await {
        Ok(true) => Ok(see_other("/verify?return=/settings/account")),
        Ok(false) => Ok(see_other(SAVED)),
        Err(Error::Invalid(errors)) => {
            let form = Filled::sent([("email", sent.email.as_str())]).refused(&errors);
            let settings = site.own_settings(&context).await?;
            let email = EmailSettings { form, ..settings.email.clone() };
            Ok(site.frame.refused(&context, &AccountSettings { email, ..settings }).await?)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    token: String,
    /// `verified` or `sent`.
    done: String,
    #[serde(rename = "return")]
    back: String,
}

/// `GET /verify`: changes nothing, with a link either.
pub async fn show(State(site): State<Site>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    let view = site.to_verify(&context, &asked.back).await?;
    let view = Verify { done: asked.done == "verified", sent: asked.done == "sent", ..view };
    if asked.token.is_empty() {
        return Ok(site.frame.page(&context, &view).await?);
    }
    let viewer = context.viewer.user().map(|user| user.id);
    let view = match site.accounts.check_email_link(&asked.token, viewer).await {
        Ok(link) => {
            let (handle, address) = (link.handle.to_string(), link.address.expose().to_owned());
            Verify { link: Some(VerifyLink { token: asked.token, handle, address }), ..view }
        }
        Err(Error::Invalid(errors)) => Verify { form: Filled::default().refused(&of_page(errors)), ..view },
        Err(error) => return Err(error.into()),
    };
    let mut response = site.frame.page(&context, &view).await?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Shown {
    token: String,
    code: String,
    #[serde(rename = "return")]
    back: String,
}

/// `POST /verify`: a link by its button, by whoever reads the mail, or a code by whoever is signed in.
pub async fn verify(State(site): State<Site>, context: RequestContext, Form(sent): Form<Shown>) -> Answer {
    let user = context.viewer.user().map(|user| user.id);
    let by_link = !sent.token.is_empty();
    let verified = match user {
        _ if by_link => site.accounts.verify_email_by_link(&sent.token, user).await,
        Some(user) => site.accounts.verify_email_by_code(user, &sent.code).await,
        None => Err(Error::SignIn),
    };
    match verified {
        Ok(()) => Ok(see_other(&format!("/verify?done=verified&return={}", percent(local(&sent.back))))),
        Err(Error::Invalid(errors)) => {
            let view = site.to_verify(&context, &sent.back).await?;
            let errors = if by_link || view.waiting.is_none() { of_page(errors) } else { errors };
            let view = Verify { form: Filled::sent([("code", sent.code.as_str())]).refused(&errors), ..view };
            Ok(site.frame.refused(&context, &view).await?)
        }
        Err(Error::SignIn) => {
            // Visitors may send the form of a link, and what they send without one says nothing.
            let view = Verify {
                form: Filled::default().with_error("", accounts::codes::LINK_UNKNOWN),
                ..site.to_verify(&context, &sent.back).await?
            };
            Ok(site.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Back {
    #[serde(rename = "return")]
    back: String,
}

/// `POST /verify/again`
pub async fn send_again(State(site): State<Site>, context: RequestContext, Form(sent): Form<Back>) -> Answer {
    let user = context.viewer.signed_in()?;
    match site.accounts.send_email_again(user, context.variant.locale).await {
        Ok(()) => Ok(see_other(&format!("/verify?done=sent&return={}", percent(local(&sent.back))))),
        Err(Error::Invalid(errors)) => {
            let form = Filled::default().refused(&of_page(errors));
            let view = Verify { form, ..site.to_verify(&context, &sent.back).await? };
            Ok(site.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// Errors of what no field of the page is for.
pub fn of_page(mut errors: Invalid) -> Invalid {
    for error in &mut errors.0 {
        error.field = "";
    }
    errors
}

impl Site {
    async fn to_verify(&self, context: &RequestContext, back: &str) -> kernel::Result<Verify> {
        let waiting = match context.viewer.user() {
            Some(user) => self.accounts.waiting_email(user.id).await?,
            None => None,
        };
        let waiting = waiting.map(|address| address.expose().to_owned());
        Ok(Verify { waiting, back: local(back).to_owned(), ..Verify::default() })
    }
}
