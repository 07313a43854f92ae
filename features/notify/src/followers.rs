//! A new article is told to those who follow its author, its channel, one of its tags or a topic that it came into, part by part.

use std::collections::{HashMap, HashSet};

use articles::Card;
use blocks::Target;
use db::Tx;
use events::Actor;
use follows::Subject;
use kernel::{ArticleId, Result, TopicId, UserId};

use crate::events::UnreadChanged;
use crate::kind::Kind;
use crate::service::Notify;
use crate::store::{self, PART};
use crate::ways::{Way, Ways};

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
        let told = store::wanting(&tx, Kind::Article, &others).await?;
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
        let wanting: HashMap<UserId, Ways> =
            store::wanting(&self.db, kind, &followers).await?.into_iter().collect();
        let some: Vec<UserId> = followers.iter().copied().filter(|user| wanting.contains_key(user)).collect();
        let mut users = self.strangers(&card, &some).await?;
        if !users.is_empty() {
            let tx = self.db.write().await?;
            let told: HashSet<UserId> =
                store::told_of_article(&tx, article, &users).await?.into_iter().collect();
            users.retain(|user| !told.contains(user));
            let (id, now, key) = (self.env.id(), self.env.now(), subject.key());
            let tells = |way: Way| {
                let has = |user: &&UserId| wanting.get(*user).is_some_and(|ways| ways.has(way));
                users.iter().filter(has).copied().collect::<Vec<UserId>>()
            };
            let shown = tells(Way::Site);
            let hidden: Vec<UserId> = users.iter().copied().filter(|user| !shown.contains(user)).collect();
            for (users, shown) in [(&shown, true), (&hidden, false)] {
                store::tell_subject(&tx, id, kind, &key, article, (users, shown), now).await?;
            }
            for way in [Way::Mail, Way::Push] {
                for user in tells(way) {
                    let ways = Ways::default().set(way, true);
                    self.send_later(&tx, (user, ways), (kind, &key)).await?;
                }
            }
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
