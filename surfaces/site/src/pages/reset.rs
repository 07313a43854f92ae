//! A new password for one that was forgotten.

use axum::extract::State;
use http::{HeaderMap, HeaderValue, header};
use kernel::{Error, Invalid};
use serde::Deserialize;
use web::render::Form as Filled;
use web::session::see_other;
use web::{Form, Query, RequestContext};

use super::verify::of_page;
use super::whence::Whence;
use crate::codes;
use crate::views::reset::{Reset, ResetLink};
use crate::{Answer, Site};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    token: String,
    /// `sent` or `reset`.
    done: String,
}

/// `GET /reset`: with a link, the form for a password; that uses nothing up.
pub async fn show(State(site): State<Site>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    let view = Reset { sent: asked.done == "sent", done: asked.done == "reset", ..Reset::default() };
    if asked.token.is_empty() {
        return Ok(site.frame.page(&context, &view).await?);
    }
    let view = match site.accounts.check_reset_link(&asked.token).await {
        Ok(user) => {
            let link = ResetLink { token: asked.token, handle: user.handle.to_string() };
            Reset { link: Some(link), ..view }
        }
        Err(Error::Invalid(errors)) => Reset { form: Filled::default().refused(&of_page(errors)), ..view },
        Err(error) => return Err(error.into()),
    };
    let mut response = site.frame.page(&context, &view).await?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    who: String,
    token: String,
    password: String,
}

/// `POST /reset`
pub async fn send(
    State(site): State<Site>,
    context: RequestContext,
    headers: HeaderMap,
    Form(sent): Form<Sent>,
) -> Answer {
    let whence = Whence::of(&site, &context, &headers);
    if !sent.token.is_empty() {
        return site.set_password(&context, &sent, &whence).await;
    }
    let mut errors = Invalid::default();
    if sent.who.trim().is_empty() {
        errors.add("who", codes::WHO_EMPTY);
    } else {
        match site.accounts.ask_for_reset(&sent.who, whence.origin()).await {
            Ok(()) => return Ok(see_other("/reset?done=sent")),
            Err(Error::TooMany(wait)) => {
                let minutes = wait.as_secs().div_ceil(60).max(1) as i64;
                errors.add_limit("who", codes::RESET_OFTEN, minutes);
            }
            Err(error) => return Err(error.into()),
        }
    }
    let form = Filled::sent([("who", sent.who.as_str())]).refused(&errors);
    Ok(site.frame.refused(&context, &Reset { form, ..Reset::default() }).await?)
}

impl Site {
    async fn set_password(&self, context: &RequestContext, sent: &Sent, whence: &Whence<'_>) -> Answer {
        let errors = match self.accounts.reset_password(&sent.token, &sent.password, whence.origin()).await {
            Ok(_) => return Ok(see_other("/reset?done=reset")),
            Err(Error::Invalid(errors)) => errors,
            Err(error) => return Err(error.into()),
        };
        let view = match self.accounts.check_reset_link(&sent.token).await {
            Ok(user) => {
                let link = ResetLink { token: sent.token.clone(), handle: user.handle.to_string() };
                Reset { link: Some(link), form: Filled::default().refused(&errors), ..Reset::default() }
            }
            Err(_) => Reset { form: Filled::default().refused(&of_page(errors)), ..Reset::default() },
        };
        Ok(self.frame.refused(context, &view).await?)
    }
}
