//! How an author presents themselves.

use authors::{Author, Profile};
use axum::body::Body;
use axum::extract::{Multipart, State};
use http::Response;
use kernel::{Error, name};
use serde::Deserialize;
use web::render::Form;
use web::{Failure, Query, Visit, session};

use crate::Studio;
use crate::upload::Sent;
use crate::views::profile::ProfileForm;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    author: String,
    done: String,
}

/// `GET /studio/profile?author=`
pub async fn form(
    State(studio): State<Studio>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response<Body>, Failure> {
    visit.viewer.signed_in()?;
    let Some((author, owned)) = studio.pen(&visit.viewer, &asked.author).await? else {
        return Ok(session::see_other("/studio"));
    };
    let region = author.region.clone().unwrap_or_default();
    let form = Form::sent([("name", author.name.as_str()), ("bio", &author.bio), ("region", &region)]);
    let view = studio.profile(&author, &owned, &asked.done, form).await?;
    Ok(studio.frame.page(&visit, &view).await?)
}

/// `POST /studio/profile`: `author` its handle, `name`, `bio`, `region`, `avatar_drop`, file `avatar`.
/// A verified author who takes another name has to be verified again: the mark vouches for the name.
pub async fn save(
    State(studio): State<Studio>,
    visit: Visit,
    form: Multipart,
) -> Result<Response<Body>, Failure> {
    let user = visit.viewer.signed_in()?;
    let sent = Sent::read(form, &studio.media, Some(user.id)).await?;
    let Some((author, owned)) = studio.pen(&visit.viewer, sent.text("author")).await? else {
        return Err(Error::Denied.into());
    };
    let typed = |field: &'static str| sent.text(field).to_owned();
    let avatar = match sent.pictures_in("avatar").next() {
        Some(new) => Some(new.hash.clone()),
        None if sent.text("avatar_drop").is_empty() => author.avatar.clone(),
        None => None,
    };
    let profile = Profile {
        name: typed("name"),
        bio: typed("bio"),
        region: Some(typed("region")),
        verified: author.verified && name::one_line(sent.text("name")) == author.name,
        avatar,
        ..author.clone().into()
    };
    let saved = match sent.wrong.clone().check() {
        Ok(()) => studio.authors.update(author.id, profile).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(author) => {
            let handle = session::percent(author.handle.as_str());
            Ok(session::see_other(&format!("/studio/profile?author={handle}&done=profile")))
        }
        Err(Error::Invalid(wrong)) => {
            let fields = ["name", "bio", "region"];
            let form = Form::sent(fields.map(|field| (field, sent.text(field)))).refused(&wrong);
            let view = studio.profile(&author, &owned, "", form).await?;
            Ok(studio.frame.refused(&visit, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

impl Studio {
    async fn profile(
        &self,
        author: &Author,
        owned: &[Author],
        done: &str,
        form: Form,
    ) -> kernel::Result<ProfileForm> {
        let avatar = match &author.avatar {
            Some(hash) => self.media.find(hash).await?,
            None => None,
        };
        Ok(ProfileForm {
            around: Self::around("profile", author, owned, done),
            form,
            avatar: avatar.as_ref().map(Into::into),
            verified: author.verified,
        })
    }
}
