//! What readers do with authors and articles. Doing or undoing a thing twice is doing it once.

use std::collections::HashMap;

use articles::Articles;
use authors::Authors;
use db::{Db, Tx};
use editorial::Editorial;
use events::{Actor, Journal};
use kernel::{ArticleId, AuthorId, Cursor, Env, Error, Page, Result, Time, UserId};

use crate::codes;
use crate::events::{ArticleKept, ArticleLiked, FollowChanged, SubjectsChanged};
use crate::model::{AUTHORS_MOST, Approval, Favourite, FollowedAuthor, ReaderState};
use crate::store;

#[derive(Clone)]
pub struct Follows {
    pub(crate) db: Db,
    pub(crate) journal: Journal,
    pub(crate) env: Env,
    pub(crate) articles: Articles,
    authors: Authors,
    pub(crate) editorial: Editorial,
}

impl Follows {
    pub fn new(
        db: Db,
        journal: Journal,
        env: Env,
        authors: Authors,
        articles: Articles,
        editorial: Editorial,
    ) -> Self {
        Self { db, journal, env, articles, authors, editorial }
    }

    /// The same for `actor`: what is done is told of as theirs.
    #[must_use]
    pub fn by(&self, actor: impl Into<Actor>) -> Self {
        Self { journal: self.journal.by(actor), ..self.clone() }
    }

    /// Conflict: `follows-many`.
    pub async fn follow(&self, user: UserId, author: AuthorId) -> Result<()> {
        self.authors.find(author).await?.ok_or(Error::NotFound)?;
        let tx = self.db.write().await?;
        let known = store::is_following(&tx, user, author).await?;
        if !known && store::count(&tx, user).await? >= AUTHORS_MOST {
            return Err(Error::Conflict(codes::FOLLOWS_MANY));
        }
        if store::follow(&tx, user, author, self.env.now()).await? {
            self.journal.by(user).append(&tx, &FollowChanged { author, user, on: true }).await?;
        }
        tx.commit().await
    }

    pub async fn unfollow(&self, user: UserId, author: AuthorId) -> Result<()> {
        let tx = self.db.write().await?;
        if store::unfollow(&tx, user, author).await? {
            self.journal.by(user).append(&tx, &FollowChanged { author, user, on: false }).await?;
        }
        tx.commit().await
    }

    pub async fn is_following(&self, user: UserId, author: AuthorId) -> Result<bool> {
        store::is_following(&self.db, user, author).await
    }

    /// Forgets a user who is deleted.
    pub async fn erase(&self, tx: &Tx, user: UserId) -> Result<()> {
        for author in store::unfollow_all(tx, user).await? {
            self.journal.append(tx, &FollowChanged { author, user, on: false }).await?;
        }
        if store::subjects::unfollow_all(tx, user).await? > 0 {
            self.journal.append(tx, &SubjectsChanged { user }).await?;
        }
        for id in store::unfavourite_all(tx, user).await? {
            self.journal.by(Actor::Anonymous).append(tx, &ArticleKept { id, on: false }).await?;
        }
        for id in store::unlike_all(tx, user).await? {
            self.journal.by(Actor::Anonymous).append(tx, &ArticleLiked { id, on: false }).await?;
        }
        Ok(())
    }

    /// Forgets an author who is deleted.
    pub async fn erase_author(&self, tx: &Tx, author: AuthorId) -> Result<()> {
        let changed = |user| FollowChanged { author, user, on: false };
        let changed: Vec<FollowChanged> =
            store::unfollow_author(tx, author).await?.into_iter().map(changed).collect();
        self.journal.append_all(tx, &changed).await
    }

    /// What the user likes, latest first.
    pub async fn liked(&self, user: UserId, from: Cursor, limit: usize) -> Result<Page<Favourite>> {
        let liked = store::liked(&self.db, user, from, limit + 1).await?;
        Ok(Page::cut(liked, limit, |liked| Cursor { key: liked.at.millis(), id: liked.article.raw() }))
    }

    /// Whom the user follows, latest first.
    pub async fn following(&self, user: UserId) -> Result<Vec<AuthorId>> {
        store::following(&self.db, user).await
    }

    /// The same part by part, with since when.
    pub async fn followed_authors(
        &self,
        user: UserId,
        from: Cursor,
        limit: usize,
    ) -> Result<Page<FollowedAuthor>> {
        let authors = store::followed_authors(&self.db, user, from, limit + 1).await?;
        Ok(Page::cut(authors, limit, |one| Cursor { key: one.at.millis(), id: one.author.raw() }))
    }

    /// The next `limit` of those who follow an author, by id, after `after`.
    pub async fn followers(&self, author: AuthorId, after: UserId, limit: usize) -> Result<Vec<UserId>> {
        store::followers(&self.db, author, after, limit).await
    }

    /// How many follow each author; authors whom nobody follows are left out.
    pub async fn follower_counts(&self, authors: &[AuthorId]) -> Result<HashMap<AuthorId, i64>> {
        Ok(store::follower_counts(&self.db, authors).await?.into_iter().collect())
    }

    pub async fn favourite(&self, user: UserId, article: ArticleId) -> Result<()> {
        self.articles.get_visible(article).await?;
        let tx = self.db.write().await?;
        if store::favourite(&tx, user, article, self.env.now()).await? {
            self.journal.by(Actor::Anonymous).append(&tx, &ArticleKept { id: article, on: true }).await?;
        }
        tx.commit().await
    }

    pub async fn unfavourite(&self, user: UserId, article: ArticleId) -> Result<()> {
        let tx = self.db.write().await?;
        if store::unfavourite(&tx, user, article).await? {
            self.journal.by(Actor::Anonymous).append(&tx, &ArticleKept { id: article, on: false }).await?;
        }
        tx.commit().await
    }

    /// What the user kept, latest first.
    pub async fn favourites(&self, user: UserId, from: Cursor, limit: usize) -> Result<Page<Favourite>> {
        let kept = store::favourites(&self.db, user, from, limit + 1).await?;
        Ok(Page::cut(kept, limit, |kept| Cursor { key: kept.at.millis(), id: kept.article.raw() }))
    }

    pub async fn like(&self, user: UserId, article: ArticleId) -> Result<()> {
        self.articles.get_visible(article).await?;
        let tx = self.db.write().await?;
        if store::like(&tx, user, article, self.env.now()).await? {
            self.journal.by(Actor::Anonymous).append(&tx, &ArticleLiked { id: article, on: true }).await?;
        }
        tx.commit().await
    }

    pub async fn unlike(&self, user: UserId, article: ArticleId) -> Result<()> {
        let tx = self.db.write().await?;
        if store::unlike(&tx, user, article).await? {
            self.journal.by(Actor::Anonymous).append(&tx, &ArticleLiked { id: article, on: false }).await?;
        }
        tx.commit().await
    }

    /// How many like each article; articles that nobody likes are left out.
    pub async fn like_counts(&self, articles: &[ArticleId]) -> Result<HashMap<ArticleId, i64>> {
        Ok(store::like_counts(&self.db, articles).await?.into_iter().collect())
    }

    /// How many liked or kept articles since `since`, by the hour, `among` some articles or all. Users with ids below `known` are
    /// told apart (see [`kernel::Id::at`]).
    pub async fn approval(
        &self,
        since: Time,
        known: UserId,
        among: Option<&[ArticleId]>,
    ) -> Result<Vec<Approval>> {
        store::approval(&self.db, since, known, among).await
    }

    /// What the user has marked of an article and its author.
    pub async fn state(&self, user: UserId, article: ArticleId, author: AuthorId) -> Result<ReaderState> {
        store::marks_of(&self.db, user, article, author).await
    }
}
