//! Deleting a user. Owns no table: it asks each feature to erase its own, in one transaction.
//!
//! What goes: e-mail addresses, mail that waits and files of mail, sessions, keys to the API, known browsers, follows, favourites, likes,
//! history and wishes, whom they muted and blocked and who muted and blocked them, applications, every word of their comments, what was
//! said of oneself in reports, what one was told and what others were told of one, archives of one's data, bio and picture, how one wanted the site shown, pictures that nothing shows. What
//! stays: the emptied places of comments that others answered, and what was written for an author that others own, too; pictures in it are
//! its other owners'. An author that nobody else owns goes with its user where the user agreed; one that became theirs alone in the grace stays without an owner. An operator's deletion waits until an operator gives it another owner first.
//!
//! Who asks for it themselves has a grace (`accounts`, `deletions.rs`); then [`jobs::CarryOutDeletions`] does it.

pub mod jobs;

use accounts::{Accounts, Deletion, User};
use articles::{Articles, Showing};
use authors::{Author, Authors};
use blocks::Blocks;
use comments::Comments;
use db::{Conn, Db};
use events::Actor;
use export::Export;
use follows::Follows;
use kernel::{AuthorId, Error, Result, UserId};
use media::Media;
use moderation::Moderation;
use notify::Notify;
use settings::{Settings, site};

#[derive(Clone)]
pub struct Erasure {
    pub db: Db,
    pub accounts: Accounts,
    pub authors: Authors,
    pub media: Media,
    pub articles: Articles,
    pub blocks: Blocks,
    pub comments: Comments,
    pub follows: Follows,
    pub moderation: Moderation,
    pub notify: Notify,
    pub export: Export,
    pub settings: Settings,
}

/// Articles that are looked at for where a picture stands.
const USES: usize = 200;

/// Users that one turn deletes.
const PART: usize = 100;
/// A SQLite of at most so many bytes is written anew afterwards: a second or two, in which writes wait.
const SMALL: u64 = 256 << 20;

/// What a deletion would do.
#[derive(Clone, Debug)]
pub struct Preview {
    pub user: User,
    /// Published comments, of which not a word stays.
    pub comments: i64,
    /// Authors that lose this owner and keep others.
    pub shared: Vec<Author>,
    /// Authors that nobody else owns: while there are any, the user stays.
    pub sole: Vec<Author>,
}

impl Erasure {
    pub async fn preview(&self, id: UserId) -> Result<Preview> {
        let user = self.accounts.find(id).await?.filter(|user| user.deleted_at.is_none());
        let user = user.ok_or(Error::NotFound)?;
        let sole = self.authors.solely_owned_by(id).await?;
        let mut shared = self.authors.owned_by(id).await?;
        shared.retain(|author| sole.iter().all(|own| own.id != author.id));
        Ok(Preview { user, comments: self.comments.count_by(id).await?, shared, sole })
    }

    /// Deletes the user; `name` stands where a name must. `by` is an operator, or `None` for whoever runs commands on the
    /// machine. Conflicts: `own-account`, `operator-last`, `user-deleted`, `user-owns-authors`.
    pub async fn delete(&self, by: Option<&User>, id: UserId, name: &str) -> Result<()> {
        let actor = Actor::user_or_command_line(by.map(|by| by.id));
        Box::pin(self.delete_as(actor, by, id, name, None)).await?;
        self.scrub().await;
        Ok(())
    }

    /// Does what a user asked for whose grace has run out: authors that nobody else owns go first, each with all its articles, where the user
    /// agreed; else they stay, with all their articles and without an owner. What is there no
    /// more is done. Whether it was done: they may have said no. Conflict: `operator-last`, where all others are gone.
    pub async fn carry_out(&self, asked: Deletion, name: &str) -> Result<bool> {
        // Who said no since the list was read stays; nobody does from the day on.
        if !self.accounts.is_to_be_deleted(asked).await? {
            return Ok(false);
        }
        let actor = Actor::Schedule;
        let sole = self.authors.solely_owned_by(asked.user).await?;
        let (going, staying) = if asked.with_authors { (sole, Vec::new()) } else { (Vec::new(), sole) };
        for author in going {
            let tx = self.db.write().await?;
            self.articles.by(actor).erase(&tx, author.id).await?;
            self.follows.by(actor).erase_author(&tx, author.id).await?;
            self.blocks.by(actor).erase_author(&tx, author.id).await?;
            self.authors.by(actor).erase_author(&tx, author.id, name).await?;
            tx.commit().await?;
            self.blocks.forget(None);
        }
        Box::pin(self.delete_as(actor, None, asked.user, name, Some(asked))).await?;
        for author in staying {
            tracing::warn!(author = %author.id, "its last owner was deleted: give it another (/admin/authors?state=ownerless)");
        }
        Ok(true)
    }

    /// The same for all whose time has come, as long as `goes_on`; whether there were any. One that cannot be done now keeps nobody else waiting.
    /// Afterwards nothing of what was deleted is left in the file of the database.
    pub async fn carry_out_due(&self, name: &str, goes_on: impl Fn() -> bool) -> Result<bool> {
        let (mut done, mut last) = (false, None);
        for asked in self.accounts.deletions_due(PART).await? {
            if !goes_on() {
                break;
            }
            match self.carry_out(asked, name).await {
                Ok(was_done) => done |= was_done,
                Err(error) => {
                    tracing::error!(user = %asked.user, %error, "cannot delete a user whose time has come");
                    last = Some(error);
                }
            }
        }
        if done {
            self.scrub().await;
        }
        last.map_or(Ok(done), Err)
    }

    /// Leaves nothing of what was deleted in the file of the database, where that takes seconds. What was deleted is, also where this fails.
    async fn scrub(&self) {
        match self.db.scrub(SMALL).await {
            Ok(false) if !self.db.is_postgres() => tracing::info!(
                "users were deleted; VACUUM takes the last copies of moved rows out of a large file"
            ),
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "users were deleted; VACUUM takes the last copies of moved rows out");
            }
        }
    }

    async fn delete_as(
        &self,
        actor: Actor,
        by: Option<&User>,
        id: UserId,
        name: &str,
        asked: Option<Deletion>,
    ) -> Result<()> {
        let keep_comments = asked.is_none_or(|asked| asked.keep_comments);
        // They never said that what became theirs alone may go.
        let leaves_authors = asked.is_some_and(|asked| !asked.with_authors);
        let owned: Vec<AuthorId> = self.authors.owned_by(id).await?.iter().map(|author| author.id).collect();
        let mut staying = Vec::new();
        if leaves_authors {
            staying.extend(self.authors.solely_owned_by(id).await?.iter().map(|author| author.id));
        }
        let (authors, comments, follows) =
            (self.authors.by(actor), self.comments.by(actor), self.follows.by(actor));
        let (accounts, media, blocks) =
            (self.accounts.by(actor), self.media.by(actor), self.blocks.by(actor));
        let tx = self.db.write().await?;
        let user = self.accounts.may_shut_out(&tx, by, id).await?;
        let names = [user.handle.as_str().to_owned(), user.name.to_lowercase()];
        search::erase(&tx, &names).await?;
        authors.erase(&tx, id, leaves_authors).await?;
        // Before the comments, which notifications and reports tell of.
        self.notify.erase(&tx, id).await?;
        comments.erase(&tx, id, name, keep_comments).await?;
        follows.erase(&tx, id).await?;
        blocks.erase(&tx, id).await?;
        recommend::erase(&tx, id).await?;
        self.moderation.erase(&tx, id).await?;
        let archives = self.export.erase(&tx, id).await?;
        let mut gone = Vec::new();
        for claim in self.media.erase(&tx, id).await? {
            match self.heirs(id, &owned, &claim.hash).await? {
                heirs if !heirs.is_empty() => self.media.hand_on(&tx, &claim, &heirs).await?,
                _ if self.is_shown(id, &claim.hash).await? => {}
                _ if self.is_used_by(&staying, &claim.hash).await? => {}
                _ => {
                    media.discard(&tx, &claim).await?;
                    gone.push(claim.hash);
                }
            }
        }
        accounts.erase(&tx, id, name).await?;
        tx.commit().await?;
        self.accounts.forget_viewers();
        self.blocks.forget(None);
        self.export.drop_archives(&archives).await;
        self.media.drop_files(&gone).await
    }

    /// Who else writes for the authors that have a picture of this user: not strangers', who may have named it without having it.
    async fn heirs(&self, user: UserId, owned: &[AuthorId], hash: &str) -> Result<Vec<UserId>> {
        let mut authors = self.articles.authors_keeping(hash).await?;
        let uses = self.articles.uses(hash, USES).await?;
        authors.extend(uses.iter().map(|one| one.author).filter(|author| owned.contains(author)));
        let wearers = self.authors.wearers(hash).await?;
        authors.extend(wearers.into_iter().filter(|author| owned.contains(author)));
        let mut heirs = Vec::new();
        for author in authors {
            heirs.extend(self.authors.owners(author).await?.into_iter().filter(|&owner| owner != user));
        }
        heirs.sort_unstable();
        heirs.dedup();
        Ok(heirs)
    }

    /// Whether one of the authors has it, in whatever state.
    async fn is_used_by(&self, authors: &[AuthorId], hash: &str) -> Result<bool> {
        if authors.is_empty() {
            return Ok(false);
        }
        let mut using = self.articles.authors_keeping(hash).await?;
        using.extend(self.articles.uses(hash, USES).await?.iter().map(|one| one.author));
        using.extend(self.authors.wearers(hash).await?);
        Ok(using.iter().any(|author| authors.contains(author)))
    }

    /// Whether others than `user` show it.
    async fn is_shown(&self, user: UserId, hash: &str) -> Result<bool> {
        Ok(self.articles.showing(hash).await? == Showing::Live
            || self.authors.is_avatar(hash).await?
            || self.accounts.is_avatar(hash, Some(user)).await?
            || self.settings.get(&site::LOGO) == hash)
    }
}
