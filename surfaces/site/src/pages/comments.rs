//! Comments under an article, all of them, and one with all that it answers.

use std::collections::BTreeMap;

use accounts::User;
use axum::extract::State;
use comments::{Comment, Sort};
use http::StatusCode;
use kernel::{ArticleId, AuthorId, CommentId, Cursor, Error, Invalid, Result, UserId};
use serde::Deserialize;
use web::render::Form as Fields;
use web::session::see_other;
use web::{CachePolicy, CacheTag, Failure, Form, Path, Query, RequestContext, status};

use super::{From, KEEP};
use crate::codes;
use crate::slots::{Voices, floor_of, floors, page_without_reply, voices_in};
use crate::views::comments::{CommentPage, CommentsPage, Thread};
use crate::views::parts::Pager;
use crate::views::slots::Liked;
use crate::{Answer, Site};

const HOT_COMMENTS: usize = 5;
const NEW_COMMENTS: usize = 20;
/// On a page of all comments: one of thirty, with three floors under each, stays under 150 KB.
const COMMENTS: usize = 30;
/// Floors of a tower on one page.
const FLOORS: usize = 100;

impl Site {
    /// The comments as the article's page has them, and what that shows by them.
    pub(crate) async fn thread(
        &self,
        context: &RequestContext,
        (id, author): (ArticleId, AuthorId),
        total: i64,
        reply: Option<CommentId>,
        owners: &[UserId],
    ) -> Result<(Thread, Vec<CacheTag>)> {
        // A handful of comments needs no choice of the best.
        let mut hot = Vec::new();
        if total > HOT_COMMENTS as i64 {
            hot = self.comments.folded_thread(id, Sort::Hot, Cursor::START, HOT_COMMENTS).await?.items;
            hot.retain(|floor| floor.comment.likes > 0);
        }
        let new = if total == 0 {
            kernel::Page::default()
        } else {
            self.comments.folded_thread(id, Sort::New, Cursor::START, NEW_COMMENTS).await?
        };
        let all = new.next.map(|_| format!("/article/{id}/comments"));
        let unwanted = self.unwanted(&context.rendered_for).await?;
        let pages = self.pages_in(author, voices_in(&new.items).chain(voices_in(&hot))).await?;
        let voices = Voices::new(owners, &unwanted, &pages);
        let new = floors(new.items, voices);
        let mut hot = floors(hot, voices);
        for floor in &mut hot {
            floor.anchor = new.iter().all(|other| other.comment.id != floor.comment.id);
        }
        let thread = Thread {
            article: id,
            total,
            hot,
            new,
            all,
            mine: self.my_comments(&context.rendered_for, id).await?,
            reply: self.reply(&context.rendered_for, id, reply, format!("/article/{id}")).await?,
        };
        Ok((thread, pages.tags().collect()))
    }
}

#[derive(Default, Deserialize)]
pub struct Sorted {
    #[serde(default)]
    sort: String,
    #[serde(flatten)]
    from: From,
    reply: Option<CommentId>,
}

/// `GET /article/{id}/comments`
pub async fn list(
    State(site): State<Site>,
    context: RequestContext,
    Path(id): Path<ArticleId>,
    Query(asks): Query<Sorted>,
) -> Answer {
    let article = site.articles.get_visible(id).await?;
    let (sort, name) = if asks.sort == "hot" { (Sort::Hot, "hot") } else { (Sort::New, "new") };
    let page = site.comments.folded_thread(id, sort, asks.from.cursor(), COMMENTS).await?;
    let base = format!("/article/{id}/comments?sort={name}");
    let pager = asks.from.pager(&base, &page);
    let at = asks.from.cursor.map_or_else(|| base.clone(), |cursor| format!("{base}&cursor={cursor}"));
    let owners = site.authors.owners(article.author).await?;
    let unwanted = site.unwanted(&context.rendered_for).await?;
    let pages = site.pages_in(article.author, voices_in(&page.items)).await?;
    let view = CommentsPage {
        article: id,
        total: site.comments.counts(&[id]).await?.get(&id).copied().unwrap_or(0),
        title: article.draft.title,
        language: article.language,
        sort: name,
        floors: floors(page.items, Voices::new(&owners, &unwanted, &pages)),
        mine: site.my_comments(&context.rendered_for, id).await?,
        reply: site.reply(&context.rendered_for, id, asks.reply, at.clone()).await?,
        at,
        pager,
    };
    // What the author's owners say is marked, and owners change.
    let mut tags = vec![CacheTag::Article(id), CacheTag::Thread(id), CacheTag::Author(article.author)];
    tags.extend(pages.tags());
    let policy = CachePolicy { tags, keep: KEEP, reads: None };
    Ok(site.frame.shared(&context, &view, policy).await?)
}

#[derive(Default, Deserialize)]
pub struct TowerAsks {
    /// The number of the first floor that is shown.
    from: Option<i64>,
    reply: Option<CommentId>,
}

/// `GET /comment/{id}?from=`: a comment on all that it answers, in parts.
pub async fn show(
    State(site): State<Site>,
    context: RequestContext,
    Path(id): Path<CommentId>,
    Query(asks): Query<TowerAsks>,
) -> Answer {
    let comment = site.visible_comment(Some(id)).await?.ok_or(Error::NotFound)?;
    let article = site.articles.get_visible(comment.article).await?;
    let owners = site.authors.owners(article.author).await?;
    // What is asked for, between the first floor and the last two: they stand in every list.
    let tower = site.comments.tower(&comment, asks.from.unwrap_or(1), FLOORS).await?;
    let folded = site.comments.folded(comment).await?;
    let floors: BTreeMap<i64, Comment> =
        folded.quotes.into_iter().chain(tower).map(|quote| (quote.floor, quote)).collect();
    let at = page_without_reply(context.uri.path(), context.uri.query().unwrap_or_default());
    let liked = match context.rendered_for.user() {
        Some(user) => site.comments.liked_by(user.id, article.id).await?,
        None => Vec::new(),
    };
    let unwanted = site.unwanted(&context.rendered_for).await?;
    let spoken = floors.values().chain([&folded.comment]);
    let pages = site.pages_in(article.author, spoken).await?;
    let voices = Voices::new(&owners, &unwanted, &pages);
    let view = CommentPage {
        article: article.id,
        reply: site.reply(&context.rendered_for, article.id, asks.reply, at).await?,
        title: article.draft.title,
        language: article.language,
        floor: floor_of(folded.comment, floors.into_values().collect(), voices),
        liked: Liked { liked },
    };
    let mut tags = vec![
        CacheTag::Article(view.article),
        CacheTag::Thread(view.article),
        CacheTag::Author(article.author),
    ];
    tags.extend(pages.tags());
    Ok(site.frame.shared(&context, &view, CachePolicy { tags, keep: KEEP, reads: None }).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct NewComment {
    text: String,
    parent: String,
}

/// `POST /article/{id}/comments`
pub async fn send(
    State(site): State<Site>,
    context: RequestContext,
    Path(id): Path<ArticleId>,
    Form(sent): Form<NewComment>,
) -> Answer {
    let user = context.viewer.signed_in()?;
    let parent: Option<CommentId> = match sent.parent.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| Failure(Error::NotFound))?),
    };
    match site.comments.post_from(user, id, parent, &sent.text, site.frame.region(&context)).await {
        Ok(comment) if comment.state.is_visible() => {
            Ok(see_other(&format!("/article/{id}#comment-{}", comment.id)))
        }
        Ok(_) => Ok(see_other(&format!("/article/{id}#comment-form"))),
        Err(error) => site.refused(&context, user, id, parent, &sent.text, error).await,
    }
}

impl Site {
    /// The form again, with what was typed and what is wrong: an answer stands under the comment that it is for.
    async fn refused(
        &self,
        context: &RequestContext,
        user: &User,
        id: ArticleId,
        parent: Option<CommentId>,
        text: &str,
        error: Error,
    ) -> Answer {
        let article = self.articles.get_visible(id).await?;
        let form = Fields::sent([("text", text)]);
        let form = match &error {
            Error::Invalid(errors) => form.refused(errors),
            Error::TooMany(wait) => {
                let mut errors = Invalid::default();
                errors.add_limit("text", codes::COMMENT_OFTEN, wait.as_secs().max(1) as i64);
                form.refused(&errors)
            }
            // The article is there, so it is the comment that is not.
            Error::NotFound if parent.is_some() => form.with_error("text", codes::COMMENT_GONE),
            Error::Conflict(::blocks::codes::BLOCKED) => form.with_error("text", codes::COMMENT_BLOCKED),
            Error::Conflict(::blocks::codes::BLOCKING) => form.with_error("text", codes::COMMENT_BLOCKING),
            _ => return Err(error.into()),
        };
        let owners = self.authors.owners(article.author).await?;
        let answered = self.visible_comment(parent).await?.filter(|comment| comment.article == id);
        let mut response = if let Some(comment) = answered {
            let floor = self.comments.folded(comment).await?;
            let unwanted = self.unwanted(&context.viewer).await?;
            let floor = [floor];
            let pages = self.pages_in(article.author, voices_in(&floor)).await?;
            let [floor] = floor;
            let voices = Voices::new(&owners, &unwanted, &pages);
            let floor = floor_of(floor.comment, floor.quotes, voices).short();
            let reply = self.reply(&context.viewer, id, parent, format!("/article/{id}")).await?;
            let view = CommentPage {
                article: id,
                title: article.draft.title,
                language: article.language,
                floor,
                // What was typed stays, with what is wrong beside it.
                reply: reply.map(|reply| crate::views::slots::Reply { form, refused: None, ..reply }),
                liked: Liked { liked: self.comments.liked_by(user.id, id).await? },
            };
            self.frame.refused(context, &view).await?
        } else {
            let mut mine = self.my_comments(&context.viewer, id).await?;
            mine.form = form;
            let view = CommentsPage {
                article: id,
                title: article.draft.title,
                language: article.language,
                total: self.comments.counts(&[id]).await?.get(&id).copied().unwrap_or(0),
                sort: "new",
                at: format!("/article/{id}/comments?sort=new"),
                floors: Vec::new(),
                mine,
                reply: None,
                pager: Pager { next: None, first: true },
            };
            self.frame.refused(context, &view).await?
        };
        *response.status_mut() = if parent.is_some() && matches!(error, Error::NotFound) {
            StatusCode::CONFLICT
        } else {
            status(&error)
        };
        if let Error::TooMany(wait) = error {
            response.headers_mut().insert(http::header::RETRY_AFTER, wait.as_secs().max(1).into());
        }
        Ok(response)
    }
}
