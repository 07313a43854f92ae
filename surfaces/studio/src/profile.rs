//! How an author presents themselves.

use authors::{Author, Profile};
use axum::body::Body;
use axum::extract::{Multipart, State};
use http::Response;
use kernel::confusable::{is_reserved_name, poses_as};
use kernel::{Error, name};
use serde::Deserialize;
use web::render::Form;
use web::{BodyMeter, Failure, Query, RequestContext, session};

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
    context: RequestContext,
    Query(asked): Query<Asked>,
) -> Result<Response<Body>, Failure> {
    context.viewer.signed_in()?;
    let Some((author, owned)) = studio.author_for(&context.viewer, &asked.author).await? else {
        return Ok(session::see_other("/studio"));
    };
    // What was asked for last, also while it waits or after it came back: the owner goes on from there.
    let (name, bio, region) = match studio.authors.change_of(author.id).await? {
        Some(change) => (change.name, change.bio, change.region),
        None => (author.name.clone(), author.bio.clone(), author.region.clone()),
    };
    let region = region.unwrap_or_default();
    let form = Form::sent([("name", name.as_str()), ("bio", &bio), ("region", &region)]);
    let view = studio.profile(&author, &owned, &asked.done, form).await?;
    Ok(studio.frame.page(&context, &view).await?)
}

/// `POST /studio/profile`: `author` its handle, `name`, `bio`, `region`, `avatar_drop`, file `avatar`.
/// All of it waits for a reviewer where the author's articles do, and where the name is one of those who look after the site. A verified author who takes another name has to be verified
/// again: the mark vouches for the name.
pub async fn save(
    State(studio): State<Studio>,
    context: RequestContext,
    meter: BodyMeter,
    form: Multipart,
) -> Result<Response<Body>, Failure> {
    let user = context.viewer.signed_in()?;
    let sent = Sent::read(form, &studio.uploads, &meter).await?;
    let Some((author, owned)) = studio.author_for(&context.viewer, sent.text("author")).await? else {
        return Err(Error::Denied.into());
    };
    let typed = |sent: &Sent, author: Author| {
        let text = |field: &'static str| sent.text(field).to_owned();
        Profile { name: text("name"), bio: text("bio"), region: Some(text("region")), ..author.into() }
    };
    // A form that is refused leaves no picture behind.
    let fine = typed(&sent, author.clone()).fits(&author).is_ok();
    let sent = if fine { sent.keep(&studio.media, user.id).await? } else { sent };
    let asked = studio.authors.change_of(author.id).await?;
    let kept = asked.map_or_else(|| author.avatar.clone(), |change| change.avatar);
    let avatar = match sent.pictures_in("avatar").next() {
        Some(new) => Some(new.hash.clone()),
        None if sent.text("avatar_drop").is_empty() => kept,
        None => None,
    };
    let name = name::one_line(sent.text("name"));
    let profile = |now: Author| {
        let verified = now.verified && name == now.name;
        Profile { verified, avatar, ..typed(&sent, now) }
    };
    // Whoever publishes without review is trusted with their name, too, but not to be taken for the site itself.
    let official = is_reserved_name(&name) || poses_as(&name, &studio.frame.site().name);
    let waits = studio.articles.reviews(&author) || (name != author.name && official);
    let saved = match sent.errors.clone().check() {
        Ok(()) if waits => studio.authors.propose(user, author.id, profile(author.clone())).await,
        Ok(()) => match studio.authors.by(user.id).amend(author.id, profile).await {
            // What was asked for before is done with.
            Ok(now) => studio.authors.propose(user, author.id, now.into()).await,
            Err(error) => Err(error),
        },
        Err(error) => Err(error),
    };
    match saved {
        Ok(waits) => {
            let handle = web::percent(author.handle.as_str());
            let done = if waits { "profile-waits" } else { "profile" };
            Ok(session::see_other(&format!("/studio/profile?author={handle}&done={done}")))
        }
        Err(Error::Invalid(errors)) => {
            let fields = ["name", "bio", "region"];
            let form = Form::sent(fields.map(|field| (field, sent.text(field)))).refused(&errors);
            let view = studio.profile(&author, &owned, "", form).await?;
            Ok(studio.frame.refused(&context, &view).await?)
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
            layout: Self::layout("profile", author, owned, done),
            form,
            avatar: avatar.as_ref().map(Into::into),
            verified: author.verified,
            shown: change.as_ref().map(|_| author.name.clone()),
            code: change.as_ref().and_then(|change| change.code.clone()),
            note: change.and_then(|change| change.note),
        })
    }
}
