//! 资料修改: what owners want to be shown of an author, beside what readers see now.

use ::authors::RETURN_CODES;
use accounts::{Action, User};
use axum::extract::State;
use kernel::{AuthorId, Error, Result, Time};
use serde::Deserialize;
use web::render::Form as Filled;
use web::{Form, Path, RequestContext, session};

use crate::views::changes::{Changing, ShownProfile, Waiting};
use crate::{Admin, Answer};

/// More than this wait only while nobody looks.
const MOST: usize = 100;

/// `GET /admin/applications/profile/{id}`, the author's id
pub async fn show(State(admin): State<Admin>, context: RequestContext, Path(id): Path<AuthorId>) -> Answer {
    context.viewer.require(Action::DecideApplications)?;
    let view = admin.changing(&context, id, Filled::default()).await?;
    Ok(admin.frame.page(&context, &view).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// When what was read had been asked for, and the avatar that was seen.
    read: i64,
    avatar: String,
    code: String,
    note: String,
}

/// `POST /admin/applications/profile/{id}/approve`: `read`, `avatar` its hash
pub async fn approve(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<AuthorId>,
    Form(fields): Form<Fields>,
) -> Answer {
    let by = context.viewer.require(Action::DecideApplications)?;
    // One that has been deleted meanwhile is shown by nobody.
    let avatar = admin.media.find(&fields.avatar).await?.map(|picture| picture.hash);
    let read = Time::from_millis(fields.read);
    let decided = admin.authors.approve_change(by, id, read, avatar.as_deref()).await;
    let decided = decided.map(|author| log_decision(by, id, &format!("now {}", author.name)));
    admin.change_answered(&context, id, decided, "profile-approved", &fields).await
}

/// `POST /admin/applications/profile/{id}/return`: `read`, `code`, `note`
pub async fn send_back(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<AuthorId>,
    Form(fields): Form<Fields>,
) -> Answer {
    let by = context.viewer.require(Action::DecideApplications)?;
    let read = Time::from_millis(fields.read);
    let decided = admin.authors.return_change(by, id, read, &fields.code, &fields.note).await;
    let decided = decided.map(|()| log_decision(by, id, "returned"));
    admin.change_answered(&context, id, decided, "profile-returned", &fields).await
}

/// Who did it stands in the log.
fn log_decision(by: &User, author: AuthorId, what: &str) {
    tracing::info!(reviewer = %by.handle, %author, "profile {what}");
}

impl Admin {
    /// What waits, for the page of applications.
    pub async fn changes_waiting(&self) -> Result<Vec<Waiting>> {
        let changes = self.authors.changes(MOST).await?;
        let authors = self.authors_of(changes.iter().map(|change| change.author)).await?;
        let row = |change: ::authors::Change| {
            Some(Waiting {
                who: authors.get(&change.author)?.clone(),
                id: change.author,
                at: change.asked_at,
            })
        };
        Ok(changes.into_iter().filter_map(row).collect())
    }

    async fn changing(&self, context: &RequestContext, id: AuthorId, form: Filled) -> Result<Changing> {
        let change = self.authors.change_of(id).await?.filter(::authors::Change::is_waiting);
        let change = change.ok_or(Error::NotFound)?;
        let author = self.authors.find(id).await?.ok_or(Error::NotFound)?;
        let by = self.users_of(change.asked_by).await?.into_values().next();
        Ok(Changing {
            layout: self.layout(&context.viewer, "applications", "").await?,
            id,
            who: (&author).into(),
            by,
            at: change.asked_at,
            read: change.asked_at.millis(),
            shown: self.profile(author.name, author.bio, author.region, author.avatar).await?,
            wanted: self.profile(change.name, change.bio, change.region, change.avatar).await?,
            codes: RETURN_CODES,
            form,
        })
    }

    async fn profile(
        &self,
        name: String,
        bio: String,
        place: Option<String>,
        avatar: Option<String>,
    ) -> Result<ShownProfile> {
        let picture = match &avatar {
            Some(hash) => self.media.find(hash).await?,
            None => None,
        };
        let missing = avatar.is_some() && picture.is_none();
        let hash = picture.as_ref().map(|picture| picture.hash.clone());
        Ok(ShownProfile { name, bio, place, hash, avatar: picture.map(|picture| picture.url(320)), missing })
    }

    async fn change_answered(
        &self,
        context: &RequestContext,
        id: AuthorId,
        decided: Result<()>,
        done: &str,
        fields: &Fields,
    ) -> Answer {
        match decided {
            Ok(()) => Ok(session::see_other(&format!("/admin/applications?done={done}"))),
            // No reason was chosen; or the name has been taken meanwhile, which is a reason to choose.
            Err(Error::Invalid(errors)) => {
                let form =
                    Filled::sent([("code", fields.code.as_str()), ("note", &fields.note)]).refused(&errors);
                let view = self.changing(context, id, form).await?;
                Ok(self.frame.refused(context, &view).await?)
            }
            Err(error) => Err(error.into()),
        }
    }
}
