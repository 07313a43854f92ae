//! Who writes: the holder of an API token.

use accounts::User;
use articles::Article;
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::header;
use http::request::Parts;
use kernel::{ArticleId, Error, UserId};

use crate::Api;
use crate::error::{ApiError, Result};

/// The user behind `Authorization: Bearer byl_…`. A handler that takes it answers nobody else; one that takes
/// `Option<Token>` answers everybody, but refuses a token that is wrong.
pub struct Token(User);

impl Token {
    pub fn id(&self) -> UserId {
        self.0.id
    }
}

impl FromRequestParts<Api> for Token {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self> {
        let token = <Self as OptionalFromRequestParts<Api>>::from_request_parts(parts, api).await?;
        token.ok_or_else(ApiError::no_token)
    }
}

/// A token's user who writes for at least one author: nobody else has anything to send.
pub struct Writer(Token);

impl std::ops::Deref for Writer {
    type Target = Token;
    fn deref(&self) -> &Token {
        &self.0
    }
}

impl FromRequestParts<Api> for Writer {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self> {
        let token = <Token as FromRequestParts<Api>>::from_request_parts(parts, api).await?;
        if api.authors.owned_by(token.id()).await?.is_empty() {
            return Err(Error::Denied.into());
        }
        Ok(Self(token))
    }
}

impl OptionalFromRequestParts<Api> for Token {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Option<Self>> {
        let Some(value) = parts.headers.get(header::AUTHORIZATION) else { return Ok(None) };
        let (scheme, token) = value.to_str().ok().and_then(|v| v.split_once(' ')).unwrap_or_default();
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(ApiError::bad_token());
        }
        let viewer = api.accounts.viewer_by_token(token.trim()).await?;
        let user = viewer.user().cloned().ok_or_else(ApiError::bad_token)?;
        api.pace.check(user.id, api.env.instant())?;
        Ok(Some(Self(user)))
    }
}

impl Api {
    /// The article in whatever state, if the token's user writes for its author. Others learn of it what every reader may know.
    pub async fn own(&self, token: &Token, id: ArticleId) -> Result<Article> {
        let article = self.articles.get(id).await?;
        if self.authors.owns(token.id(), article.author).await? {
            return Ok(article);
        }
        self.articles.get_visible(id).await?;
        Err(Error::Denied.into())
    }
}
