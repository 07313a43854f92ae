//! Who may see a picture: everybody while something public shows it, else its owners and those who review.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use accounts::{Accounts, Action, Viewer};
use articles::{Articles, Showing};
use authors::Authors;
use kernel::{Env, Error, Result};
use media::Media;
use moka::sync::Cache;
use settings::{Settings, site};

/// Pictures whose standing is kept in memory, about a hundred bytes each.
const REMEMBERED: u64 = 100_000;
/// What is kept is dropped when the journal says so; this long after it was read it is looked up again, whatever happens.
const KEEP: Duration = Duration::from_mins(1);
/// Articles of a picture without an owner that are looked at.
const USES: usize = 20;

/// What anybody may know of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Something public shows it.
    Public,
    /// Something did, and does no more.
    Gone,
    /// Its owners deleted it: nobody sees it.
    Deleted,
    /// Nothing public showed it yet, or there is no such picture.
    Hidden,
}

/// Cheap to clone; what it keeps is shared.
#[derive(Clone)]
pub struct PictureAccess {
    articles: Articles,
    authors: Authors,
    media: Media,
    /// Where they are not known, nobody has a picture of their own, and the site none.
    people: Option<(Accounts, Settings)>,
    env: Env,
    known: Cache<String, (Standing, Instant)>,
    /// How often something changed: what was looked up before a change is not kept after it.
    changes: Arc<Mutex<u64>>,
}

impl PictureAccess {
    pub fn new(articles: Articles, authors: Authors, media: Media, env: Env) -> Self {
        let known = Cache::builder().max_capacity(REMEMBERED).build();
        Self { articles, authors, media, people: None, env, known, changes: Arc::default() }
    }

    /// From then on pictures of users and the site's own are public, too.
    #[must_use]
    pub fn with_people(self, accounts: Accounts, settings: Settings) -> Self {
        Self { people: Some((accounts, settings)), ..self }
    }

    pub async fn standing(&self, hash: &str) -> Result<Standing> {
        let known = self.known.get(hash);
        if let Some((standing, read)) = known
            && self.env.instant().duration_since(read) < KEEP
        {
            return Ok(standing);
        }
        let begun = *self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        let standing = match (self.look(hash).await, known) {
            // The database is gone. Of what changed before, nothing is kept, and while it is gone nothing changes.
            (Err(Error::Unavailable(_)), Some((standing, _))) => return Ok(standing),
            (looked, _) => looked?,
        };
        let changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        if *changes == begun {
            self.known.insert(hash.to_owned(), (standing, self.env.instant()));
        }
        Ok(standing)
    }

    async fn look(&self, hash: &str) -> Result<Standing> {
        if self.media.is_deleted(hash).await? {
            return Ok(Standing::Deleted);
        }
        Ok(match self.articles.showing(hash).await? {
            Showing::Live => Standing::Public,
            _ if self.authors.is_avatar(hash).await? => Standing::Public,
            _ if self.is_of_people(hash).await? => Standing::Public,
            Showing::Gone => Standing::Gone,
            Showing::Never => Standing::Hidden,
        })
    }

    /// Whether it is shown on a user's page, or is the site's logo.
    async fn is_of_people(&self, hash: &str) -> Result<bool> {
        let Some((accounts, settings)) = &self.people else { return Ok(false) };
        Ok(settings.get(&site::LOGO) == hash || accounts.is_avatar(hash, None).await?)
    }

    /// Something changed about these pictures.
    pub fn forget<'a>(&self, hashes: impl IntoIterator<Item = &'a str>) {
        let mut changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        *changes += 1;
        for hash in hashes {
            self.known.invalidate(hash);
        }
    }

    /// Something changed about many pictures.
    pub fn forget_all(&self) {
        let mut changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        *changes += 1;
        self.known.invalidate_all();
    }

    /// Whether `viewer` may see a picture that the public may not: its owners, who writes for an author with one of them or for one
    /// that keeps it in its articles ([`Articles::authors_keeping`]), and who reads what was sent in. Of a picture that came with an import, and so has
    /// no owner, those who write for an author that uses it.
    pub async fn allows(&self, viewer: &Viewer, hash: &str) -> Result<bool> {
        let Some(user) = viewer.user() else { return Ok(false) };
        if viewer.may(Action::ReadSubmissions) {
            return Ok(true);
        }
        let owners = self.media.owners(hash).await?;
        if owners.contains(&user.id) {
            return Ok(true);
        }
        let mine = self.authors.owned_by(user.id).await?;
        let keeping = self.articles.authors_keeping(hash).await?;
        if mine.iter().any(|author| keeping.contains(&author.id)) {
            return Ok(true);
        }
        if owners.is_empty() {
            let uses = self.articles.uses(hash, USES).await?;
            return Ok(uses.iter().any(|one| mine.iter().any(|author| author.id == one.author)));
        }
        for author in &mine {
            if self.authors.owners(author.id).await?.iter().any(|owner| owners.contains(owner)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
