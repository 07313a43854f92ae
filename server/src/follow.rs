//! The page cache follows the journal: what an event changed, the pages that show it are dropped.

use std::collections::VecDeque;
use std::time::Duration;

use accounts::Accounts;
use accounts::events::{AccessChanged, CustomRoleChanged, ProfileChanged, RolesChanged, UserDeleted};
use articles::Articles;
use articles::events::{Changed, ChannelsChanged, Gone, Live};
use async_trait::async_trait;
use blocks::Blocks;
use blocks::events::BlocksChanged;
use editorial::Slot;
use editorial::events::{Placed, TopicChanged};
use events::{Entry, Follower, Position};
use kernel::{ArticleId, AuthorId, Env, Result, Slug, Time, UserId};
use media::Media;
use recommend::Related;
use search::Search;
use settings::events::SettingsChanged;
use settings::{Identity, Settings};
use site::PictureAccess;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use web::render::{Accent, Logo};
use web::{CacheTag, Frame, PageCache};

pub struct DropPages {
    pub pages: PageCache,
    pub frame: Frame,
    pub settings: Settings,
    pub media: Media,
}

impl DropPages {
    /// Settings are in force here, too, and pages name the site as it is set now.
    async fn reset(&self) -> Result<()> {
        self.settings.load().await?;
        let identity = self.settings.identity();
        let locale = identity.locale;
        let site = about(identity, self.frame.site().url.clone(), &self.media).await?;
        self.frame.set_site(site, locale);
        Ok(())
    }
}

#[async_trait]
impl Follower for DropPages {
    fn name(&self) -> &'static str {
        "pages"
    }

    fn is_awaited(&self) -> bool {
        true
    }

    async fn apply(&mut self, batch: &[Entry]) -> Result<()> {
        if batch.iter().any(|entry| entry.read::<ChannelsChanged>().is_some()) {
            self.frame.forget_channels();
        }
        if batch.iter().any(|entry| entry.read::<SettingsChanged>().is_some()) {
            self.reset().await?;
        }
        self.pages.invalidate(batch.iter().flat_map(changed));
        Ok(())
    }
}

/// What looks different after an event.
fn changed(entry: &Entry) -> Vec<CacheTag> {
    if let Some(live) = entry.read::<Live>() {
        return lists(live.author, live.channel).chain([CacheTag::Article(live.id)]).collect();
    }
    if let Some(changed) = entry.read::<Changed>() {
        return lists(changed.author, changed.channel).chain([CacheTag::Article(changed.id)]).collect();
    }
    if let Some(gone) = entry.read::<Gone>() {
        return lists(gone.author, gone.channel).chain([CacheTag::Article(gone.id)]).collect();
    }
    if entry.read::<ChannelsChanged>().is_some() || entry.read::<SettingsChanged>().is_some() {
        return vec![CacheTag::Layout];
    }
    if let Some(posted) = entry.read::<comments::events::Posted>() {
        return thread(posted.article, posted.writer);
    }
    if let Some(changed) = entry.read::<comments::events::Changed>() {
        return thread(changed.article, changed.writer);
    }
    // The page of a user, and their name as a link; a name, a picture, that they are shut out.
    let user = entry.read::<ProfileChanged>().map(|profile| profile.id);
    if let Some(user) = user.or_else(|| entry.read::<AccessChanged>().map(|access| access.id)) {
        return vec![CacheTag::User(user)];
    }
    if let Some(followed) = entry.read::<follows::events::FollowChanged>() {
        return vec![CacheTag::Followers(followed.author)];
    }
    if let Some(liked) = entry.read::<follows::events::ArticleLiked>() {
        return vec![CacheTag::Thread(liked.id)];
    }
    if let Some(author) = entry.read::<authors::events::AuthorChanged>() {
        return vec![CacheTag::Author(author.id)];
    }
    if let Some(placed) = entry.read::<Placed>() {
        return Slot::named(&placed.slot).iter().flat_map(shown_in).collect();
    }
    if let Some(topic) = entry.read::<TopicChanged>() {
        // Its articles' pages name it.
        return topic.articles.into_iter().map(CacheTag::Article).chain([CacheTag::Topics]).collect();
    }
    Vec::new()
}

/// What shows a comment: its thread, and the page of whoever wrote it.
fn thread(article: ArticleId, writer: Option<UserId>) -> Vec<CacheTag> {
    [CacheTag::Thread(article)].into_iter().chain(writer.map(CacheTag::User)).collect()
}

/// What shows a slot that editors fill.
pub fn shown_in(slot: &Slot) -> Vec<CacheTag> {
    match slot {
        Slot::Home | Slot::Topics => vec![CacheTag::Lead],
        Slot::Headline(channel) => vec![CacheTag::Headlines, CacheTag::Pinned(channel.clone())],
        Slot::Pinned(channel) => vec![CacheTag::Pinned(channel.clone())],
    }
}

/// Drops what is known of pictures when that which shows them changes.
pub struct DropPictures {
    pub access: PictureAccess,
    pub accounts: Accounts,
    pub articles: Articles,
    pub media: Media,
    pub settings: Settings,
}

#[async_trait]
impl Follower for DropPictures {
    fn name(&self) -> &'static str {
        "pictures"
    }

    fn is_awaited(&self) -> bool {
        true
    }

    async fn apply(&mut self, batch: &[Entry]) -> Result<()> {
        let mut articles = Vec::new();
        let mut hashes = Vec::new();
        for entry in batch {
            if let Some(live) = entry.read::<Live>() {
                articles.push(live.id);
            } else if let Some(changed) = entry.read::<Changed>() {
                articles.push(changed.id);
            } else if let Some(gone) = entry.read::<Gone>() {
                articles.push(gone.id);
            } else if let Some(deleted) = entry.read::<media::events::Deleted>() {
                self.media.forget(&deleted.hash);
                hashes.push(deleted.hash);
            } else if let Some(added) = entry.read::<media::events::Added>() {
                hashes.push(added.hash);
            } else if entry.read::<SettingsChanged>().is_some() {
                // The logo may be another. This follower may be the first here to hear of it.
                self.settings.load().await?;
                self.access.forget_all();
            } else if let Some(AccessChanged { id }) = entry.read() {
                // It happens all the time, and nothing but their own picture may be shown or not for it.
                hashes.extend(self.accounts.profile(id).await.ok().and_then(|profile| profile.avatar));
            } else if entry.read::<authors::events::AuthorChanged>().is_some()
                || entry.read::<ProfileChanged>().is_some()
            {
                // The picture that was theirs before is named nowhere.
                self.access.forget_all();
            }
        }
        if articles.len() > MOST {
            self.access.forget_all();
            articles.clear();
        }
        hashes.extend(self.articles.pictures_of(&articles).await?);
        self.access.forget(hashes.iter().map(String::as_str));
        Ok(())
    }
}

fn lists(author: AuthorId, channel: Option<String>) -> impl Iterator<Item = CacheTag> {
    let channel = channel.and_then(|slug| Slug::new(&slug).ok()).map(CacheTag::NewOfChannel);
    [CacheTag::Latest, CacheTag::NewOfAuthor(author)].into_iter().chain(channel)
}

/// Who is signed in, and what they may do, is asked for anew when another process changed it.
pub struct ForgetViewers(pub Accounts);

#[async_trait]
impl Follower for ForgetViewers {
    fn name(&self) -> &'static str {
        "viewers"
    }

    fn is_awaited(&self) -> bool {
        true
    }

    async fn apply(&mut self, batch: &[Entry]) -> Result<()> {
        let changed = |entry: &Entry| {
            entry.read::<AccessChanged>().is_some()
                || entry.read::<RolesChanged>().is_some()
                || entry.read::<CustomRoleChanged>().is_some()
        };
        if batch.iter().any(changed) {
            self.0.forget_viewers();
        }
        Ok(())
    }
}

/// Of users who are deleted no word is left in the files of this node's index. It comes after the indexer, which takes out what they wrote. A large index
/// is written anew once a day at most: it takes minutes of a core, and as much of the disk again.
pub struct ExpungeIndex {
    search: Search,
    accounts: Accounts,
    env: Env,
    stop: CancellationToken,
    /// Where this process began to follow, until it was asked who was deleted before.
    began: Option<Position>,
    due: Option<Due>,
    /// Not before then.
    next: Instant,
}

/// Somebody was deleted.
struct Due {
    /// The indexer has to come there.
    until: Position,
    /// When that was heard.
    at: Time,
    /// Since when the indexer is there.
    there: Option<Instant>,
}

/// What the indexer took out is committed by then.
const COMMITTED: Duration = Duration::from_secs(2);
/// A deletion takes no longer between its time and its event.
const DELETING: Duration = Duration::from_mins(10);
/// An index of more articles is a large one.
const LARGE: u64 = 100_000;
const DAY: Duration = Duration::from_hours(24);
/// After a failure, such as of a full disk or of a merge that went on at the same time.
const AGAIN: Duration = Duration::from_secs(10);

impl ExpungeIndex {
    /// `began`: from where on this follows the journal.
    pub fn new(
        search: Search,
        accounts: Accounts,
        env: Env,
        began: Position,
        stop: CancellationToken,
    ) -> Self {
        Self { search, accounts, env, stop, began: Some(began), due: None, next: Instant::now() }
    }

    async fn look(&mut self) -> Result<()> {
        if let Some(until) = self.began {
            // A process before this one may have ended too early, or have been away.
            let since = self.search.expunged();
            if self.due.is_none() && self.accounts.were_deleted_since(since).await? {
                self.due = Some(Due { until, at: self.env.now(), there: None });
            }
            self.began = None;
        }
        let Some(due) = &mut self.due else { return Ok(()) };
        if !self.search.has_followed(due.until) {
            due.there = None;
            return Ok(());
        }
        let there = *due.there.get_or_insert_with(Instant::now);
        if there.elapsed() < COMMITTED || self.next > Instant::now() {
            return Ok(());
        }
        let known = due.at.minus(DELETING);
        let done = tokio::select! {
            done = self.search.expunge(known) => done,
            () = self.stop.cancelled() => return Ok(()),
        };
        let pause = match done {
            Ok(()) => {
                self.due = None;
                if self.search.len() > LARGE { DAY } else { Duration::ZERO }
            }
            Err(error) => {
                tracing::error!(%error, "words of deleted users are still in the files of the index; trying again");
                AGAIN
            }
        };
        self.next = Instant::now() + pause;
        Ok(())
    }
}

#[async_trait]
impl Follower for ExpungeIndex {
    fn name(&self) -> &'static str {
        "expunge"
    }

    async fn apply(&mut self, batch: &[Entry]) -> Result<()> {
        let last = batch.iter().rfind(|entry| entry.read::<UserDeleted>().is_some());
        if let Some(entry) = last {
            self.due = Some(Due { until: entry.position, at: self.env.now(), there: None });
        }
        self.look().await
    }

    async fn caught_up(&mut self) -> Result<()> {
        self.look().await
    }
}

/// Whom readers mute and block is asked for anew when another process changed it.
pub struct ForgetBlocks(pub Blocks);

#[async_trait]
impl Follower for ForgetBlocks {
    fn name(&self) -> &'static str {
        "blocks"
    }

    fn is_awaited(&self) -> bool {
        true
    }

    async fn apply(&mut self, batch: &[Entry]) -> Result<()> {
        for event in batch.iter().filter_map(Entry::read::<BlocksChanged>) {
            self.0.forget(event.user);
        }
        Ok(())
    }
}

/// Drops the pages of articles that are close to a new one, once that can be found: so it shows among what is related to them.
pub struct DropRelated {
    pages: PageCache,
    related: Related,
    /// What is to be looked up, and from when on: the index knows a change a moment after the journal.
    waiting: VecDeque<(ArticleId, Instant)>,
}

/// The index commits what changed within this time.
const INDEXED: Duration = Duration::from_secs(1);
/// More new articles at once are an import: each costs a look-up, and pages are made anew within a minute anyway.
const MOST: usize = 200;

impl DropRelated {
    pub fn new(pages: PageCache, related: Related) -> Self {
        Self { pages, related, waiting: VecDeque::new() }
    }

    async fn look(&mut self) -> Result<()> {
        for _ in 0..self.waiting.len() {
            let Some((id, from)) = self.waiting.pop_front() else { break };
            let touched = if from <= Instant::now() { self.related.touched_by(id).await? } else { None };
            match touched {
                Some(ids) => self.pages.invalidate(ids.into_iter().map(CacheTag::Related)),
                None => self.waiting.push_back((id, from)),
            }
        }
        Ok(())
    }
}

#[async_trait]
impl Follower for DropRelated {
    fn name(&self) -> &'static str {
        "related pages"
    }

    async fn apply(&mut self, batch: &[Entry]) -> Result<()> {
        for entry in batch {
            if let Some(live) = entry.read::<Live>() {
                self.waiting.push_back((live.id, Instant::now()));
            } else if let Some(changed) = entry.read::<Changed>() {
                self.waiting.push_back((changed.id, Instant::now() + INDEXED));
            } else if let Some(gone) = entry.read::<Gone>() {
                self.waiting.retain(|(id, _)| *id != gone.id);
            }
        }
        let spare = self.waiting.len().saturating_sub(MOST);
        self.waiting.drain(..spare);
        self.look().await
    }

    async fn caught_up(&mut self) -> Result<()> {
        self.look().await
    }
}

/// What every page names the site by.
pub async fn about(identity: Identity, url: String, media: &Media) -> Result<web::render::Site> {
    let Identity { name, tagline, zone, licence, accent, logo, logo_alone, .. } = identity;
    // One that is gone is as good as none.
    let picture = match &logo {
        Some(hash) => media.find(hash).await?,
        None => None,
    };
    let logo = picture.map(|picture| Logo {
        src: picture.url(LOGO_WIDTH),
        fallback: picture.fallback(),
        width: picture.width,
        height: picture.height,
        transparent: picture.transparent,
        hash: picture.hash,
        alone: logo_alone,
    });
    let licence = Some(licence).filter(|line| !line.is_empty());
    let accent = accent.map(Accent::of);
    Ok(web::render::Site { name, tagline, url, zone, licence, accent, logo })
}

/// Of a logo in the bar, twice as wide as it is shown at most.
const LOGO_WIDTH: u32 = 640;
