//! Channels, tags and topics that readers follow.

use std::collections::{HashMap, HashSet};

use kernel::{Cursor, Error, Result, Slug, UserId};

use crate::codes;
use crate::events::SubjectsChanged;
use crate::model::{FollowedSubject, Marks, Subject};
use crate::service::Follows;
use crate::store::{self, subjects as rows};

impl Follows {
    /// Not found where readers see no such thing; conflict: `follows-many`.
    pub async fn follow_subject(&self, user: UserId, subject: &Subject) -> Result<()> {
        let subject = self.present(subject).await?;
        let (kind, names) = (subject.kind(), self.names(&subject).await?);
        let tx = self.db.write().await?;
        if rows::is_following(&tx, user, kind, &names).await? {
            return Ok(());
        }
        if rows::count(&tx, user, kind).await? >= kind.most() {
            return Err(Error::Conflict(codes::FOLLOWS_MANY));
        }
        if rows::follow(&tx, user, &subject, self.env.now()).await? {
            self.journal.by(user).append(&tx, &SubjectsChanged { user }).await?;
        }
        tx.commit().await
    }

    /// Also of what readers see no more.
    pub async fn unfollow_subject(&self, user: UserId, subject: &Subject) -> Result<()> {
        let names = self.names(subject).await?;
        let tx = self.db.write().await?;
        if rows::unfollow(&tx, user, subject.kind(), &names).await? {
            self.journal.by(user).append(&tx, &SubjectsChanged { user }).await?;
        }
        tx.commit().await
    }

    pub async fn follows_subject(&self, user: UserId, subject: &Subject) -> Result<bool> {
        rows::is_following(&self.db, user, subject.kind(), &self.names(subject).await?).await
    }

    /// What the user follows besides authors, latest first. A channel that was renamed or merged is the one that it is now; one that is gone
    /// is left out. Of topics, the caller asks which may be seen.
    pub async fn subjects(&self, user: UserId) -> Result<Vec<FollowedSubject>> {
        let mut all = rows::all(&self.db, user).await?;
        if !all.iter().any(|one| matches!(one.subject, Subject::Channel(_))) {
            return Ok(all);
        }
        let known: HashSet<Slug> =
            self.articles.channels().await?.into_iter().map(|channel| channel.slug).collect();
        let mut now = HashMap::new();
        for one in &all {
            if let Subject::Channel(slug) = &one.subject
                && !known.contains(slug)
            {
                now.insert(slug.clone(), self.articles.channel_redirect(slug).await?);
            }
        }
        all = all
            .into_iter()
            .filter_map(|FollowedSubject { subject, at }| match subject {
                Subject::Channel(slug) => {
                    let slug = now.get(&slug).cloned().unwrap_or(Some(slug))?;
                    Some(FollowedSubject { subject: Subject::Channel(slug), at })
                }
                other => Some(FollowedSubject { subject: other, at }),
            })
            .collect();
        // Two channels that are one now.
        let mut seen = HashSet::new();
        all.retain(|one| seen.insert(one.subject.clone()));
        Ok(all)
    }

    /// The next `limit` of those who follow a subject, by id, after `after`.
    pub async fn subject_followers(
        &self,
        subject: &Subject,
        after: UserId,
        limit: usize,
    ) -> Result<Vec<UserId>> {
        rows::followers(&self.db, subject.kind(), &self.names(subject).await?, after, limit).await
    }

    /// All that the user follows, keeps and likes, latest first: what they get when they take their data along.
    pub async fn marks(&self, user: UserId) -> Result<Marks> {
        Ok(Marks {
            authors: store::followed_authors(&self.db, user, Cursor::START, usize::MAX >> 1).await?,
            subjects: self.subjects(user).await?,
            favourites: store::favourites(&self.db, user, Cursor::START, usize::MAX >> 1).await?,
            likes: store::likes(&self.db, user).await?,
        })
    }

    /// As it is now, where readers see it.
    async fn present(&self, subject: &Subject) -> Result<Subject> {
        match subject {
            Subject::Channel(slug) => {
                let channels = self.articles.channels().await?;
                if channels.iter().any(|channel| channel.slug == *slug) {
                    return Ok(subject.clone());
                }
                let into = self.articles.channel_redirect(slug).await?.ok_or(Error::NotFound)?;
                Ok(Subject::Channel(into))
            }
            Subject::Tag(tag) => {
                let some = self.articles.newest_of_tag(tag, 1).await?;
                if some.is_empty() { Err(Error::NotFound) } else { Ok(subject.clone()) }
            }
            Subject::Topic(id) => {
                let topic = self.editorial.topics_by_id(&[*id]).await?.pop();
                topic.filter(|topic| topic.live).map(|_| subject.clone()).ok_or(Error::NotFound)
            }
        }
    }

    /// The names under which it may have been followed.
    async fn names(&self, subject: &Subject) -> Result<Vec<String>> {
        let mut names = vec![subject.name()];
        if let Subject::Channel(slug) = subject {
            names.extend(self.articles.channel_aliases(slug).await?.iter().map(Slug::to_string));
        }
        Ok(names)
    }
}
