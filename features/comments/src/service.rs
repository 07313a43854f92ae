//! What can be done with comments. Bulk import is in `import.rs`.

use ::settings::Settings;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use accounts::{Action, User, Viewer};
use articles::Articles;
use blocks::Blocks;
use db::{Db, Tx};
use events::{Actor, Journal};
use kernel::{ArticleId, CommentId, Cursor, Env, Error, Page, Region, Result, Time, UserId};
use limits::Limit;

use crate::codes;
use crate::events::{ChangeCause, Changed, Posted, PostedCause, Waiting};
use crate::model::{
    CHAIN, Comment, FOLDED_CHAIN, Floor, Liked, Sort, State, Talk, check_text, floors, has_many_links, heat,
    page_length,
};
use crate::settings::REVIEW;
use crate::store;

/// A decision about somebody else's comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// Away from view until somebody decides again.
    Hold,
    /// Shown, whether it was held or removed.
    Release,
    /// Away for good; `code` says why (`remove-…` in the locale files).
    Remove { code: &'a str },
}

/// How many removed comments of theirs somebody is told of under one article.
const MINE_REMOVED: usize = 5;

#[derive(Clone)]
pub struct Comments {
    pub(crate) db: Db,
    pub(crate) journal: Journal,
    pub(crate) env: Env,
    articles: Articles,
    blocks: Blocks,
    settings: Settings,
    by_user: Arc<Limit>,
}

impl Comments {
    pub fn new(
        db: Db,
        journal: Journal,
        env: Env,
        articles: Articles,
        blocks: Blocks,
        settings: Settings,
    ) -> Self {
        let by_user = Arc::new(Limit::new(db.clone(), env.clone(), "comments", 10, Duration::from_mins(1)));
        Self { db, journal, env, articles, blocks, settings, by_user }
    }

    /// The same for `actor`: what is done is told of as theirs.
    #[must_use]
    pub fn by(&self, actor: impl Into<Actor>) -> Self {
        Self { journal: self.journal.by(actor), ..self.clone() }
    }

    /// Says something under a visible article, or in answer to a visible comment there. The comment comes back live or held:
    /// held when the site asks for it or it has many links (a moderator's own never is). Codes: `comment-empty`,
    /// `comment-long`; too often: [`Error::TooMany`]; conflicts of an answer: `blocked`, `blocking`.
    pub async fn post(
        &self,
        by: &User,
        article: ArticleId,
        parent: Option<CommentId>,
        text: &str,
    ) -> Result<Comment> {
        self.post_from(by, article, parent, text, None).await
    }

    /// The same, with the region that it comes from, where the site knows.
    pub async fn post_from(
        &self,
        by: &User,
        article: ArticleId,
        parent: Option<CommentId>,
        text: &str,
        region: Option<Region>,
    ) -> Result<Comment> {
        let text = check_text(text)?;
        let now = self.env.now();
        self.by_user.check(&by.id.to_string()).await?;
        self.articles.get_visible(article).await?;
        if let Some(parent) = parent {
            self.check_contact(by.id, parent).await?;
        }
        let hold = self.holds(by, &text);
        let mut comment = Comment {
            id: self.env.id(),
            article,
            parent,
            floor: 1,
            root: None,
            by: Some(by.id),
            name: by.name.clone(),
            region,
            text,
            state: if hold { State::Held } else { State::Live },
            likes: 0,
            created_at: now,
            removed_for: None,
        };
        let tx = self.db.write().await?;
        if let Some(parent) = parent {
            let answered = store::find(&tx, parent).await?;
            let answered = answered.filter(|c| c.article == article && c.state.is_visible());
            let answered = answered.ok_or(Error::NotFound)?;
            (comment.floor, comment.root) = (answered.floor + 1, Some(answered.root.unwrap_or(parent)));
        }
        store::insert(&tx, &comment).await?;
        if comment.state == State::Held {
            self.journal.by(by.id).append(&tx, &Waiting { id: comment.id }).await?;
        }
        self.by(by.id).show(&tx, &comment, PostedCause::Written).await?;
        tx.commit().await?;
        Ok(comment)
    }

    /// Conflicts: `blocked`, `blocking`.
    pub async fn like(&self, user: UserId, id: CommentId) -> Result<()> {
        self.check_contact(user, id).await?;
        let now = self.env.now();
        self.liking(id, async |tx, comment| Ok(i64::from(store::like(tx, user, comment, now).await?))).await
    }

    pub async fn unlike(&self, user: UserId, id: CommentId) -> Result<()> {
        self.liking(id, async |tx, comment| Ok(-i64::from(store::unlike(tx, user, comment).await?))).await
    }

    /// Whether a user may answer and like a comment, as far as they and its writer are concerned: conflicts `blocked`, `blocking`. What
    /// is not to be seen is left to those who look for it.
    pub async fn check_contact(&self, user: UserId, id: CommentId) -> Result<()> {
        let comment = self.find(id).await?.filter(|comment| comment.state.is_visible());
        match comment.and_then(|comment| comment.by) {
            Some(writer) => self.blocks.check_contact(user, writer).await,
            None => Ok(()),
        }
    }

    /// `change` says by how much the likes of the comment change.
    async fn liking(
        &self,
        id: CommentId,
        change: impl AsyncFnOnce(&Tx, &Comment) -> Result<i64>,
    ) -> Result<()> {
        let article = self.find(id).await?.ok_or(Error::NotFound)?.article;
        self.articles.get_visible(article).await?;
        let tx = self.db.write().await?;
        let comment = store::lock(&tx, id).await?.filter(|c| c.state.is_visible()).ok_or(Error::NotFound)?;
        let by = change(&tx, &comment).await?;
        if by != 0 {
            store::set_likes(&tx, &comment, comment.likes + by).await?;
            // Whose like it was, nobody is told.
            let liked = Changed::of(&comment, ChangeCause::Liked);
            self.journal.by(Actor::Anonymous).append(&tx, &liked).await?;
        }
        tx.commit().await
    }

    /// A part of an article's visible comments, each with those it answers. Whether the article is visible the caller has checked.
    pub async fn thread(
        &self,
        article: ArticleId,
        sort: Sort,
        from: Cursor,
        limit: usize,
    ) -> Result<Page<Floor>> {
        let comments = store::thread(&self.db, article, sort, from, limit + 1).await?;
        self.cut(comments, sort, limit, CHAIN).await
    }

    /// The same for a page: of what a comment answers the first and the last two, and no more comments than a page can bear.
    pub async fn folded_thread(
        &self,
        article: ArticleId,
        sort: Sort,
        from: Cursor,
        limit: usize,
    ) -> Result<Page<Floor>> {
        let comments = store::thread(&self.db, article, sort, from, limit + 1).await?;
        let limit = limit.min(page_length(&comments));
        self.cut(comments, sort, limit, FOLDED_CHAIN).await
    }

    /// What a comment stands on, from floor `from` on, at most `limit` and no more text than a page of a thread has. Whether the comment is visible the caller has checked.
    pub async fn tower(&self, comment: &Comment, from: i64, limit: usize) -> Result<Vec<Comment>> {
        let mut tower = store::tower(&self.db, comment, from.max(1), limit as i64).await?;
        tower.truncate(page_length(&tower));
        Ok(tower.into_iter().map(Comment::for_everybody).collect())
    }

    /// A comment as it stands in a thread that is folded.
    pub async fn folded(&self, comment: Comment) -> Result<Floor> {
        let page = self.cut(vec![comment], Sort::New, 1, FOLDED_CHAIN).await?;
        page.items.into_iter().next().ok_or(Error::NotFound)
    }

    async fn cut(
        &self,
        comments: Vec<Comment>,
        sort: Sort,
        limit: usize,
        chain: usize,
    ) -> Result<Page<Floor>> {
        let page = Page::cut(comments, limit, |comment| Cursor {
            key: match sort {
                Sort::Hot => heat(comment.likes, comment.created_at),
                Sort::New => comment.created_at.millis(),
            },
            id: comment.id.raw(),
        });
        let ancestors = store::ancestors(&self.db, &page.items, chain).await?;
        Ok(Page { items: floors(page.items, ancestors, chain), next: page.next })
    }

    /// A comment in any state, for those who may see it so: the caller checks.
    pub async fn find(&self, id: CommentId) -> Result<Option<Comment>> {
        store::find(&self.db, id).await
    }

    /// The visible ones of `ids`, in any order. Whether their articles are visible the caller checks.
    pub async fn get_visible_many(&self, ids: &[CommentId]) -> Result<Vec<Comment>> {
        store::visible(&self.db, ids).await
    }

    /// What the user wrote there that waits for a reviewer.
    pub async fn mine_held(&self, user: UserId, article: ArticleId) -> Result<Vec<Comment>> {
        store::mine_held(&self.db, user, article).await
    }

    /// The latest of what the user wrote there that reviewers removed, each with the reason.
    pub async fn mine_removed(&self, user: UserId, article: ArticleId) -> Result<Vec<Comment>> {
        store::mine_removed(&self.db, user, article, MINE_REMOVED).await
    }

    /// The visible comments that some users wrote there.
    pub async fn written_by(&self, users: &[UserId], article: ArticleId) -> Result<Vec<CommentId>> {
        store::written_by(&self.db, users, article).await
    }

    /// The visible comments of a user, newest first. Whether their articles are visible the caller checks.
    pub async fn by_user(&self, user: UserId, from: Cursor, limit: usize) -> Result<Page<Comment>> {
        let comments = store::by_user(&self.db, user, from, limit + 1).await?;
        Ok(Page::cut(comments, limit, |comment| Cursor { key: 0, id: comment.id.raw() }))
    }

    /// Whether what somebody says of themselves waits for a reviewer: by the rule for what they say in comments.
    pub fn holds_profile(&self, by: &User, text: &str) -> bool {
        self.holds(by, text)
    }

    fn holds(&self, by: &User, text: &str) -> bool {
        (self.settings.get(&REVIEW) || has_many_links(text)) && !by.may(Action::ModerateComments)
    }

    pub async fn liked_by(&self, user: UserId, article: ArticleId) -> Result<Vec<CommentId>> {
        store::liked_by(&self.db, user, article).await
    }

    /// How many of `users` like a comment.
    pub async fn count_likes_of(&self, comment: &Comment, users: &[UserId]) -> Result<i64> {
        store::count_likes_of(&self.db, comment, users).await
    }

    /// How many visible comments each article has; articles without any are left out.
    pub async fn counts(&self, articles: &[ArticleId]) -> Result<HashMap<ArticleId, i64>> {
        Ok(store::counts(&self.db, articles).await?.into_iter().collect())
    }

    /// How many spoke since `since`, by the hour in which they did last, `among` some articles or all: whoever shows articles by it checks that they are
    /// visible. Users with ids below `known` are told apart (see [`kernel::Id::at`]).
    pub async fn talk(&self, since: Time, known: UserId, among: Option<&[ArticleId]>) -> Result<Vec<Talk>> {
        store::talk(&self.db, since, known, among).await
    }

    /// What waits for a reviewer, newest first. For reviewers: the caller checks.
    pub async fn held(&self, from: Cursor, limit: usize) -> Result<Page<Comment>> {
        let held = store::held(&self.db, from, limit + 1).await?;
        Ok(Page::cut(held, limit, |comment| Cursor { key: 0, id: comment.id.raw() }))
    }

    pub async fn count_held(&self) -> Result<i64> {
        store::count_held(&self.db).await
    }

    /// How many visible comments a user wrote.
    pub async fn count_by(&self, user: UserId) -> Result<i64> {
        store::count_by(&self.db, user).await
    }

    /// Forgets a user who is deleted: not a word of their comments is left. With `keep` the places of those that others answered stay, and
    /// `name` stands where a name must; without, the answers stand by themselves. Their likes go.
    pub async fn erase(&self, tx: &Tx, user: UserId, name: &str, keep: bool) -> Result<()> {
        for (article, id) in store::erase::one_in_each_article(tx, user).await? {
            let erased = Changed { id, article, writer: None, cause: ChangeCause::Erased, reason: None };
            self.journal.append(tx, &erased).await?;
        }
        let visible = store::erase::visible_by(tx, user).await?;
        let fewer: Vec<_> = visible.into_iter().map(|(article, n)| (article, -n)).collect();
        store::add_to_counts(tx, &fewer).await?;
        for comment in store::liked_anywhere_by(tx, user).await? {
            store::set_likes(tx, &comment, (comment.likes - 1).max(0)).await?;
            self.journal.append(tx, &Changed::of(&comment, ChangeCause::Erased)).await?;
        }
        store::delete_likes_of(tx, user).await?;
        if keep { store::erase::empty(tx, user, name).await } else { store::erase::delete(tx, user).await }
    }

    /// All that a user wrote here, in any state, newest first.
    pub async fn all_of_user(&self, user: UserId, from: Cursor, limit: usize) -> Result<Page<Comment>> {
        let comments = store::erase::written(&self.db, user, from, limit + 1).await?;
        Ok(Page::cut(comments, limit, |comment| Cursor { key: 0, id: comment.id.raw() }))
    }

    /// All that a user likes here, newest first.
    pub async fn liked_by_user(&self, user: UserId, from: Cursor, limit: usize) -> Result<Page<Liked>> {
        let liked = store::erase::liked(&self.db, user, from, limit + 1).await?;
        Ok(Page::cut(liked, limit, |liked| Cursor { key: liked.at.millis(), id: liked.comment.raw() }))
    }

    /// What a moderator decides about somebody else's comment (conflict `decide-own`): that it is held, shown, or removed for a
    /// reason. A removed one keeps its place where it is quoted. `also` is written last in the same transaction (who decided and
    /// why); it is told what the comment was before, and that nothing changes where it stands so already. Of one that its writer's
    /// deletion emptied nothing is left to show: conflict `comment-erased`.
    pub async fn decide(
        &self,
        viewer: &Viewer,
        id: CommentId,
        verdict: Verdict<'_>,
        also: impl AsyncFnOnce(&Tx, &Comment, bool) -> Result<()>,
    ) -> Result<()> {
        let by = viewer.require(Action::ModerateComments)?.id;
        let (to, code) = match verdict {
            Verdict::Hold => (State::Held, None),
            Verdict::Release => (State::Live, None),
            Verdict::Remove { code } => (State::Removed, Some(code)),
        };
        let tx = self.db.write().await?;
        let before = store::lock(&tx, id).await?.ok_or(Error::NotFound)?;
        if before.by == Some(by) {
            return Err(Error::Conflict(codes::DECIDE_OWN));
        }
        before.state.turn(to)?;
        if to != State::Removed && before.text.is_empty() {
            return Err(Error::Conflict(codes::COMMENT_ERASED));
        }
        let changes = before.state != to;
        if changes {
            store::set_state(&tx, id, to, code).await?;
            if before.state.is_visible() {
                store::add_to_count(&tx, before.article, -1).await?;
            }
            // Also one that was held may stand, as an empty place, in chains that are shown.
            if before.state.is_visible() || to == State::Removed {
                let cause = if to == State::Removed { ChangeCause::Removed } else { ChangeCause::Held };
                let reason = code.map(str::to_owned);
                let changed = Changed { reason, ..Changed::of(&before, cause) };
                self.journal.by(by).append(&tx, &changed).await?;
            }
            self.by(by).show(&tx, &Comment { state: to, ..before.clone() }, PostedCause::Released).await?;
        }
        also(&tx, &before, changes).await?;
        tx.commit().await
    }

    /// Counts and tells of a comment that has become visible, if it has.
    async fn show(&self, tx: &Tx, comment: &Comment, cause: PostedCause) -> Result<()> {
        if !comment.state.is_visible() {
            return Ok(());
        }
        store::add_to_count(tx, comment.article, 1).await?;
        self.journal.append(tx, &Posted::of(comment, cause)).await
    }
}

impl Posted {
    pub(crate) fn of(comment: &Comment, cause: PostedCause) -> Self {
        Self { id: comment.id, article: comment.article, writer: comment.by, cause }
    }
}

impl Changed {
    fn of(comment: &Comment, cause: ChangeCause) -> Self {
        Self { id: comment.id, article: comment.article, writer: comment.by, cause, reason: None }
    }
}

#[cfg(test)]
mod tests;
