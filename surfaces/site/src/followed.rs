//! What readers follow: the button of channels, tags and topics, and what is new of all of it.

use std::collections::HashSet;

use accounts::Viewer;
use follows::{Because, FollowedArticle, Subject, SubjectKind, Which};
use kernel::{AuthorId, Cursor, Error, Locale, Page, Result, Slug, Tag, UserId};
use recommend::{Picked, Why};
use web::render::tag_path;

use crate::Site;
use crate::compose::picked;
use crate::hidden::Unwanted;
use crate::picks::topic_ref;
use crate::views::parts::CardList;
use crate::views::slots::{FollowingFront, SubjectFollow};

const FRONT: usize = 6;

impl Site {
    /// What somebody follows, newest first and why, without whom they muted.
    pub(crate) async fn followed(
        &self,
        user: UserId,
        which: Which,
        unwanted: &Unwanted,
        from: Cursor,
        limit: usize,
        locale: Locale,
    ) -> Result<Page<Picked>> {
        let without: HashSet<AuthorId> = unwanted.people.authors.keys().copied().collect();
        let page = self.follows.feed(user, which, &without, from, limit).await?;
        Ok(page.map(|FollowedArticle { card, because }| Picked { card, why: why(because, locale) }))
    }

    /// On the home page, the newest of it.
    pub(crate) async fn following_front(
        &self,
        viewer: &Viewer,
        unwanted: &Unwanted,
        locale: Locale,
    ) -> Result<FollowingFront> {
        let Some(user) = viewer.user() else { return Ok(FollowingFront::default()) };
        let page = self.followed(user.id, Which::All, unwanted, Cursor::START, FRONT, locale).await?;
        let cards = self.cards(picked(&page.items), locale).await?;
        Ok(FollowingFront { list: CardList::new(cards) })
    }

    /// The button on the page of a subject. Not found: a topic that readers do not see.
    pub(crate) async fn subject_follow(&self, viewer: &Viewer, subject: &Subject) -> Result<SubjectFollow> {
        let following = match viewer.user() {
            Some(user) => self.follows.follows_subject(user.id, subject).await?,
            None => false,
        };
        let path = match subject {
            Subject::Channel(slug) => format!("/channel/{slug}"),
            Subject::Tag(tag) => tag_path(tag.as_str()),
            Subject::Topic(id) => {
                let topic = self.editorial.topics_by_id(&[*id]).await?.pop();
                format!("/topic/{}", topic.filter(|topic| topic.live).ok_or(Error::NotFound)?.slug)
            }
        };
        Ok(SubjectFollow { path, following })
    }

    /// As an address names it; nothing where there can be no such subject.
    pub(crate) async fn find_subject(&self, kind: SubjectKind, name: &str) -> Result<Option<Subject>> {
        Ok(match kind {
            SubjectKind::Channel => Slug::new(name).ok().map(Subject::Channel),
            SubjectKind::Tag => Tag::new(name).ok().map(Subject::Tag),
            SubjectKind::Topic => {
                let Ok(slug) = Slug::new(name) else { return Ok(None) };
                self.editorial.find_topic(&slug).await?.map(|topic| Subject::Topic(topic.id))
            }
        })
    }

    /// Conflict: `follows-many`.
    pub(crate) async fn set_follow(
        &self,
        user: UserId,
        kind: SubjectKind,
        name: &str,
        on: bool,
    ) -> Result<()> {
        let subject = self.find_subject(kind, name).await?.ok_or(Error::NotFound)?;
        if on {
            self.follows.follow_subject(user, &subject).await
        } else {
            self.follows.unfollow_subject(user, &subject).await
        }
    }
}

fn why(because: Because, locale: Locale) -> Why {
    match because {
        Because::Author => Why::Followed,
        Because::Topic(topic) => Why::FollowedTopic(topic_ref(&topic, locale).title),
        Because::Tag(tag) => Why::FollowedTag(tag.to_string()),
        Because::Channel => Why::FollowedChannel,
    }
}
