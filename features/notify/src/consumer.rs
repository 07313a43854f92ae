//! The journal, read for what users are to be told.
//!
//! What an event says may be over by the time it is read here: what is told is what the tables say then.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use accounts::events::{AccessChanged, ProfileChanged};
use articles::events::{Approved, Gone, Live, LiveCause, Returned, Submitted};
use async_trait::async_trait;
use authors::events::{ApplicationDecided, Applied, ChangeDecided, ChangeProposed};
use blocks::Target;
use blocks::events::BlocksChanged;
use comments::Comment;
use comments::events::{ChangeCause, Changed, Posted, PostedCause, Waiting};
use db::Tx;
use editorial::events::TopicChanged;
use events::{Consumer, Entry};
use kernel::{ArticleId, AuthorId, CommentId, Error, Result, UserId};
use moderation::Outcome;
use moderation::events::{ProfileReported, ReportClosed, Reported};

use crate::jobs::{ForgetArticle, TellFollowers, TellTopic};
use crate::kind::Kind;
use crate::mentions::mentions;
use crate::model::{Decision, New, Queue};
use crate::service::Notify;
use crate::store::{self, answers::Answered};
use crate::ways::Ways;

/// The reason that stands in [`Gone`] where an author took an article back.
const BY_AUTHOR: &str = "author";

/// Tells users what the journal tells.
pub struct Teller(pub Notify);

#[async_trait]
impl Consumer for Teller {
    fn name(&self) -> &'static str {
        "notify"
    }

    async fn consume(&self, tx: &Tx, batch: &[Entry]) -> Result<()> {
        let mut round = Round::default();
        for entry in batch {
            self.0.comment_events(tx, entry, &mut round).await?;
            self.0.article_events(tx, entry, &mut round).await?;
            self.0.desk_events(tx, entry, &mut round).await?;
            self.0.user_events(tx, entry, &mut round).await?;
        }
        // Once for each thing, however often it is named.
        for comment in std::mem::take(&mut round.liked) {
            round.touched.extend(self.0.count_likes(tx, comment).await?);
        }
        for (queue, grew) in std::mem::take(&mut round.queues) {
            round.touched.extend(self.0.tell_queue(tx, queue, grew).await?);
        }
        self.0.wake(tx, &round.touched).await
    }

    /// What was told stays, and nobody is told now of what happened long ago; what waits for those who look after the site is counted.
    async fn rebuild(&self, tx: &Tx) -> Result<()> {
        let touched = self.0.recount(tx).await?;
        self.0.wake(tx, &touched).await
    }
}

/// What one batch asks for.
#[derive(Default)]
struct Round {
    liked: BTreeSet<CommentId>,
    /// Whether something came, or something went only.
    queues: BTreeMap<Queue, bool>,
    /// Who may have another number now.
    touched: BTreeSet<UserId>,
}

impl Round {
    fn queue(&mut self, queue: Queue, grew: bool) {
        *self.queues.entry(queue).or_default() |= grew;
    }
}

impl Notify {
    async fn comment_events(&self, tx: &Tx, entry: &Entry, round: &mut Round) -> Result<()> {
        if let Some(posted) = entry.read::<Posted>() {
            match posted.cause {
                PostedCause::Written => {}
                PostedCause::Released => round.queue(Queue::Comments, false),
                PostedCause::Imported | PostedCause::Unknown => return Ok(()),
            }
            round.touched.extend(self.tell_of_comment(tx, posted.id).await?);
        } else if entry.read::<Waiting>().is_some() {
            round.queue(Queue::Comments, true);
        } else if let Some(changed) = entry.read::<Changed>() {
            match changed.cause {
                ChangeCause::Liked | ChangeCause::Erased => {
                    round.liked.insert(changed.id);
                }
                ChangeCause::Held | ChangeCause::Removed => {
                    round.queue(Queue::Comments, false);
                    round.touched.extend(self.forget_comment(tx, changed.id).await?);
                }
                ChangeCause::Unknown => {}
            }
        }
        Ok(())
    }

    async fn user_events(&self, tx: &Tx, entry: &Entry, round: &mut Round) -> Result<()> {
        if let Some(AccessChanged { id }) = entry.read() {
            // Browsers are forgotten with the sessions in which they were chosen.
            self.forget_signed_out(tx, id).await?;
            // Their zone may be another.
            self.move_digest(tx, id).await?;
        } else if let Some(BlocksChanged { user: Some(user) }) = entry.read() {
            // This process may have it from before.
            self.of.blocks.forget(Some(user));
            if self.mark_hidden(tx, user).await? {
                round.touched.insert(user);
            }
        }
        Ok(())
    }

    async fn article_events(&self, tx: &Tx, entry: &Entry, round: &mut Round) -> Result<()> {
        if let Some(live) = entry.read::<Live>() {
            match live.cause {
                // Not here: of an author with many followers this would be a transaction that all others wait for.
                LiveCause::Published => {
                    self.jobs.enqueue(tx, &TellFollowers { article: live.id }).await?;
                }
                LiveCause::Restored => {
                    let told =
                        self.tell_owners(tx, entry, live.id, live.author, Decision::ArticleRestored, None);
                    round.touched.extend(told.await?);
                }
                LiveCause::Imported | LiveCause::Unknown => {}
            }
        } else if let Some(changed) = entry.read::<TopicChanged>() {
            for article in changed.added {
                self.jobs.enqueue(tx, &TellTopic { topic: changed.id, article }).await?;
            }
        } else if let Some(gone) = entry.read::<Gone>() {
            self.jobs.enqueue(tx, &ForgetArticle { article: gone.id }).await?;
            if let Some(reason) = gone.reason.as_deref().filter(|reason| *reason != BY_AUTHOR) {
                let (id, author) = (gone.id, gone.author);
                let told = self.tell_owners(tx, entry, id, author, Decision::ArticleRetracted, Some(reason));
                round.touched.extend(told.await?);
            }
        } else if let Some(Submitted { review: true, .. }) = entry.read() {
            round.queue(Queue::Articles, true);
        } else if let Some(Approved { id, author, .. }) = entry.read() {
            round.queue(Queue::Articles, false);
            let told = self.tell_owners(tx, entry, id, author, Decision::ArticleApproved, None);
            round.touched.extend(told.await?);
        } else if let Some(Returned { id, author, reason, .. }) = entry.read() {
            round.queue(Queue::Articles, false);
            let told = self.tell_owners(tx, entry, id, author, Decision::ArticleReturned, Some(&reason));
            round.touched.extend(told.await?);
        }
        Ok(())
    }

    async fn desk_events(&self, tx: &Tx, entry: &Entry, round: &mut Round) -> Result<()> {
        if entry.read::<Applied>().is_some() {
            round.queue(Queue::Applications, true);
        } else if let Some(ApplicationDecided { id }) = entry.read() {
            round.queue(Queue::Applications, false);
            // One of somebody who is deleted is there no more.
            let Some(application) = self.of.authors.application(id).await? else { return Ok(()) };
            let decision = match application.state {
                authors::State::Approved => Decision::ApplicationApproved,
                authors::State::Rejected => Decision::ApplicationRejected,
                authors::State::Open => return Ok(()),
            };
            let (key, code) = (format!("application:{id}"), application.code.as_deref());
            let told = self.tell_decision(tx, &[application.user], key, decision, code).await?;
            round.touched.extend(told);
        } else if let Some(ChangeProposed { waits, .. }) = entry.read() {
            round.queue(Queue::Applications, waits);
        } else if let Some(ChangeDecided { id, reason }) = entry.read() {
            round.queue(Queue::Applications, false);
            let decision =
                if reason.is_some() { Decision::ProfileReturned } else { Decision::ProfileApproved };
            let owners = self.of.authors.owners(id).await?;
            let told = self.tell_decision(tx, &owners, format!("author:{id}"), decision, reason.as_deref());
            round.touched.extend(told.await?);
        } else if let Some(ProfileChanged { held, .. }) = entry.read() {
            round.queue(Queue::Profiles, held);
        } else if entry.read::<ProfileReported>().is_some() {
            round.queue(Queue::Profiles, true);
        } else if entry.read::<Reported>().is_some() {
            round.queue(Queue::Reports, true);
        } else if let Some(ReportClosed { id }) = entry.read() {
            round.queue(Queue::Reports, false);
            let Some(report) = self.of.moderation.find_report(id).await? else { return Ok(()) };
            let (Some(by), Some(outcome)) = (report.by, report.outcome) else { return Ok(()) };
            let decision = match outcome {
                Outcome::Upheld => Decision::ReportUpheld,
                Outcome::Rejected => Decision::ReportRejected,
            };
            round
                .touched
                .extend(self.tell_decision(tx, &[by], format!("report:{id}"), decision, None).await?);
        }
        Ok(())
    }

    /// Whoever is answered, and whoever is named; who was told.
    async fn tell_of_comment(&self, tx: &Tx, id: CommentId) -> Result<Vec<UserId>> {
        let Some(comment) = self.of.comments.find(id).await?.filter(|c| c.state.is_visible()) else {
            return Ok(Vec::new());
        };
        let Some(writer) = comment.by else { return Ok(Vec::new()) };
        let answered = match comment.parent {
            Some(parent) => self.of.comments.find(parent).await?,
            None => None,
        };
        let answered = answered.and_then(|answered| Some((answered.id, answered.by?)));
        let named = self.named_in(&comment).await?;
        let people: Vec<UserId> =
            answered.iter().map(|(_, by)| *by).chain(named.iter().copied()).chain([writer]).collect();
        let alive = self.alive(&people).await?;
        let mut told = Vec::new();
        if !alive.contains(&writer) {
            return Ok(told);
        }
        if let Some((answered, by)) = answered
            && by != writer
            && alive.contains(&by)
            && self.hears(by, writer).await?
            && let Some(&(_, ways)) = store::wanting(tx, Kind::Answer, &[by]).await?.first()
        {
            let of = Answered { user_id: by, answered_id: answered };
            self.tell_of_answer(tx, &comment, writer, (of, ways)).await?;
            told.push(by);
        }
        // An answer that names whom it answers is told once.
        let named: Vec<UserId> = named
            .into_iter()
            .filter(|user| *user != writer && alive.contains(user) && !told.contains(user))
            .collect();
        for to in store::wanting(tx, Kind::Mention, &named).await? {
            if !self.hears(to.0, writer).await? {
                continue;
            }
            let new = New {
                actor: Some(writer),
                article: Some(comment.article),
                comment: Some(id),
                ..New::of(to, Kind::Mention, id)
            };
            self.tell(tx, new).await?;
            told.push(to.0);
        }
        Ok(told)
    }

    /// Adds an answer to what is told of the comment that it answers. What was read already is not told again.
    async fn tell_of_answer(
        &self,
        tx: &Tx,
        answer: &Comment,
        writer: UserId,
        (of, ways): (Answered, Ways),
    ) -> Result<()> {
        let key = of.answered_id.to_string();
        let row = store::find(tx, of.user_id, Kind::Answer, &key).await?;
        if row.is_none_or(|row| row.read_at.is_some()) {
            store::answers::clear(tx, of.user_id, of.answered_id).await?;
        }
        if !store::answers::add(tx, answer.id, of.user_id, of.answered_id, writer).await? {
            return Ok(());
        }
        let sum = store::answers::sum(tx, of).await?;
        let new = New {
            actors: sum.actors,
            actor: sum.actor_id,
            article: Some(answer.article),
            comment: sum.comment_id,
            ..New::of((of.user_id, ways), Kind::Answer, key)
        };
        self.tell(tx, new).await
    }

    /// Whether somebody is to be told of what another says: they did not mute them, and could be answered by them.
    async fn hears(&self, reader: UserId, writer: UserId) -> Result<bool> {
        if self.of.blocks.hides(reader, Target::User(writer)).await? {
            return Ok(false);
        }
        match self.of.blocks.check_contact(writer, reader).await {
            Ok(()) => Ok(true),
            Err(Error::Conflict(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Marks as read what those did whom a user wants to hear nothing of any more; whether there was any.
    async fn mark_hidden(&self, tx: &Tx, user: UserId) -> Result<bool> {
        let (hidden, now) = (self.of.blocks.of(user).await?, self.env.now());
        let people: Vec<UserId> = hidden.users.keys().copied().collect();
        let mut marked = store::mark_read_of(tx, user, &people, now).await?;
        // Answers that nobody else gave: else the others are still to be read.
        let mut answered = store::answers::unread_by(tx, user, &people).await?;
        for answer in store::answers::of(tx, user, &answered).await? {
            if !hidden.users.contains_key(&answer.actor) {
                answered.retain(|of| *of != answer.answered);
            }
        }
        marked |= store::answers::mark_read(tx, user, &answered, now).await?;
        if !hidden.authors.is_empty() {
            let unread = store::unread_articles(tx, user).await?;
            let cards = self.of.articles.cards(&unread).await?.into_iter();
            let theirs: Vec<ArticleId> = cards
                .filter(|card| hidden.how(Target::Author(card.author)).is_some())
                .map(|card| card.id)
                .collect();
            marked |= store::mark_read_about(tx, user, &theirs, now).await?;
        }
        Ok(marked)
    }

    /// Users whom a comment names, and those who write for authors whom it names; each once.
    async fn named_in(&self, comment: &Comment) -> Result<Vec<UserId>> {
        let mut named = Vec::new();
        for handle in mentions(&comment.text) {
            named.extend(self.of.accounts.find_by_handle(&handle).await?.map(|user| user.id));
            if let Some(author) = self.of.authors.find_by_handle(&handle).await? {
                named.extend(self.of.authors.owners(author.id).await?);
            }
        }
        let mut seen = HashSet::new();
        named.retain(|user| seen.insert(*user));
        Ok(named)
    }

    /// How many others like a comment now. Of one that nobody likes any more nothing is told.
    async fn count_likes(&self, tx: &Tx, id: CommentId) -> Result<Option<UserId>> {
        let Some(comment) = self.of.comments.find(id).await?.filter(|c| c.state.is_visible()) else {
            return Ok(None);
        };
        let Some(writer) = comment.by else { return Ok(None) };
        let own = self.of.comments.liked_by(writer, comment.article).await?.contains(&id);
        // Those whom the writer muted are among the likes that all see, but nobody is told of them.
        let muted: Vec<UserId> = self.of.blocks.of(writer).await?.users.keys().copied().collect();
        let muted = self.of.comments.count_likes_of(&comment, &muted).await?;
        let others = comment.likes - i64::from(own) - muted;
        let key = id.to_string();
        if others <= 0 {
            let changed = store::set_actors(tx, writer, Kind::Like, &key, 0).await?;
            return Ok(changed.then_some(writer));
        }
        let Some(&to) = store::wanting(tx, Kind::Like, &[writer]).await?.first() else { return Ok(None) };
        if !self.alive(&[writer]).await?.contains(&writer) {
            return Ok(None);
        }
        let new = New {
            actors: others,
            article: Some(comment.article),
            comment: Some(id),
            ..New::of(to, Kind::Like, key)
        };
        self.count(tx, new).await?;
        Ok(Some(writer))
    }

    /// A comment is not shown any more, or nowhere; whose rows showed it.
    pub(crate) async fn forget_comment(&self, tx: &Tx, id: CommentId) -> Result<Vec<UserId>> {
        let mut touched = store::forget_comment(tx, id).await?;
        for of in store::answers::forget(tx, id).await? {
            self.settle(tx, of).await?;
            touched.push(of.user_id);
        }
        Ok(touched)
    }

    /// Tells those who write for an author what was decided about an article, but for who decided it.
    async fn tell_owners(
        &self,
        tx: &Tx,
        entry: &Entry,
        article: ArticleId,
        author: AuthorId,
        decision: Decision,
        code: Option<&str>,
    ) -> Result<Vec<UserId>> {
        let mut owners = self.of.authors.owners(author).await?;
        owners.retain(|owner| Some(*owner) != entry.actor.user());
        self.tell_decision(tx, &owners, format!("article:{article}"), decision, code).await
    }

    async fn tell_decision(
        &self,
        tx: &Tx,
        users: &[UserId],
        key: String,
        decision: Decision,
        code: Option<&str>,
    ) -> Result<Vec<UserId>> {
        let mut told = store::wanting(tx, Kind::Decision, users).await?;
        let alive = self.alive(users).await?;
        told.retain(|(user, _)| alive.contains(user));
        for &to in &told {
            let detail = Some(decision.stored(code));
            let new = New { detail, ..New::of(to, Kind::Decision, &key) };
            self.tell(tx, new).await?;
        }
        Ok(told.into_iter().map(|(user, _)| user).collect())
    }

    /// Of `users`, those who are not deleted: events of before may name others.
    async fn alive(&self, users: &[UserId]) -> Result<HashSet<UserId>> {
        let users = self.of.accounts.get_many(users).await?;
        Ok(users.into_iter().filter(|user| user.deleted_at.is_none()).map(|user| user.id).collect())
    }
}
