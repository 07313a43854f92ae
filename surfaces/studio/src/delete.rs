//! Deleting drafts and pictures: a page that asks, and the deed.

use articles::Use;
use axum::body::Body;
use axum::extract::State;
use http::{Response, StatusCode};
use kernel::{ArticleId, Error, UserId};
use media::Picture;
use web::{Failure, Path, RequestContext, session};

use crate::Studio;
use crate::views::delete::{Delete, PictureUse};

/// Articles that are looked at for where a picture is used.
const USES: usize = 200;
/// And named.
const NAMED: usize = 20;

/// Where a picture is used.
pub struct Used {
    /// By the user's own authors.
    pub own: Vec<Use>,
    /// The handles of own authors whose avatar it is, or is to be.
    pub avatars: Vec<String>,
    /// By somebody else's.
    pub others: bool,
}

impl Used {
    /// Readers see it in something of the user's own, or will where a reviewer agrees: that comes first.
    pub fn is_needed(&self) -> bool {
        !self.avatars.is_empty() || self.own.iter().any(Use::is_needed)
    }
}

/// `GET /studio/article/{id}/delete`
pub async fn ask_article(
    State(studio): State<Studio>,
    context: RequestContext,
    Path(id): Path<ArticleId>,
) -> Result<Response<Body>, Failure> {
    let article = studio.own(&context.viewer, id).await?;
    let (author, owned) = studio.writer(&context, &article).await?;
    let newest = studio.articles.newest(id).await?.ok_or(Error::NotFound)?;
    let view = Delete {
        layout: Studio::layout("list", &author, &owned, ""),
        action: format!("/studio/article/{id}/delete"),
        back: format!("/studio/article/{id}"),
        refused: !article.can_be_deleted(),
        picture: None,
        title: newest.title,
        places: Vec::new(),
    };
    Ok(studio.frame.page(&context, &view).await?)
}

/// `POST /studio/article/{id}/delete`
pub async fn article(
    State(studio): State<Studio>,
    context: RequestContext,
    Path(id): Path<ArticleId>,
) -> Result<Response<Body>, Failure> {
    let article = studio.own(&context.viewer, id).await?;
    let (author, _) = studio.writer(&context, &article).await?;
    studio.moderation.delete_unpublished(id).await?;
    let author = web::percent(author.handle.as_str());
    Ok(session::see_other(&format!("/studio?author={author}&done=deleted")))
}

/// `GET /studio/pictures/{hash}/delete`
pub async fn ask_picture(
    State(studio): State<Studio>,
    context: RequestContext,
    Path(hash): Path<String>,
) -> Result<Response<Body>, Failure> {
    let (picture, user) = studio.own_picture(&context, &hash).await?;
    let used = studio.used(user, &hash).await?;
    Ok(studio.frame.page(&context, &studio.delete_picture(&context, &picture, &used).await?).await?)
}

/// `POST /studio/pictures/{hash}/delete`: 409 and the page that says where, while readers see it or a reviewer is to
pub async fn picture(
    State(studio): State<Studio>,
    context: RequestContext,
    Path(hash): Path<String>,
) -> Result<Response<Body>, Failure> {
    let (picture, user) = studio.own_picture(&context, &hash).await?;
    let used = studio.used(user, &hash).await?;
    if used.is_needed() {
        let view = studio.delete_picture(&context, &picture, &used).await?;
        let mut response = studio.frame.page(&context, &view).await?;
        *response.status_mut() = StatusCode::CONFLICT;
        return Ok(response);
    }
    studio.media.delete(user, &hash, used.others).await?;
    Ok(session::see_other("/studio/pictures?done=deleted-picture"))
}

impl Studio {
    /// A picture that the viewer uploaded. Others need not know that it is there.
    async fn own_picture(&self, context: &RequestContext, hash: &str) -> kernel::Result<(Picture, UserId)> {
        let user = context.viewer.signed_in()?.id;
        if !self.media.owners(hash).await?.contains(&user) {
            return Err(Error::NotFound);
        }
        Ok((self.media.find(hash).await?.ok_or(Error::NotFound)?, user))
    }

    async fn used(&self, user: UserId, hash: &str) -> kernel::Result<Used> {
        let mine = self.authors.owned_by(user).await?;
        let uses = self.articles.uses(hash, USES).await?;
        let (own, others): (Vec<Use>, Vec<Use>) =
            uses.into_iter().partition(|one| mine.iter().any(|author| author.id == one.author));
        let wearers = self.authors.wearers(hash).await?;
        let own_wearers = mine.iter().filter(|author| wearers.contains(&author.id));
        let avatars: Vec<String> = own_wearers.map(|author| author.handle.to_string()).collect();
        let is_logo = self.frame.site().logo.as_ref().is_some_and(|logo| logo.hash == hash);
        let others = !others.is_empty() || wearers.len() > avatars.len() || is_logo;
        Ok(Used { own, avatars, others })
    }

    async fn delete_picture(
        &self,
        context: &RequestContext,
        picture: &Picture,
        used: &Used,
    ) -> kernel::Result<Delete> {
        let (author, owned) = self.author_for(&context.viewer, "").await?.ok_or(Error::Denied)?;
        let article = |one: &Use| PictureUse {
            href: format!("/studio/article/{}", one.article),
            title: one.title.clone(),
            state: Some(one.state.name()),
        };
        let avatar = |handle: &String| PictureUse {
            href: format!("/studio/profile?author={}", web::percent(handle)),
            title: format!("@{handle}"),
            state: None,
        };
        Ok(Delete {
            layout: Self::layout("pictures", &author, &owned, ""),
            action: format!("/studio/pictures/{}/delete", picture.hash),
            back: "/studio/pictures".to_owned(),
            refused: used.is_needed(),
            picture: Some(picture.into()),
            title: String::new(),
            places: used.avatars.iter().map(avatar).chain(used.own.iter().take(NAMED).map(article)).collect(),
        })
    }
}
