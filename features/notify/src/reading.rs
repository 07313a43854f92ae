//! What somebody was told, with what it is about as that is now. What may not be seen any more is left out.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use accounts::Viewer;
use articles::{Card, Summary};
use authors::Author;
use blocks::{Hidden, Target};
use comments::Comment;
use editorial::Topic;
use follows::Subject;
use kernel::{ArticleId, AuthorId, CommentId, Cursor, Page, Result, Slug, Tag, Time, TopicId, UserId};

use crate::kind::Kind;
use crate::model::{Decision, NotificationId, Queue, Row};
use crate::service::Notify;
use crate::store;

/// One thing that somebody was told.
#[derive(Clone, Debug)]
pub struct Notification {
    pub id: NotificationId,
    pub at: Time,
    pub unread: bool,
    pub kind: Kind,
    pub what: What,
}

#[derive(Clone, Debug)]
pub enum What {
    /// So many people answered; the last answer.
    Answer {
        article: Card,
        answer: Comment,
        people: i64,
    },
    /// So many people like one's own comment.
    Like {
        article: Card,
        comment: Comment,
        people: i64,
    },
    Mention {
        article: Card,
        comment: Comment,
    },
    Article {
        article: Card,
        author: Author,
    },
    /// So many articles are new among what one follows; the newest, unless that is gone.
    Followed {
        followed: Followed,
        article: Option<Card>,
        articles: i64,
    },
    /// About an article that one may write, in whatever state it is.
    OfArticle {
        article: Summary,
        decision: Decision,
        code: Option<String>,
    },
    /// About oneself: an application, a profile, a report.
    OfOwn {
        decision: Decision,
        code: Option<String>,
    },
    /// So much waits in a queue that one may work.
    Waiting {
        queue: Queue,
        waiting: i64,
    },
}

/// What somebody follows besides authors, as it is now.
#[derive(Clone, Debug)]
pub enum Followed {
    Channel(Slug),
    Tag(Tag),
    Topic(Topic),
}

/// All that the rows of a page are about.
#[derive(Default)]
struct Known {
    articles: HashMap<ArticleId, Card>,
    authors: HashMap<AuthorId, Author>,
    comments: HashMap<CommentId, Comment>,
    topics: HashMap<TopicId, Topic>,
    own: HashMap<ArticleId, Summary>,
    /// Whom the user wants to hear nothing of.
    hidden: Arc<Hidden>,
    waiting: HashMap<&'static str, i64>,
}

impl Notify {
    /// Newest first, in parts of `limit` rows; what may not be seen any more leaves fewer.
    pub async fn list(&self, viewer: &Viewer, from: Cursor, limit: usize) -> Result<Page<Notification>> {
        let user = viewer.signed_in()?;
        let rows = store::page(&self.db, user.id, from, limit + 1).await?;
        let page = Page::cut(rows, limit, |row| Cursor { key: row.changed_at.millis(), id: row.id.raw() });
        let items = self.read_rows(viewer, page.items).await?;
        Ok(Page { items, next: page.next })
    }

    /// What rows of the viewer's say now, in their order; without what may not be seen any more, and what those did whom the viewer muted.
    pub(crate) async fn read_rows(&self, viewer: &Viewer, mut rows: Vec<Row>) -> Result<Vec<Notification>> {
        if let Some(user) = viewer.user() {
            self.leave_unheard_out(user.id, &mut rows).await?;
        }
        let known = self.known(viewer, &rows).await?;
        Ok(rows.into_iter().filter_map(|row| known.notification(row)).collect())
    }

    /// Rows of answers that some gave whom the user muted tell of the others; one of nobody else stays as it is, and is left out.
    async fn leave_unheard_out(&self, user: UserId, rows: &mut [Row]) -> Result<()> {
        let hidden = self.of.blocks.of(user).await?;
        let answered = |row: &Row| {
            (row.kind == Kind::Answer.name()).then(|| row.group_key.parse::<CommentId>().ok()).flatten()
        };
        let all: Vec<CommentId> = rows.iter().filter_map(answered).collect();
        if hidden.users.is_empty() || all.is_empty() {
            return Ok(());
        }
        let answers = store::answers::of(&self.db, user, &all).await?;
        for row in rows {
            let Some(of) = answered(row) else { continue };
            let heard = answers.iter().filter(|answer| answer.answered == of);
            let heard = heard.filter(|answer| !hidden.users.contains_key(&answer.actor));
            let people: HashSet<UserId> = heard.clone().map(|answer| answer.actor).collect();
            // Newest first.
            if let Some(newest) = heard.map(|answer| answer.comment).next() {
                (row.comment_id, row.actors) = (Some(newest), people.len() as i64);
            }
        }
        Ok(())
    }

    async fn known(&self, viewer: &Viewer, rows: &[Row]) -> Result<Known> {
        let mut known = Known::default();
        if let Some(user) = viewer.user() {
            known.hidden = self.of.blocks.of(user.id).await?;
        }
        let articles: Vec<ArticleId> = distinct(rows.iter().filter_map(|row| row.article_id));
        let comments: Vec<CommentId> = distinct(rows.iter().filter_map(|row| row.comment_id));
        known.articles =
            self.of.articles.cards(&articles).await?.into_iter().map(|card| (card.id, card)).collect();
        known.comments = self
            .of
            .comments
            .get_visible_many(&comments)
            .await?
            .into_iter()
            .map(|comment| (comment.id, comment))
            .collect();
        let is_new = |row: &&Row| row.kind == Kind::Article.name();
        let new = rows.iter().filter(is_new).filter_map(|row| known.articles.get(&row.article_id?));
        let authors: Vec<AuthorId> = distinct(new.map(|card| card.author));
        known.authors =
            self.of.authors.get_many(&authors).await?.into_iter().map(|author| (author.id, author)).collect();
        let topics = distinct(rows.iter().filter_map(|row| match followed(row)? {
            Subject::Topic(id) => Some(id),
            _ => None,
        }));
        let live = self.of.editorial.topics_by_id(&topics).await?.into_iter().filter(|topic| topic.live);
        known.topics = live.map(|topic| (topic.id, topic)).collect();
        self.know_own(viewer, rows, &mut known).await?;
        for queue in Queue::ALL.into_iter().filter(|queue| viewer.may(queue.action())) {
            let is_told = |row: &Row| row.kind == Kind::Waiting.name() && row.group_key == queue.name();
            if rows.iter().any(is_told) {
                known.waiting.insert(queue.name(), self.waiting(queue).await?);
            }
        }
        Ok(known)
    }

    /// Articles about which something was decided, as long as the viewer writes for their author.
    async fn know_own(&self, viewer: &Viewer, rows: &[Row], known: &mut Known) -> Result<()> {
        let decided: Vec<ArticleId> = distinct(rows.iter().filter_map(decided_article));
        let Some(user) = viewer.user().filter(|_| !decided.is_empty()) else { return Ok(()) };
        let owned: Vec<AuthorId> =
            self.of.authors.owned_by(user.id).await?.into_iter().map(|author| author.id).collect();
        let articles = self.of.articles.summaries_of(&decided).await?.into_iter();
        known.own = articles
            .filter(|article| owned.contains(&article.author))
            .map(|article| (article.id, article))
            .collect();
        Ok(())
    }
}

/// The article of a row about what was decided of one.
fn decided_article(row: &Row) -> Option<ArticleId> {
    if row.kind != Kind::Decision.name() {
        return None;
    }
    row.group_key.strip_prefix("article:")?.parse().ok()
}

/// What a row about something followed besides authors is about.
fn followed(row: &Row) -> Option<Subject> {
    let subject = Subject::keyed(&row.group_key)?;
    (Kind::of_subject(subject.kind()).name() == row.kind).then_some(subject)
}

fn distinct<T: Ord>(ids: impl Iterator<Item = T>) -> Vec<T> {
    let mut ids: Vec<T> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

impl Known {
    fn notification(&self, row: Row) -> Option<Notification> {
        let (kind, what) = (Kind::named(&row.kind)?, self.what(&row)?);
        Some(Notification { id: row.id, at: row.changed_at, unread: row.read_at.is_none(), kind, what })
    }

    fn what(&self, row: &Row) -> Option<What> {
        let card = || self.articles.get(&row.article_id?).cloned();
        let comment = || self.comments.get(&row.comment_id?).cloned();
        let heard =
            |comment: &Comment| comment.by.is_none_or(|by| self.hidden.how(Target::User(by)).is_none());
        Some(match Kind::named(&row.kind)? {
            Kind::Answer => {
                What::Answer { article: card()?, answer: comment().filter(heard)?, people: row.actors }
            }
            Kind::Like => What::Like { article: card()?, comment: comment()?, people: row.actors },
            Kind::Mention => What::Mention { article: card()?, comment: comment().filter(heard)? },
            Kind::Article => {
                let article = card().filter(|card| self.hidden.how(Target::Author(card.author)).is_none())?;
                let author = self.authors.get(&article.author)?.clone();
                What::Article { article, author }
            }
            Kind::Topic | Kind::Tag | Kind::Channel => {
                let followed = match followed(row)? {
                    Subject::Channel(slug) => Followed::Channel(slug),
                    Subject::Tag(tag) => Followed::Tag(tag),
                    Subject::Topic(id) => Followed::Topic(self.topics.get(&id)?.clone()),
                };
                let article = card();
                let gone = row.article_id.is_some() && article.is_none();
                let articles = row.actors - i64::from(gone);
                if articles < 1 {
                    return None;
                }
                What::Followed { followed, article, articles }
            }
            Kind::Decision => {
                let (decision, code) = Decision::read(row.detail.as_deref()?)?;
                if row.group_key.starts_with("article:") {
                    let article = self.own.get(&decided_article(row)?)?.clone();
                    What::OfArticle { article, decision, code }
                } else {
                    What::OfOwn { decision, code }
                }
            }
            Kind::Waiting => {
                let queue = Queue::named(&row.group_key)?;
                let waiting = *self.waiting.get(queue.name()).filter(|waiting| **waiting > 0)?;
                What::Waiting { queue, waiting }
            }
        })
    }
}
