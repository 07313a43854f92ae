//! `/settings/profile`: what others see of a user.

use accounts::{BIO_CHARS, NewProfile, User};
use axum::extract::{Multipart, State};
use kernel::Error;
use media::MAX_MEGABYTES;
use serde::Deserialize;
use web::render::{Form as Filled, user_path};
use web::session::see_other;
use web::{BodyMeter, PictureForm, Query, RequestContext};

use crate::compose::cover;
use crate::views::user::ProfileSettings;
use crate::{Answer, Site};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    done: String,
}

/// `GET /settings/profile`
pub async fn show(State(site): State<Site>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    let user = context.viewer.signed_in()?;
    let view = ProfileSettings { done: asked.done == "profile", ..site.own_profile(user).await? };
    Ok(site.frame.page(&context, &view).await?)
}

/// `POST /settings/profile`: `bio`, `open`, `avatar_drop`, file `avatar`
pub async fn save(
    State(site): State<Site>,
    context: RequestContext,
    meter: BodyMeter,
    form: Multipart,
) -> Answer {
    let user = context.viewer.signed_in()?;
    let mut sent = PictureForm::read(form, "avatar", MAX_MEGABYTES, &site.uploads, &meter).await?;
    let before = site.accounts.profile(user.id).await?;
    let mut profile = NewProfile {
        bio: sent.text("bio").to_owned(),
        avatar: before.avatar.clone(),
        private: sent.text("open").is_empty(),
    };
    // A form that is refused leaves no picture behind.
    if let Err(Error::Invalid(wrong)) = profile.check() {
        sent.errors.0.extend(wrong.0);
    }
    let (media, by) = (site.media.clone(), user.id);
    let picture = sent.keep(async |path| media.upload_file(Some(by), path).await).await?;
    if !sent.errors.0.is_empty() {
        let fields = ["bio", "open"];
        let form = Filled::sent(fields.map(|field| (field, sent.text(field)))).refused(&sent.errors);
        let view = ProfileSettings { form, ..site.own_profile(user).await? };
        return Ok(site.frame.refused(&context, &view).await?);
    }
    match picture {
        Some(picture) => profile.avatar = Some(picture.hash),
        None if !sent.text("avatar_drop").is_empty() => profile.avatar = None,
        None => {}
    }
    let (hold, avatar) = (site.comments.holds_profile(user, &profile.bio), profile.avatar.clone());
    let old = site.accounts.set_profile(user.id, profile, hold).await?.avatar;
    if let Some(old) = old.filter(|old| Some(old) != avatar.as_ref()) {
        site.discard_picture(user, &old).await?;
    }
    Ok(see_other("/settings/profile?done=profile"))
}

impl Site {
    async fn own_profile(&self, user: &User) -> kernel::Result<ProfileSettings> {
        let profile = self.accounts.profile(user.id).await?;
        let avatar = match &profile.avatar {
            Some(hash) => self.media.find(hash).await?.map(|picture| cover(&picture)),
            None => None,
        };
        let open = if profile.private { "" } else { "1" };
        Ok(ProfileSettings {
            form: Filled::default().with("bio", profile.bio).with("open", open),
            name: user.name.clone(),
            href: user_path(user.handle.as_str()),
            open: !profile.private,
            avatar,
            held: profile.held,
            most: BIO_CHARS,
            done: false,
        })
    }

    /// A picture that was somebody's portrait, and is nothing else's.
    async fn discard_picture(&self, user: &User, hash: &str) -> kernel::Result<()> {
        let used = !self.articles.uses(hash, 1).await?.is_empty()
            || !self.authors.wearers(hash).await?.is_empty()
            || !self.accounts.wearers(hash).await?.is_empty()
            || self.settings.get(&settings::site::LOGO) == hash;
        if used {
            return Ok(());
        }
        match self.media.delete(user.id, hash, false).await {
            // It is gone already.
            Err(Error::NotFound) => Ok(()),
            done => done.map(drop),
        }
    }
}
