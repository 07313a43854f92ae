//! A new article is told to those who follow its author, part by part.

use blocks::Target;
use db::Tx;
use events::Actor;
use kernel::{ArticleId, Result, UserId};

use crate::events::UnreadChanged;
use crate::kind::Kind;
use crate::service::Notify;
use crate::store::{self, PART};
use crate::ways::Way;

impl Notify {
    /// Tells the first [`PART`] of those who follow the author and have ids after `after` (none: all), in one transaction; after whom to go on,
    /// where there are more. Who was told already is not told again. Of an article that is not visible nobody is told.
    pub async fn tell_followers(&self, article: ArticleId, after: Option<UserId>) -> Result<Option<UserId>> {
        let Some(card) = self.of.articles.cards(&[article]).await?.pop() else { return Ok(None) };
        let after = after.unwrap_or(UserId::new(i64::MIN));
        let followers = self.of.follows.followers(card.author, after, PART).await?;
        let (Some(&from), Some(&to)) = (followers.first(), followers.last()) else { return Ok(None) };
        let owners = self.of.authors.owners(card.author).await?;
        let others: Vec<UserId> = followers.iter().copied().filter(|user| !owners.contains(user)).collect();
        let tx = self.db.write().await?;
        let muted = self.of.blocks.hiding(&tx, Target::Author(card.author), &others).await?;
        let mut told = store::wanting(&tx, Kind::Article, &others).await?;
        told.retain(|(user, _)| !muted.contains(user));
        let (id, now) = (self.env.id(), self.env.now());
        for shown in [true, false] {
            let users = store::those(&told, |ways| ways.has(Way::Site) == shown);
            store::tell_all(&tx, id, article, (&users, shown), now).await?;
        }
        for way in [Way::Mail, Way::Push] {
            let users = store::those(&told, |ways| ways.has(way));
            self.send_later_all(&tx, &users, way, (Kind::Article, &article.to_string())).await?;
        }
        self.append_range(&tx, from, to).await?;
        tx.commit().await?;
        Ok((followers.len() == PART).then_some(to))
    }

    /// Removes some of what is told of an article that is not visible any more; whether there may be more.
    pub async fn forget_article(&self, article: ArticleId) -> Result<bool> {
        // It may be back.
        if !self.of.articles.cards(&[article]).await?.is_empty() {
            return Ok(false);
        }
        let tx = self.db.write().await?;
        let users = store::forget_article(&tx, article).await?;
        if let (Some(&from), Some(&to)) = (users.first(), users.last()) {
            self.append_range(&tx, from, to).await?;
        }
        tx.commit().await?;
        Ok(users.len() == PART)
    }

    async fn append_range(&self, tx: &Tx, from: UserId, to: UserId) -> Result<()> {
        self.journal.by(Actor::Schedule).append(tx, &UnreadChanged { from, to }).await
    }
}
