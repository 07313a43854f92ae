//! How an author presents themselves.

use authors::{Author, Profile};
use axum::body::Body;
use axum::extract::{Multipart, State};
use http::Response;
use kernel::{Error, name};
use serde::Deserialize;
use web::render::Form;
use web::{BodyMeter, Failure, Query, Visit, session};

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
    // What was asked for last, also while it waits or after it came back: the owner goes on from there.
    let (name, bio) = match studio.authors.change_of(author.id).await? {
        Some(change) => (change.name, change.bio),
        None => (author.name.clone(), author.bio.clone()),
    };
    let form = Form::sent([("name", name.as_str()), ("bio", &bio), ("region", &region)]);
    let view = studio.profile(&author, &owned, &asked.done, form).await?;
    Ok(studio.frame.page(&visit, &view).await?)
}

/// `POST /studio/profile`: `author` its handle, `name`, `bio`, `region`, `avatar_drop`, file `avatar`.
/// Name, bio and avatar wait for a reviewer where the author's articles do. A verified author who takes another name has to be verified
/// again: the mark vouches for the name.
pub async fn save(
    State(studio): State<Studio>,
    visit: Visit,
    meter: BodyMeter,
    form: Multipart,
) -> Result<Response<Body>, Failure> {
    let user = visit.viewer.signed_in()?;
    let sent = Sent::read(form, &studio.uploads, &meter).await?;
    let Some((author, owned)) = studio.pen(&visit.viewer, sent.text("author")).await? else {
        return Err(Error::Denied.into());
    };
    let (typed_name, typed_bio) = (sent.text("name").to_owned(), sent.text("bio").to_owned());
    let fine = Profile { name: typed_name, bio: typed_bio, ..author.clone().into() }.fits(&author).is_ok();
    // A form that is refused leaves no picture behind.
    let sent = if fine { sent.keep(&studio.media, user.id).await? } else { sent };
    let typed = |field: &'static str| sent.text(field).to_owned();
    let asked = studio.authors.change_of(author.id).await?;
    let kept = asked.map_or_else(|| author.avatar.clone(), |change| change.avatar);
    let avatar = match sent.pictures_in("avatar").next() {
        Some(new) => Some(new.hash.clone()),
        None if sent.text("avatar_drop").is_empty() => kept,
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
        // Whoever publishes without review is trusted with their name, too.
        Ok(()) if studio.articles.reviews(&author) => {
            studio.authors.propose(user, author.id, profile).await.map(|waits| (author.handle.clone(), waits))
        }
        Ok(()) => studio.authors.update(author.id, profile).await.map(|author| (author.handle, false)),
        Err(error) => Err(error),
    };
    match saved {
        Ok((handle, waits)) => {
            let handle = session::percent(handle.as_str());
            let done = if waits { "profile-waits" } else { "profile" };
            Ok(session::see_other(&format!("/studio/profile?author={handle}&done={done}")))
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
        let change = self.authors.change_of(author.id).await?;
        let wanted = change.as_ref().map_or(&author.avatar, |change| &change.avatar);
        let avatar = match wanted {
            Some(hash) => self.media.find(hash).await?,
            None => None,
        };
        Ok(ProfileForm {
            around: Self::around("profile", author, owned, done),
            form,
            avatar: avatar.as_ref().map(Into::into),
            verified: author.verified,
            shown: change.as_ref().map(|_| author.name.clone()),
            code: change.as_ref().and_then(|change| change.code.clone()),
            note: change.and_then(|change| change.note),
        })
    }
}
