//! Keeping the index as the journal says.

use std::collections::{HashMap, HashSet};
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::time::Duration;

use articles::Document;
use articles::events::{Changed, Gone, Live};
use async_trait::async_trait;
use authors::events::AuthorChanged;
use events::{Entry, Follower, Position};
use kernel::{ArticleId, AuthorId, Error, Result};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::request::{Asked, ask, progress};
use crate::service::{Search, blocking};

/// While much arrives, it is committed this often: every commit writes files, whatever is in it.
const COMMIT_EVERY: Duration = Duration::from_millis(300);
/// A rebuild shows what it has this often, and less often the longer it takes.
const SHOW_EVERY: Duration = Duration::from_secs(3);
const SHOWINGS: u32 = 20;
/// Articles that are read from the tables at once.
const PART: usize = 500;
/// Events that were none of our business and need not be read again after a restart.
const SKIPPED: usize = 10_000;

impl Search {
    /// Fills the index where it is new, then keeps it as the journal says, until `stop`. Builds another beside it and changes to
    /// that when [`crate::reindex`] is asked for.
    pub async fn run(self, stop: CancellationToken) {
        let counting = tokio::spawn(self.popular.clone().run(stop.clone()));
        let mut wait = Duration::from_millis(100);
        let position = loop {
            match self.begin(&stop).await {
                Ok(Some(position)) => break position,
                Ok(None) => return,
                Err(error) => {
                    tracing::error!(%error, "the search index cannot be filled; trying again");
                    tokio::select! { () = tokio::time::sleep(wait) => {}, () = stop.cancelled() => return }
                    wait = (wait * 2).min(Duration::from_secs(10));
                }
            }
        };
        // A copy of another node's index may be days behind: nobody is sent here before that is made up for.
        let mut position = self.caught_up(position, &stop).await;
        self.filled.store(true, Ordering::Relaxed);
        while !stop.is_cancelled() {
            let pause = stop.child_token();
            let follower = Indexer::new(self.clone());
            let mut following = pin!(events::follow(self.journal.clone(), follower, position, pause.clone()));
            let built = tokio::select! {
                () = &mut following => break,
                built = self.built_when_asked(&stop) => built,
            };
            // The old index takes nothing more while the new one is brought up to the same place: that takes milliseconds.
            pause.cancel();
            following.await;
            position = match built {
                Some(built) => built.finish(&stop).await,
                None => break,
            };
        }
        let _ = counting.await;
    }

    /// Fills the index from the tables and shows what it has meanwhile; returns the place in the journal from which to follow,
    /// `None` if stopped. `done` is told how many more articles are in.
    pub async fn rebuild(&self, stop: &CancellationToken, done: impl Fn(u64)) -> Result<Option<Position>> {
        // The head comes first: what happens while the tables are read is met again, not missed.
        let head = self.journal.head().await?;
        let index = self.index.clone();
        blocking(move || index.clear()).await?;
        let mut last = ArticleId::new(0);
        let begun = Instant::now();
        let mut shown = begun;
        loop {
            let part = self.articles.documents(last, PART).await?;
            let Some(end) = part.last() else { break };
            last = end.id;
            let more = part.len() as u64;
            self.put(part).await?;
            done(more);
            if stop.is_cancelled() {
                return Ok(None);
            }
            if shown.elapsed() > SHOW_EVERY.max(begun.elapsed() / SHOWINGS) {
                // Without a place: interrupted here, the next start begins again.
                let index = self.index.clone();
                blocking(move || index.commit(None)).await?;
                shown = Instant::now();
            }
        }
        self.commit(head).await?;
        tracing::info!(articles = self.len(), "filled the search index from the tables");
        Ok(Some(head))
    }

    /// The same search on another index.
    pub(crate) fn on(&self, index: index::Index) -> Self {
        Self { index, ..self.clone() }
    }

    /// Where to follow from.
    async fn begin(&self, stop: &CancellationToken) -> Result<Option<Position>> {
        let place =
            self.index.commit_payload()?.and_then(|text| serde_json::from_str::<Position>(&text).ok());
        match place {
            // An index that is ahead of the journal belongs to another database (one restored from a backup); one that is behind what was
            // pruned has missed something.
            Some(place) if place <= self.journal.head().await? && !self.journal.is_pruned(place).await? => {
                Ok(Some(place))
            }
            _ => {
                let filled = self.rebuild(stop, |_| {}).await?;
                let index = self.index.clone();
                // Nobody waits for it, also not who stops the server: what is new goes in meanwhile, and what is broken off is as it was.
                std::thread::spawn(move || {
                    if let Err(error) = index.filled() {
                        tracing::warn!(%error, "the search index stays in many parts");
                    }
                });
                Ok(filled)
            }
        }
    }

    /// Follows the journal to its end.
    pub(crate) async fn caught_up(&self, position: Position, stop: &CancellationToken) -> Position {
        let there = stop.child_token();
        let mut reached = position;
        let follower =
            ToTheEnd { indexer: Indexer::new(self.clone()), reached: &mut reached, there: there.clone() };
        events::follow(self.journal.clone(), follower, position, there).await;
        reached
    }

    async fn put(&self, documents: Vec<Document>) -> Result<()> {
        let mut authors: Vec<AuthorId> = documents.iter().map(|document| document.author).collect();
        authors.sort_unstable();
        authors.dedup();
        let names = self.names(&authors).await?;
        let name = |author| names.get(&author).cloned().unwrap_or_default();
        let document = |document: Document| index::Document {
            id: document.id,
            author: document.author,
            author_name: name(document.author).0,
            handle: name(document.author).1,
            channel: document.channel,
            text: match document.subtitle {
                Some(subtitle) => format!("{subtitle}\n{}", document.text),
                None => document.text,
            },
            title: document.title,
            tags: document.tags.into_iter().map(String::from).collect(),
            kinds: document.kinds.into_iter().map(str::to_owned).collect(),
            published_at: document.published_at,
        };
        let documents: Vec<index::Document> = documents.into_iter().map(document).collect();
        let index = self.index.clone();
        blocking(move || index.put(&documents)).await
    }

    /// By what authors are found: name and handle.
    async fn names(&self, authors: &[AuthorId]) -> Result<HashMap<AuthorId, (String, String)>> {
        let authors = self.authors.get_many(authors).await?;
        Ok(authors.into_iter().map(|a| (a.id, (a.name, a.handle.to_string()))).collect())
    }

    pub(crate) async fn commit(&self, position: Position) -> Result<()> {
        let place = serde_json::to_string(&position).map_err(Error::internal)?;
        let index = self.index.clone();
        blocking(move || index.commit(Some(&place))).await
    }
}

/// Follows the journal. What it remembers is the position of the index's last commit; all else is lost with the process
/// and met again.
pub(crate) struct Indexer {
    search: Search,
    /// Articles whose text must be looked at.
    todo: HashSet<ArticleId>,
    /// Articles that were put or deleted since the last commit.
    done: HashSet<ArticleId>,
    renamed: HashSet<AuthorId>,
    reached: Option<Position>,
    skipped: usize,
    committed: Instant,
}

impl Indexer {
    pub(crate) fn new(search: Search) -> Self {
        Self {
            search,
            todo: HashSet::new(),
            done: HashSet::new(),
            renamed: HashSet::new(),
            reached: None,
            skipped: 0,
            committed: Instant::now(),
        }
    }

    async fn work(&mut self) -> Result<()> {
        if !self.renamed.is_empty() {
            // Only what is committed can be asked who wrote it.
            self.commit().await?;
            let renamed: Vec<AuthorId> = self.renamed.iter().copied().collect();
            for (author, (name, handle)) in self.search.names(&renamed).await? {
                let index = self.search.index.clone();
                self.todo.extend(blocking(move || index.named_otherwise(author, &name, &handle)).await?);
                self.renamed.remove(&author);
            }
            self.renamed.clear();
        }
        let ids: Vec<ArticleId> = self.todo.iter().copied().collect();
        for part in ids.chunks(PART) {
            let visible = self.search.articles.documents_of(part).await?;
            let mut gone: HashSet<ArticleId> = part.iter().copied().collect();
            for document in &visible {
                gone.remove(&document.id);
            }
            self.done.extend(part);
            self.search.index.delete(&gone.into_iter().collect::<Vec<_>>());
            self.search.put(visible).await?;
            for id in part {
                self.todo.remove(id);
            }
        }
        Ok(())
    }

    async fn commit(&mut self) -> Result<()> {
        if let Some(position) = self.reached.filter(|_| !self.done.is_empty() || self.skipped > SKIPPED) {
            self.search.commit(position).await?;
            self.done.clear();
            self.skipped = 0;
        }
        self.committed = Instant::now();
        Ok(())
    }

    /// A failure may have lost all since the last commit: it is done again.
    async fn again_on_failure(&mut self, outcome: Result<()>) -> Result<()> {
        if outcome.is_err() {
            self.todo.extend(self.done.drain());
            self.skipped = 0;
            let index = self.search.index.clone();
            blocking(move || index.rollback()).await?;
        }
        outcome
    }
}

#[async_trait]
impl Follower for Indexer {
    fn name(&self) -> &'static str {
        "search"
    }

    async fn apply(&mut self, batch: &[Entry]) -> Result<()> {
        for entry in batch {
            let article = entry
                .read::<Live>()
                .map(|event| event.id)
                .or_else(|| entry.read::<Changed>().map(|event| event.id))
                .or_else(|| entry.read::<Gone>().map(|event| event.id));
            self.todo.extend(article);
            self.renamed.extend(entry.read::<AuthorChanged>().map(|event| event.id));
            if entry.read::<Asked>().is_some() {
                let dir = self.search.index.dir().to_owned();
                // What is tried again, or asked for here as well, is asked for once.
                blocking(move || if progress(&dir)?.is_none() { ask(&dir) } else { Ok(()) }).await?;
            }
        }
        let worked = self.work().await;
        self.again_on_failure(worked).await?;
        // From here on everything up to the batch's end is in the index's next commit.
        self.reached = batch.last().map(|entry| entry.position);
        self.skipped += batch.len();
        if self.committed.elapsed() >= COMMIT_EVERY { self.caught_up().await } else { Ok(()) }
    }

    async fn caught_up(&mut self) -> Result<()> {
        let finished = match self.work().await {
            Ok(()) => self.commit().await,
            Err(error) => Err(error),
        };
        self.again_on_failure(finished).await
    }
}

/// An indexer that stops where there is nothing more.
struct ToTheEnd<'a> {
    indexer: Indexer,
    reached: &'a mut Position,
    there: CancellationToken,
}

#[async_trait]
impl Follower for ToTheEnd<'_> {
    fn name(&self) -> &'static str {
        "reindex"
    }

    async fn apply(&mut self, batch: &[Entry]) -> Result<()> {
        self.indexer.apply(batch).await?;
        if let Some(entry) = batch.last() {
            *self.reached = entry.position;
        }
        Ok(())
    }

    async fn caught_up(&mut self) -> Result<()> {
        self.indexer.caught_up().await?;
        self.there.cancel();
        Ok(())
    }
}
