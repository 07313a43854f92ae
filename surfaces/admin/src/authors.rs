//! 号: which are verified, which publish without review, and who may write for them.

use ::authors::{Author, Profile};
use accounts::Action;
use axum::extract::State;
use kernel::{AuthorId, Cursor, Error, Handle, Page, Result, UserId};
use serde::Deserialize;
use web::render::Form as Filled;
use web::{Form, Path, Query, RequestContext, session};

use crate::codes;
use crate::layout::Asked;
use crate::views::authors::{Authors, Profiled, Row};
use crate::views::parts::{Filter, Who};
use crate::{Admin, Answer};

const PAGE: usize = 50;
/// Authors that nobody may write for, such as those whose last owner was deleted.
const OWNERLESS: &str = "ownerless";

/// `GET /admin/authors?state=&q=&cursor=`: newest first; those without an owner (`state=ownerless`); or the one of that handle
pub async fn list(State(admin): State<Admin>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    context.viewer.require(Action::ManageAuthors)?;
    let is_ownerless = asked.state == OWNERLESS;
    let page = if asked.q.trim().is_empty() {
        if is_ownerless {
            admin.authors.ownerless(asked.from(), PAGE).await?
        } else {
            admin.authors.list(asked.from(), PAGE).await?
        }
    } else {
        let found = match Handle::new(&asked.q) {
            Ok(handle) => admin.authors.find_by_handle(&handle).await?,
            Err(_) => None,
        };
        Page { items: found.into_iter().collect(), next: None }
    };
    let ids: Vec<AuthorId> = page.items.iter().map(|author| author.id).collect();
    let counts = admin.articles.counts_by_author(&ids).await?;
    let row = |author: &Author| Row {
        id: author.id,
        who: author.into(),
        kind: author.kind.name(),
        field: author.field.clone(),
        trusted: author.trusted,
        articles: counts.get(&author.id).copied().unwrap_or(0),
        since: author.created_at,
    };
    let view = Authors {
        layout: admin.layout(&context.viewer, "authors", &asked.done).await?,
        filters: Filter::all("all", "/admin/authors", "state", [OWNERLESS], &asked.state),
        paging: asked
            .paging(if is_ownerless { "/admin/authors?state=ownerless" } else { "/admin/authors" }, &page),
        rows: page.items.iter().map(row).collect(),
        q: asked.q,
    };
    Ok(admin.frame.page(&context, &view).await?)
}

/// `GET /admin/authors/{id}`
pub async fn show(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<AuthorId>,
    Query(asked): Query<Asked>,
) -> Answer {
    context.viewer.require(Action::ManageAuthors)?;
    let author = admin.authors.find(id).await?.ok_or(Error::NotFound)?;
    let view = admin.profiled(&context, &author, &asked.done).await?;
    Ok(admin.frame.page(&context, &view).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    field: String,
    verified: String,
    trusted: String,
}

/// `POST /admin/authors/{id}`: `field`, `verified`, `trusted`
pub async fn save(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<AuthorId>,
    Form(fields): Form<Fields>,
) -> Answer {
    let operator = context.viewer.require(Action::ManageAuthors)?;
    let author = admin.authors.find(id).await?.ok_or(Error::NotFound)?;
    let profile = |now: Author| Profile {
        field: Some(fields.field.clone()),
        verified: !fields.verified.is_empty(),
        trusted: !fields.trusted.is_empty(),
        ..now.into()
    };
    match admin.authors.by(operator.id).amend(id, profile).await {
        Ok(now) => {
            let (verified, trusted) = (now.verified, now.trusted);
            tracing::info!(operator = %operator.handle, author = %id, verified, trusted, "author saved");
            Ok(session::see_other(&format!("/admin/authors/{id}?done=saved")))
        }
        Err(Error::Invalid(errors)) => {
            let typed =
                [("field", &fields.field), ("verified", &fields.verified), ("trusted", &fields.trusted)];
            let form = Filled::sent(typed.map(|(name, value)| (name, value.as_str()))).refused(&errors);
            let view = Profiled { form, ..admin.profiled(&context, &author, "").await? };
            Ok(admin.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct NewOwner {
    handle: String,
}

/// `POST /admin/authors/{id}/owners`: `handle` of a user
pub async fn add_owner(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<AuthorId>,
    Form(sent): Form<NewOwner>,
) -> Answer {
    let operator = context.viewer.require(Action::ManageAuthors)?;
    let author = admin.authors.find(id).await?.ok_or(Error::NotFound)?;
    let found = match Handle::new(&sent.handle) {
        Ok(handle) => admin.accounts.find_by_handle(&handle).await?,
        Err(_) => None,
    };
    let Some(user) = found else {
        let adding =
            Filled::default().with("handle", sent.handle).with_error("handle", codes::HANDLE_UNKNOWN);
        let view = Profiled { adding, ..admin.profiled(&context, &author, "").await? };
        return Ok(admin.frame.refused(&context, &view).await?);
    };
    admin.authors.by(operator.id).add_owner(id, user.id).await?;
    tracing::info!(operator = %operator.handle, author = %id, owner = %user.id, "owner added");
    Ok(session::see_other(&format!("/admin/authors/{id}?done=owner-added")))
}

/// `POST /admin/authors/{id}/owners/{user}/remove`
pub async fn remove_owner(
    State(admin): State<Admin>,
    context: RequestContext,
    Path((id, user)): Path<(AuthorId, UserId)>,
) -> Answer {
    let operator = context.viewer.require(Action::ManageAuthors)?;
    admin.authors.by(operator.id).remove_owner(id, user).await?;
    tracing::info!(operator = %operator.handle, author = %id, owner = %user, "owner removed");
    Ok(session::see_other(&format!("/admin/authors/{id}?done=owner-removed")))
}

impl Admin {
    /// The author's page as it stands, its forms filled with what is so.
    async fn profiled(&self, context: &RequestContext, author: &Author, done: &str) -> Result<Profiled> {
        let owners = self.authors.owners(author.id).await?;
        let mut users = self.accounts.get_many(&owners).await?;
        users.sort_unstable_by_key(|user| user.id);
        let on = |yes: bool| if yes { "1" } else { "" };
        let form = Filled::sent([
            ("field", author.field.as_deref().unwrap_or_default()),
            ("verified", on(author.verified)),
            ("trusted", on(author.trusted)),
        ]);
        let latest = self.articles.of_author(author.id, None, Cursor::START, 1).await?;
        Ok(Profiled {
            layout: self.layout(&context.viewer, "authors", done).await?,
            id: author.id,
            who: author.into(),
            kind: author.kind.name(),
            bio: author.bio.clone(),
            region: author.region.clone(),
            since: author.created_at,
            active: latest.items.first().map(|row| row.updated_at),
            owners: users.iter().map(Who::from).collect(),
            form,
            adding: Filled::default(),
        })
    }
}
