//! `/apply` (申请入驻)

use authors::{Application, Kind, NewApplication};
use axum::extract::State;
use kernel::{Error, Handle, Invalid, UserId};
use serde::Deserialize;
use web::render::Form as Filled;
use web::session::see_other;
use web::{Form, RequestContext};

use crate::codes;
use crate::views::apply::{Apply, Sent};
use crate::{Answer, Site};

pub async fn show(State(site): State<Site>, context: RequestContext) -> Answer {
    let sent = match context.viewer.user() {
        Some(user) => site.authors.application_of(user.id).await?.map(sent),
        None => None,
    };
    Ok(site.frame.page(&context, &Apply { form: Filled::default(), sent }).await?)
}

fn sent(application: Application) -> Sent {
    Sent {
        handle: application.handle.to_string(),
        name: application.name,
        state: application.state.name(),
        at: application.created_at,
        code: application.code,
        note: application.note,
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    handle: String,
    name: String,
    kind: String,
    bio: String,
    reason: String,
}

pub async fn send(State(site): State<Site>, context: RequestContext, Form(fields): Form<Fields>) -> Answer {
    let user = context.viewer.signed_in()?;
    let applied = match Kind::named(&fields.kind) {
        Some(kind) => {
            let application = NewApplication {
                handle: fields.handle.clone(),
                name: fields.name.clone(),
                kind,
                bio: fields.bio.clone(),
                reason: fields.reason.clone(),
            };
            match site.check_author_handle(user.id, &fields.handle).await {
                Ok(()) => site.authors.apply(user.id, application).await.map(drop),
                Err(error) => Err(error),
            }
        }
        None => Err(Error::Invalid(Invalid::default().with("kind", codes::KIND_UNKNOWN))),
    };
    match applied {
        Ok(()) => Ok(see_other("/apply")),
        Err(Error::Invalid(errors)) => {
            let typed = [
                ("handle", &fields.handle),
                ("name", &fields.name),
                ("kind", &fields.kind),
                ("bio", &fields.bio),
                ("reason", &fields.reason),
            ];
            let form = Filled::sent(typed.map(|(name, value)| (name, value.as_str()))).refused(&errors);
            Ok(site.frame.refused(&context, &Apply { form, sent: None }).await?)
        }
        Err(error) => Err(error.into()),
    }
}

impl Site {
    /// An author who is called like another user would be taken for them: `handle-alike`. One's own handle is free for one's author.
    async fn check_author_handle(&self, user: UserId, handle: &str) -> kernel::Result<()> {
        let Ok(handle) = Handle::new(handle) else { return Ok(()) };
        if self.accounts.is_handle_alike(&handle, user).await? {
            return Err(Error::invalid("handle", codes::HANDLE_ALIKE));
        }
        Ok(())
    }
}
