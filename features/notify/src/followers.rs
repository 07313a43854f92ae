//! A new article is told to those who follow its author, its channel, one of its tags or a topic that it came into, part by part.

use std::collections::HashSet;

use articles::Card;
use blocks::Target;
use db::Tx;
use events::Actor;
use follows::Subject;
use kernel::{ArticleId, Result, TopicId, UserId};

use crate::events::UnreadChanged;
use crate::model::{Kind, Way};
use crate::service::Notify;
use crate::store::{self, PART};

impl Notify {
    /// Tells the first [`PART`] of those who follow the author and have ids after `after` (none: all), in one transaction; after whom to go on,
    /// where there are more. Who was told already is not told again. Of an article that is not visible nobody is told.
    pub async fn tell_followers(&self, article: ArticleId, after: Option<UserId>) -> Result<Option<UserId>> {
        let Some(card) = self.of.articles.cards(&[article]).await?.pop() else { return Ok(None) };
        let after = after.unwrap_or(UserId::new(i64::MIN));
        let followers = self.of.follows.followers(card.author, after, PART).await?;
        let (Some(&from), Some(&to)) = (followers.first(), followers.last()) else { return Ok(None) };
        let others = self.strangers(&card, &followers).await?;
        let tx = self.db.write().await?;
        let users = self.wanting(&tx, Kind::Article, Way::Site, &others).await?;
        store::tell_all(&tx, self.env.id(), article, &users, self.env.now()).await?;
        self.append_range(&tx, from, to).await?;
        tx.commit().await?;
        Ok((followers.len() == PART).then_some(to))
    }

    /// The same for those who follow a channel, a tag or a topic. Whoever was told of this article already, by its author or by something else
    /// that they follow, is not told again.
    pub async fn tell_subject(
        &self,
        subject: &Subject,
        article: ArticleId,
        after: Option<UserId>,
    ) -> Result<Option<UserId>> {
        let Some(card) = self.of.articles.cards(&[article]).await?.pop() else { return Ok(None) };
        let after = after.unwrap_or(UserId::new(i64::MIN));
        let followers = self.of.follows.subject_followers(subject, after, PART).await?;
        let Some(&to) = followers.last() else { return Ok(None) };
        let kind = Kind::of_subject(subject.kind());
        // Most want none of it where that is usual: then nothing is written.
        let wanting = self.wanting(&self.db, kind, Way::Site, &followers).await?;
        let mut users = self.strangers(&card, &wanting).await?;
        if !users.is_empty() {
            let tx = self.db.write().await?;
            let told: HashSet<UserId> =
                store::told_of_article(&tx, article, &users).await?.into_iter().collect();
            users.retain(|user| !told.contains(user));
            let (id, now) = (self.env.id(), self.env.now());
            store::tell_subject(&tx, id, kind, &subject.key(), article, &users, now).await?;
            if let (Some(&from), Some(&to)) = (users.first(), users.last()) {
                self.append_range(&tx, from, to).await?;
            }
            tx.commit().await?;
        }
        Ok((followers.len() == PART).then_some(to))
    }

    /// What one could follow to hear of an article besides its author and topics.
    pub async fn subjects_of(&self, article: ArticleId) -> Result<Vec<Subject>> {
        let Some(card) = self.of.articles.cards(&[article]).await?.pop() else { return Ok(Vec::new()) };
        let tags = self.of.articles.tags_of(&[article]).await?.remove(&article).unwrap_or_default();
        let tags = tags.into_iter().map(Subject::Tag);
        Ok(tags.chain([Subject::Channel(card.channel)]).collect())
    }

    /// Whether readers find an article in a topic.
    pub async fn is_in_topic(&self, topic: TopicId, article: ArticleId) -> Result<bool> {
        let found = self.of.editorial.topics_by_id(&[topic]).await?;
        if !found.iter().any(|topic| topic.live) {
            return Ok(false);
        }
        let members = self.of.editorial.members(&[topic]).await?;
        Ok(members.values().flatten().any(|member| member.article == article))
    }

    /// Of `users`, those who did not write it, and want to hear of its author.
    async fn strangers(&self, card: &Card, users: &[UserId]) -> Result<Vec<UserId>> {
        let owners = self.of.authors.owners(card.author).await?;
        let hiding = self.of.blocks.hiding(Target::Author(card.author), users).await?;
        let is_one = |user: &UserId| !owners.contains(user) && !hiding.contains(user);
        Ok(users.iter().copied().filter(is_one).collect())
    }

    /// Removes some of what is told of an article that is not visible any more, and takes it out of what counts several; whether there may be more.
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
        let counted = store::discount_article(&tx, article).await?;
        tx.commit().await?;
        Ok(users.len() == PART || counted == PART as u64)
    }

    async fn append_range(&self, tx: &Tx, from: UserId, to: UserId) -> Result<()> {
        self.journal.by(Actor::Schedule).append(tx, &UnreadChanged { from, to }).await
    }
}
