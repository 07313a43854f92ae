//! Where one is signed in.

use accounts::Accounts;
use axum::extract::State;
use kernel::Error;
use serde::Deserialize;
use web::render::Form as Filled;
use web::session::see_other;
use web::{Path, Query, RequestContext};

use crate::views::security::{Session, Sessions};
use crate::{Answer, Site};

const HERE: &str = "/settings/sessions";

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// `one` or `others`.
    done: String,
}

/// `GET /settings/sessions`
pub async fn list(State(site): State<Site>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    let user = context.viewer.signed_in()?;
    let (this, locale) = (context.session.as_deref().map(Accounts::session_id), context.variant.locale);
    let session = |session: accounts::Session| Session {
        this: this.as_ref() == Some(&session.id),
        agent: session.agent,
        place: session.region.map(|region| region.name(locale).to_owned()).or(session.network),
        since: session.created_at,
        seen: session.seen_at,
        id: session.id,
    };
    let mut sessions: Vec<Session> =
        site.accounts.sessions(user.id).await?.into_iter().map(session).collect();
    // The one that everybody looks for comes first.
    sessions.sort_by_key(|session| !session.this);
    let view = Sessions {
        sessions,
        leaving: Filled::default().with("keys", "1"),
        done: ["one", "others"].into_iter().find(|done| asked.done == *done),
    };
    Ok(site.frame.page(&context, &view).await?)
}

/// `POST /settings/sessions/{id}/end`: one of one's own
pub async fn end(State(site): State<Site>, context: RequestContext, Path(id): Path<String>) -> Answer {
    let user = context.viewer.signed_in()?;
    site.accounts.end_session(user.id, &id).await?;
    Ok(see_other(&format!("{HERE}?done=one")))
}

/// `POST /settings/sessions/end-others`
pub async fn end_others(State(site): State<Site>, context: RequestContext) -> Answer {
    let user = context.viewer.signed_in()?;
    let session = context.session.as_deref().ok_or(Error::SignIn)?;
    site.accounts.end_other_sessions(user.id, session).await?;
    Ok(see_other(&format!("{HERE}?done=others")))
}
