//! Deleting one's own account, and staying after all.

use authors::Author;
use axum::extract::State;
use http::{HeaderMap, HeaderValue, header};
use kernel::{Error, Invalid, Result};
use serde::Deserialize;
use web::render::Form as Filled;
use web::session::{self, see_other};
use web::{Form, RequestContext};

use super::whence::Whence;
use crate::codes;
use crate::views::leaving::{DeletePage, KeepPage, Leaver, OwnAuthor};
use crate::{Answer, Site};

/// Where whoever asked to be deleted is led.
pub const KEEP: &str = "/settings/account/keep";

/// `GET /settings/account/delete`
pub async fn show(State(site): State<Site>, context: RequestContext) -> Answer {
    let view = site.deleting(&context, Filled::default().with("comments", "keep")).await?;
    Ok(site.frame.page(&context, &view).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// `keep` or `remove`.
    comments: String,
    /// Authors that nobody else owns go, too.
    authors: String,
    #[serde(rename = "delete-password")]
    password: String,
}

/// `POST /settings/account/delete`
pub async fn delete(
    State(site): State<Site>,
    context: RequestContext,
    headers: HeaderMap,
    Form(sent): Form<Asked>,
) -> Answer {
    let user = context.viewer.signed_in()?;
    let session = context.session.as_deref().unwrap_or_default();
    if !site.accounts.ways(user.id).await?.password && !site.accounts.is_fresh(user.id, session).await? {
        return Ok(see_other("/login/again?return=/settings/account/delete"));
    }
    let whence = Whence::of(&site, &context, &headers);
    let form = Filled::sent([("comments", sent.comments.as_str()), ("authors", &sent.authors)]);
    let asked = match site.check_leaving(&context, &sent).await {
        Ok(()) => {
            let keep = sent.comments == "keep";
            // Its box stands there only where there are authors that nobody else owns.
            let with_authors = !sent.authors.is_empty();
            let password = &sent.password;
            site.accounts.ask_to_delete(user, password, keep, with_authors, whence.origin()).await.map(drop)
        }
        Err(error) => Err(error),
    };
    let view = match asked {
        Ok(()) => {
            let mut response = see_other(KEEP);
            session::clear(response.headers_mut(), site.frame.setup().secure());
            return Ok(response);
        }
        Err(Error::Invalid(errors)) => site.deleting(&context, form.refused(&errors)).await?,
        Err(Error::Conflict(code)) => {
            DeletePage { conflict: Some(code), ..site.deleting(&context, form).await? }
        }
        Err(error) => return Err(error.into()),
    };
    Ok(site.frame.refused(&context, &view).await?)
}

/// `GET /settings/account/keep`
pub async fn keeping(State(site): State<Site>, context: RequestContext) -> Answer {
    if context.viewer.user().is_some() {
        return Ok(see_other("/settings/account"));
    }
    let found = match &context.session {
        Some(token) => site.accounts.leaving(token).await?,
        None => None,
    };
    let leaver = |(user, deletion): (accounts::User, accounts::Deletion)| Leaver {
        handle: user.handle.to_string(),
        asked_at: deletion.asked_at,
        due_at: deletion.due_at,
        may_stay: deletion.due_at > context.now,
    };
    let view = KeepPage { leaving: found.map(leaver) };
    let mut response = site.frame.page(&context, &view).await?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// `POST /settings/account/keep`
pub async fn keep(State(site): State<Site>, context: RequestContext) -> Answer {
    if context.viewer.user().is_none() {
        let token = context.session.as_deref().ok_or(Error::SignIn)?;
        match site.accounts.keep(token).await {
            // It says why: the day has come, or the session is over.
            Err(Error::NotFound) => return Ok(see_other(KEEP)),
            kept => kept?,
        }
    }
    Ok(see_other("/settings/account"))
}

impl Site {
    async fn check_leaving(&self, context: &RequestContext, sent: &Asked) -> Result<()> {
        let user = context.viewer.signed_in()?;
        let mut errors = Invalid::default();
        if !matches!(sent.comments.as_str(), "keep" | "remove") {
            errors.add("comments", codes::COMMENTS_UNSAID);
        }
        if sent.authors.is_empty() && !self.authors.solely_owned_by(user.id).await?.is_empty() {
            errors.add("authors", codes::AUTHORS_UNSAID);
        }
        errors.check()
    }

    async fn deleting(&self, context: &RequestContext, form: Filled) -> Result<DeletePage> {
        let user = context.viewer.signed_in()?;
        let sole = self.authors.solely_owned_by(user.id).await?;
        let mut shared = self.authors.owned_by(user.id).await?;
        shared.retain(|author| sole.iter().all(|own| own.id != author.id));
        let own = |author: Author| OwnAuthor { name: author.name, handle: author.handle.to_string() };
        Ok(DeletePage {
            handle: user.handle.to_string(),
            days: self.accounts.deletion_days(),
            comments: self.comments.count_by(user.id).await?,
            sole: sole.into_iter().map(own).collect(),
            shared: shared.into_iter().map(own).collect(),
            password: self.accounts.ways(user.id).await?.password,
            form,
            conflict: None,
        })
    }
}
