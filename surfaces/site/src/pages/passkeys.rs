//! Passkeys of one's own.

use axum::extract::State;
use http::HeaderMap;
use kernel::{Error, PasskeyId};
use serde::Deserialize;
use web::render::Form as Filled;
use web::session::see_other;
use web::{Form, Path, Query, RequestContext};

use super::second_step::json;
use super::whence::Whence;
use crate::views::security::{NewPasskey, Passkeys};
use crate::{Answer, Site};

const HERE: &str = "/settings/passkeys";

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// `added` or `removed`.
    done: String,
}

/// `GET /settings/passkeys`
pub async fn list(State(site): State<Site>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    let user = context.viewer.signed_in()?;
    let view = Passkeys {
        passkeys: site.accounts.passkeys(user.id).await?,
        can: site.accounts.has_passkeys(),
        done: ["added", "removed"].into_iter().find(|done| asked.done == *done),
    };
    Ok(site.frame.page(&context, &view).await?)
}

/// `GET /settings/passkeys/add`
pub async fn show_add(State(site): State<Site>, context: RequestContext, headers: HeaderMap) -> Answer {
    context.viewer.signed_in()?;
    if !site.accounts.has_passkeys() {
        // It says why.
        return Ok(see_other(HERE));
    }
    let whence = Whence::of(&site, &context, &headers);
    let form = Filled::default().with("name", whence.origin().agent.unwrap_or_default());
    Ok(site.frame.page(&context, &NewPasskey { form }).await?)
}

/// `POST /settings/passkeys/begin`: what the browser makes one of, as JSON
pub async fn begin(State(site): State<Site>, context: RequestContext) -> Answer {
    let user = context.viewer.signed_in()?;
    json(&site.accounts.begin_passkey(user).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Made {
    name: String,
    ceremony: String,
    credential: String,
}

/// `POST /settings/passkeys`: what the browser made. Whoever sends it was asked again when that began.
pub async fn add(
    State(site): State<Site>,
    context: RequestContext,
    headers: HeaderMap,
    Form(sent): Form<Made>,
) -> Answer {
    let user = context.viewer.signed_in()?;
    let session = context.session.as_deref().ok_or(Error::SignIn)?;
    let whence = Whence::of(&site, &context, &headers);
    let made = (sent.ceremony.as_str(), sent.credential.as_str());
    match site.accounts.add_passkey(user, session, &sent.name, made, whence.origin()).await {
        Ok(()) => Ok(see_other(&format!("{HERE}?done=added"))),
        Err(Error::Invalid(errors)) => {
            let form = Filled::sent([("name", sent.name.as_str())]).refused(&errors);
            Ok(site.frame.refused(&context, &NewPasskey { form }).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /settings/passkeys/{id}/remove`
pub async fn remove(
    State(site): State<Site>,
    context: RequestContext,
    headers: HeaderMap,
    Path(id): Path<PasskeyId>,
) -> Answer {
    let user = context.viewer.signed_in()?;
    let whence = Whence::of(&site, &context, &headers);
    site.accounts.delete_passkey(user, id, &site.usable_issuers(), whence.origin()).await?;
    Ok(see_other(&format!("{HERE}?done=removed")))
}
