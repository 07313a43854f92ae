//! Topics: made by editors, seen by readers while they are live.

use std::collections::HashMap;

use accounts::{Action, Viewer};
use kernel::{ArticleId, Cursor, Error, Page, Result, Slug, TopicId, UserId};

use super::Editorial;
use crate::codes;
use crate::events::TopicChanged;
use crate::model::{AuditAction, Logged};
use crate::store::topics as rows;
use crate::topics::{Member, Topic, TopicText, named, section};

/// A page that is read from one end to the other.
const MOST: usize = 100;
/// Named on an article's page.
const NAMED: usize = 3;

impl Editorial {
    /// A topic that readers may see.
    pub async fn live_topic(&self, slug: &Slug) -> Result<Topic> {
        rows::find_by_slug(&self.db, slug).await?.filter(|topic| topic.live).ok_or(Error::NotFound)
    }

    /// A topic in any state, for those who have marked it: nothing of it is shown.
    pub async fn find_topic(&self, slug: &Slug) -> Result<Option<Topic>> {
        rows::find_by_slug(&self.db, slug).await
    }

    /// What readers may see, newest first.
    pub async fn live_topics(&self, from: Cursor, limit: usize) -> Result<Page<Topic>> {
        let topics = rows::live(&self.db, from, limit + 1).await?;
        Ok(Page::cut(topics, limit, |topic| Cursor {
            key: topic.published_at.unwrap_or_default().millis(),
            id: topic.id.raw(),
        }))
    }

    /// The live topics that an article is in.
    pub async fn topics_of(&self, article: ArticleId) -> Result<Vec<Topic>> {
        rows::of_article(&self.db, article, NAMED).await
    }

    /// Those of `ids` that there are, live or not, in that order.
    pub async fn topics_by_id(&self, ids: &[TopicId]) -> Result<Vec<Topic>> {
        let mut found: HashMap<TopicId, Topic> =
            rows::many(&self.db, ids).await?.into_iter().map(|topic| (topic.id, topic)).collect();
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// What is in each topic, in its order. The caller asks `articles` what of it may be seen.
    pub async fn members(&self, topics: &[TopicId]) -> Result<HashMap<TopicId, Vec<Member>>> {
        let mut members = HashMap::<_, Vec<_>>::new();
        for (topic, member) in rows::members(&self.db, topics).await? {
            members.entry(topic).or_default().push(member);
        }
        Ok(members)
    }

    /// A topic in any state, for editors: the caller checks.
    pub async fn topic(&self, id: TopicId) -> Result<Topic> {
        rows::find(&self.db, id).await?.ok_or(Error::NotFound)
    }

    /// All topics, newest first, for editors: the caller checks.
    pub async fn topics(&self, from: Cursor, limit: usize) -> Result<Page<Topic>> {
        let topics = rows::all(&self.db, from, limit + 1).await?;
        Ok(Page::cut(topics, limit, |topic| Cursor { key: 0, id: topic.id.raw() }))
    }

    /// Begins a topic, which nobody sees before it is published. Codes: `slug-form`, `topic-title-empty`, `field-long`,
    /// `topic-taken`.
    pub async fn create_topic(&self, viewer: &Viewer, slug: &str, text: TopicText) -> Result<TopicId> {
        let by = viewer.require(Action::CurateTopics)?.id;
        let (slug, text) = named(slug, text)?;
        let now = self.env.now();
        let topic = Topic {
            id: self.env.id(),
            slug,
            text,
            cover: None,
            live: false,
            created_at: now,
            changed_at: now,
            published_at: None,
        };
        let tx = self.db.write().await?;
        if !rows::insert(&tx, &topic).await? {
            return Err(Error::invalid("slug", codes::TOPIC_TAKEN));
        }
        self.write_down(&tx, self.topic_line(AuditAction::Create, by, &topic)).await?;
        tx.commit().await?;
        Ok(topic.id)
    }

    /// Says something else of a topic. Its slug stays: addresses do.
    pub async fn rewrite_topic(
        &self,
        viewer: &Viewer,
        id: TopicId,
        text: TopicText,
        cover: Option<ArticleId>,
    ) -> Result<()> {
        let by = viewer.require(Action::CurateTopics)?.id;
        let text = text.tidy()?;
        self.change_topic(by, id, |topic, members| {
            topic.text = text;
            topic.cover = cover.filter(|cover| members.iter().any(|member| member.article == *cover));
            Ok(Some(self.topic_line(AuditAction::Rewrite, by, topic)))
        })
        .await
    }

    /// Shows a topic to readers. Code: `topic-empty` where they would see none of its articles.
    pub async fn publish_topic(&self, viewer: &Viewer, id: TopicId) -> Result<()> {
        let by = viewer.require(Action::CurateTopics)?.id;
        let members = self.members(&[id]).await?.remove(&id).unwrap_or_default();
        let ids: Vec<ArticleId> = members.iter().map(|member| member.article).collect();
        if self.articles.cards(&ids).await?.is_empty() {
            return Err(Error::invalid("thing", codes::TOPIC_EMPTY));
        }
        self.change_topic(by, id, |topic, _| {
            if topic.live {
                return Ok(None);
            }
            topic.live = true;
            topic.published_at.get_or_insert(self.env.now());
            Ok(Some(self.topic_line(AuditAction::Publish, by, topic)))
        })
        .await
    }

    /// Takes a topic from the readers.
    pub async fn withdraw_topic(&self, viewer: &Viewer, id: TopicId) -> Result<()> {
        let by = viewer.require(Action::CurateTopics)?.id;
        self.change_topic(by, id, |topic, _| {
            if !topic.live {
                return Ok(None);
            }
            topic.live = false;
            Ok(Some(self.topic_line(AuditAction::Withdraw, by, topic)))
        })
        .await
    }

    /// Puts an article at the end of a topic. Codes: `article-not-live`, `placed-already`, `topic-full`, `field-long`.
    pub async fn add_to_topic(
        &self,
        viewer: &Viewer,
        id: TopicId,
        article: ArticleId,
        under: &str,
    ) -> Result<()> {
        let by = viewer.require(Action::CurateTopics)?.id;
        let section = section(under)?;
        self.check_article(article).await?;
        self.change_topic(by, id, |topic, members| {
            if members.iter().any(|member| member.article == article) {
                return Err(Error::invalid("thing", codes::PLACED_ALREADY));
            }
            if members.len() >= MOST {
                return Err(Error::invalid("thing", codes::TOPIC_FULL));
            }
            let note = Some(section.clone()).filter(|section| !section.is_empty());
            members.push(Member { article, section });
            let line =
                Logged { article: Some(article), note, ..self.topic_line(AuditAction::Add, by, topic) };
            Ok(Some(line))
        })
        .await
    }

    /// Takes an article out of a topic. Done twice is done once.
    pub async fn drop_from_topic(&self, viewer: &Viewer, id: TopicId, article: ArticleId) -> Result<()> {
        let by = viewer.require(Action::CurateTopics)?.id;
        self.change_topic(by, id, |topic, members| {
            let before = members.len();
            members.retain(|member| member.article != article);
            if members.len() == before {
                return Ok(None);
            }
            topic.cover = topic.cover.filter(|cover| *cover != article);
            let line = Logged { article: Some(article), ..self.topic_line(AuditAction::Drop, by, topic) };
            Ok(Some(line))
        })
        .await
    }

    /// Moves an article to a place in its topic, counted from one; beyond the ends, to the end. Says where it stands then.
    pub async fn move_in_topic(
        &self,
        viewer: &Viewer,
        id: TopicId,
        article: ArticleId,
        place: i64,
    ) -> Result<i64> {
        let by = viewer.require(Action::CurateTopics)?.id;
        let mut at = 0;
        self.change_topic(by, id, |topic, members| {
            let from = members.iter().position(|member| member.article == article);
            let from = from.ok_or(Error::NotFound)?;
            let to = (place.max(1) as usize - 1).min(members.len() - 1);
            at = to as i64 + 1;
            if to == from {
                return Ok(None);
            }
            let moved = members.remove(from);
            members.insert(to, moved);
            let line = Logged {
                article: Some(article),
                from_place: Some(from as i64 + 1),
                to_place: Some(at),
                ..self.topic_line(AuditAction::Order, by, topic)
            };
            Ok(Some(line))
        })
        .await?;
        Ok(at)
    }

    /// Puts an article under another heading of its topic, or under none.
    pub async fn set_section(
        &self,
        viewer: &Viewer,
        id: TopicId,
        article: ArticleId,
        under: &str,
    ) -> Result<()> {
        let by = viewer.require(Action::CurateTopics)?.id;
        let section = section(under)?;
        self.change_topic(by, id, |topic, members| {
            let member = members.iter_mut().find(|member| member.article == article);
            let member = member.ok_or(Error::NotFound)?;
            if member.section == section {
                return Ok(None);
            }
            member.section.clone_from(&section);
            let note = Some(section).filter(|section| !section.is_empty());
            let line =
                Logged { article: Some(article), note, ..self.topic_line(AuditAction::Section, by, topic) };
            Ok(Some(line))
        })
        .await
    }

    /// One change to one topic: read, changed, written, told to those who follow if readers see it, and logged, in one transaction.
    async fn change_topic(
        &self,
        by: UserId,
        id: TopicId,
        how: impl FnOnce(&mut Topic, &mut Vec<Member>) -> Result<Option<Logged>>,
    ) -> Result<()> {
        let tx = self.db.write().await?;
        rows::lock(&tx, id).await?;
        let before = rows::find(&tx, id).await?.ok_or(Error::NotFound)?;
        let had: Vec<Member> =
            rows::members(&tx, &[id]).await?.into_iter().map(|(_, member)| member).collect();
        let (mut topic, mut members) = (before.clone(), had.clone());
        let line = how(&mut topic, &mut members)?;
        if topic == before && members == had {
            return Ok(());
        }
        topic.changed_at = self.env.now();
        rows::save(&tx, &topic).await?;
        let gone = had.iter().filter(|old| members.iter().all(|member| member.article != old.article));
        for member in gone {
            rows::drop_member(&tx, id, member.article).await?;
        }
        for (at, member) in members.iter().enumerate() {
            if had.get(at) != Some(member) {
                rows::put(&tx, id, member, at as i64).await?;
            }
        }
        if topic.live || before.live {
            let mut articles: Vec<ArticleId> = had.iter().chain(&members).map(|m| m.article).collect();
            articles.sort_unstable();
            articles.dedup();
            // A topic that comes before readers is new as a whole.
            let is_new = |article: &ArticleId| had.iter().all(|old| old.article != *article);
            let added = if topic.live && before.live {
                members.iter().map(|member| member.article).filter(is_new).collect()
            } else {
                Vec::new()
            };
            self.journal.by(by).append(&tx, &TopicChanged { id, articles, added }).await?;
        }
        if let Some(line) = line {
            self.write_down(&tx, line).await?;
        }
        tx.commit().await
    }

    fn topic_line(&self, action: AuditAction, by: UserId, topic: &Topic) -> Logged {
        Logged {
            id: self.env.id::<()>().raw(),
            action,
            slot: None,
            article: None,
            topic: Some(topic.id),
            from_place: None,
            to_place: None,
            starts_at: None,
            ends_at: None,
            note: None,
            by,
            at: self.env.now(),
        }
    }
}
