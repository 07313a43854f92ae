//! The desk itself: beginning an article, going on with it.

use articles::{Article, Draft, State};
use authors::Author;
use axum::body::Body;
use axum::extract::{self, Multipart};
use http::Response;
use kernel::{ArticleId, AuthorId, Error, Invalid, Quota, Time, lang};
use serde::Deserialize;
use web::render::ArticleText;
use web::{BodyMeter, Failure, Path, Query, RequestContext, session};

use crate::Studio;
use crate::codes;
use crate::form::{ArticleForm, COVERS, publish_at};
use crate::upload::Sent;
use crate::views::desk::{Closed, Cover, Desk, Other, Standing};
use crate::views::expired::Expired;
use crate::views::parts::Choice;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    author: String,
    done: String,
}

/// `GET /studio/new?author=`
pub async fn blank(
    extract::State(studio): extract::State<Studio>,
    context: RequestContext,
    Query(asked): Query<Asked>,
) -> Result<Response<Body>, Failure> {
    context.viewer.signed_in()?;
    let Some((author, owned)) = studio.author_for(&context.viewer, &asked.author).await? else {
        return Ok(session::see_other("/studio"));
    };
    let view = studio.desk(&context, &author, &owned, &ArticleForm::default(), None, &asked.done).await?;
    Ok(studio.frame.page(&context, &view).await?)
}

/// `POST /studio/new`: fields of the desk, `author` its handle, `do` = `save` | `submit`
pub async fn create(
    extract::State(studio): extract::State<Studio>,
    context: RequestContext,
    meter: BodyMeter,
    form: Multipart,
) -> Result<Response<Body>, Failure> {
    let Some(user) = context.viewer.user() else { return studio.expired(&context, form, &meter).await };
    let sent = Sent::read(form, &studio.uploads, &meter).await?;
    let Some((author, owned)) = studio.author_for(&context.viewer, sent.text("author")).await? else {
        return Err(Error::Denied.into());
    };
    let sent = sent.keep(&studio.media, user.id).await?;
    let form = ArticleForm::sent(&sent);
    let made = match sent.errors.clone().check().and_then(|()| form.draft()) {
        Ok(draft) => {
            let draft = Draft { region: studio.frame.region(&context), ..draft };
            studio.articles.create(author.id, user.id, draft).await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok(article) => studio.after(&context, &author, &owned, &article, &form, &sent).await,
        Err(Error::Invalid(errors)) => {
            let mut view = studio.desk(&context, &author, &owned, &form, None, "").await?;
            view.form = view.form.refused(&errors);
            view.copy = copy_name(&sent).unwrap_or(view.copy);
            Ok(studio.frame.refused(&context, &view).await?)
        }
        Err(Error::Quota(quota)) => {
            let mut view = studio.desk(&context, &author, &owned, &form, None, "").await?;
            view.form = view.form.refused(&quota.into());
            view.copy = copy_name(&sent).unwrap_or(view.copy);
            studio.over(&context, &view, quota).await
        }
        Err(error) => {
            let mut view = studio.desk(&context, &author, &owned, &form, None, "").await?;
            view.copy = copy_name(&sent).unwrap_or(view.copy);
            studio.not_now(&context, view, error).await
        }
    }
}

/// The name of the browser's copy, as the form had it.
fn copy_name(sent: &Sent) -> Option<String> {
    let name = sent.text("copy");
    let fine = (1..=20).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric());
    fine.then(|| name.to_owned())
}

/// `GET /studio/article/{id}`
pub async fn open(
    extract::State(studio): extract::State<Studio>,
    context: RequestContext,
    Path(id): Path<ArticleId>,
    Query(asked): Query<Asked>,
) -> Result<Response<Body>, Failure> {
    let article = studio.own(&context.viewer, id).await?;
    let (author, owned) = studio.writer(&context, &article).await?;
    let newest = studio.articles.newest(id).await?.ok_or(Error::NotFound)?;
    if matches!(article.state, State::Submitted | State::Scheduled) {
        let html = studio.articles.preview(Some(article.author), &newest).await?;
        let view = Closed {
            layout: Studio::layout("list", &author, &owned, &asked.done),
            standing: Standing::of(&article),
            article: ArticleText::new(newest, html, article.language.clone()),
        };
        return Ok(studio.frame.page(&context, &view).await?);
    }
    let form = studio.editor_page(author.id, &newest, article.publish_at).await?;
    let view = studio.desk(&context, &author, &owned, &form, Some(&article), &asked.done).await?;
    Ok(studio.frame.page(&context, &view).await?)
}

/// `POST /studio/article/{id}`: as for a new one, and `version`: the revision that was gone on with
pub async fn save(
    extract::State(studio): extract::State<Studio>,
    context: RequestContext,
    Path(id): Path<ArticleId>,
    meter: BodyMeter,
    form: Multipart,
) -> Result<Response<Body>, Failure> {
    let Some(user) = context.viewer.user() else { return studio.expired(&context, form, &meter).await };
    let article = studio.own(&context.viewer, id).await?;
    let (author, owned) = studio.writer(&context, &article).await?;
    let sent = Sent::read(form, &studio.uploads, &meter).await?.keep(&studio.media, user.id).await?;
    let (form, on) = (ArticleForm::sent(&sent), sent.text("version").parse().unwrap_or(0));
    let saved = match sent.errors.clone().check().and_then(|()| form.draft()) {
        Ok(draft) => {
            let draft = Draft { region: studio.frame.region(&context), ..draft };
            studio.articles.edit(id, user.id, draft, on).await
        }
        Err(error) => Err(error),
    };
    match saved {
        Ok(article) => studio.after(&context, &author, &owned, &article, &form, &sent).await,
        Err(Error::Invalid(errors)) => {
            // Its own version stays: an error in the form must not hide that somebody else saved meanwhile.
            let mut view = studio.desk(&context, &author, &owned, &form, Some(&article), "").await?;
            view.form = view.form.refused(&errors);
            view.version = on;
            Ok(studio.frame.refused(&context, &view).await?)
        }
        Err(Error::Quota(quota)) => {
            let mut view = studio.desk(&context, &author, &owned, &form, Some(&article), "").await?;
            view.form = view.form.refused(&quota.into());
            view.version = on;
            studio.over(&context, &view, quota).await
        }
        Err(Error::Conflict(code)) => {
            let article = studio.articles.get(id).await?;
            let theirs = studio.articles.newest(id).await?.ok_or(Error::NotFound)?;
            let mut view = studio.desk(&context, &author, &owned, &form, Some(&article), "").await?;
            view.conflict = Some(code);
            view.other = (code == articles::codes::ARTICLE_EDITED).then_some(Other {
                at: article.updated_at,
                title: theirs.title,
                body: theirs.body,
            });
            let mut response = studio.frame.page(&context, &view).await?;
            *response.status_mut() = http::StatusCode::CONFLICT;
            Ok(response)
        }
        Err(error) => {
            let mut view = studio.desk(&context, &author, &owned, &form, Some(&article), "").await?;
            view.version = on;
            studio.not_now(&context, view, error).await
        }
    }
}

impl Studio {
    /// What cannot be saved now stays on the desk, to be sent again. Errors that are about the writer and not the text go on.
    async fn not_now(
        &self,
        context: &RequestContext,
        mut view: Desk,
        error: Error,
    ) -> Result<Response<Body>, Failure> {
        let mut errors = Invalid::default();
        match &error {
            Error::TooMany(wait) => errors.add_limit("", codes::DESK_OFTEN, wait.as_secs().max(1) as i64),
            Error::Unavailable(_) | Error::Internal(_) => {
                tracing::error!(%error, path = context.uri.path(), "an article could not be saved");
                errors.add("", codes::DESK_FAULT);
            }
            _ => return Err(error.into()),
        }
        view.form = view.form.refused(&errors);
        let mut response = self.frame.page(context, &view).await?;
        *response.status_mut() = web::status(&error);
        if let Error::TooMany(wait) = error {
            response.headers_mut().insert(http::header::RETRY_AFTER, wait.as_secs().max(1).into());
        }
        Ok(response)
    }

    /// The author of an article that the viewer owns, among all that they own.
    pub async fn writer(
        &self,
        context: &RequestContext,
        article: &Article,
    ) -> kernel::Result<(Author, Vec<Author>)> {
        let user = context.viewer.signed_in()?;
        let owned = self.authors.owned_by(user.id).await?;
        let author = owned.iter().find(|author| author.id == article.author).cloned();
        Ok((author.ok_or(Error::Denied)?, owned))
    }

    /// The desk with all that was typed, which is more than may be added now.
    async fn over(
        &self,
        context: &RequestContext,
        view: &Desk,
        quota: Quota,
    ) -> Result<Response<Body>, Failure> {
        let mut response = self.frame.page(context, view).await?;
        *response.status_mut() = web::status(&Error::Quota(quota));
        if let Some(wait) = quota.wait {
            response.headers_mut().insert(http::header::RETRY_AFTER, wait.as_secs().max(1).into());
        }
        Ok(response)
    }

    /// Somebody whose session ended while they wrote: their text comes back to them, to be sent again after signing in.
    async fn expired(
        &self,
        context: &RequestContext,
        form: Multipart,
        meter: &BodyMeter,
    ) -> Result<Response<Body>, Failure> {
        let sent = Sent::texts_of(form, meter).await;
        let view = Expired::new(context.uri.path(), &sent.fields);
        let mut response = self.frame.page(context, &view).await?;
        *response.status_mut() = http::StatusCode::UNAUTHORIZED;
        Ok(response)
    }

    /// What is on the desk when an article is opened. A language that the text itself tells is left to be guessed again.
    pub async fn editor_page(
        &self,
        author: AuthorId,
        newest: &Draft,
        publish_at: Option<Time>,
    ) -> kernel::Result<ArticleForm> {
        let mut form = ArticleForm::of(newest, publish_at, &self.frame.site().zone);
        // A text that can't be rendered can still be written on.
        let shown = self.articles.preview(Some(author), newest).await;
        let text = shown.map_or_else(|_| newest.body.clone(), |html| html.text());
        if lang::guess(&format!("{}\n{text}", newest.title)) == form.line("language") {
            form.empty_line("language");
        }
        Ok(form)
    }

    /// The article is saved; sends it in where that was asked for too.
    async fn after(
        &self,
        context: &RequestContext,
        author: &Author,
        owned: &[Author],
        article: &Article,
        form: &ArticleForm,
        sent: &Sent,
    ) -> Result<Response<Body>, Failure> {
        let path = format!("/studio/article/{}", article.id);
        if sent.text("do") != "submit" {
            let done = if sent.stopped() { "saved-still" } else { "saved" };
            return Ok(session::see_other(&format!("{path}?done={done}")));
        }
        match self.send_in(context, article.id, &form.publish_at).await {
            Ok(article) => Ok(session::see_other(&format!("{path}?done={}", outcome(&article)))),
            Err(Error::Invalid(errors)) => {
                self.incomplete(context, author, owned, article, form, &errors).await
            }
            Err(error) => Err(error.into()),
        }
    }

    pub async fn send_in(
        &self,
        context: &RequestContext,
        id: ArticleId,
        at: &str,
    ) -> kernel::Result<Article> {
        let at = publish_at(at, &self.frame.site().zone, context.now)?;
        let by = context.viewer.signed_in()?.id;
        self.articles.by(by).submit(id, at).await
    }

    /// The draft is kept, but lacks something that a submission needs.
    pub async fn incomplete(
        &self,
        context: &RequestContext,
        author: &Author,
        owned: &[Author],
        article: &Article,
        form: &ArticleForm,
        errors: &Invalid,
    ) -> Result<Response<Body>, Failure> {
        let mut view = self.desk(context, author, owned, form, Some(article), "").await?;
        view.form = view.form.refused(errors);
        view.kept = true;
        Ok(self.frame.refused(context, &view).await?)
    }

    pub async fn desk(
        &self,
        context: &RequestContext,
        author: &Author,
        owned: &[Author],
        form: &ArticleForm,
        article: Option<&Article>,
        done: &str,
    ) -> kernel::Result<Desk> {
        let locale = context.variant.locale;
        let channels = self.frame.channels().await?;
        let hashes: Vec<&str> = form.covers.iter().map(String::as_str).collect();
        let pictures = self.media.get_many(&hashes).await?;
        let cover = |n: usize| {
            let picture = form.covers.get(n).and_then(|hash| pictures.get(hash));
            Cover { n: n + 1, picture: picture.map(Into::into) }
        };
        Ok(Desk {
            layout: Self::layout(if article.is_some() { "list" } else { "new" }, author, owned, done),
            standing: article.map(Standing::of),
            version: article.map_or(0, |article| article.latest),
            copy: self.env.id::<()>().to_string(),
            form: form.form(),
            channels: channels
                .list
                .iter()
                .map(|c| Choice { value: c.slug.to_string(), text: c.name(locale).to_owned() })
                .collect(),
            declared: form.declared.clone(),
            covers: (0..COVERS).map(cover).collect(),
            trusted: !self.articles.reviews(author),
            zone: self.frame.site().zone.clone(),
            conflict: None,
            other: None,
            kept: false,
        })
    }
}

/// What to say of an article that was sent in: `notice-desk-…`.
pub fn outcome(article: &Article) -> &'static str {
    match article.state {
        State::Scheduled => "scheduled",
        State::Live if !article.pending => "published",
        _ => "submitted",
    }
}
