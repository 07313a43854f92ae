//! Deleting a user. Owns no table: it asks each feature to erase its own, in one transaction.
//!
//! What goes: e-mail addresses and mail that waits, sessions, keys to the API, known browsers, follows, favourites, likes, history and
//! wishes, whom they muted and blocked and who muted and blocked them, applications that became nothing, comments that wait for a
//! reviewer, bio and picture and how one wanted the site shown, what was said of oneself in reports, what one was told and what others were told of one, pictures that nothing shows. What
//! stays: comments that others may have answered, under a name that tells nothing, and what was written for an author, which is the
//! author's; pictures in it are its
//! other owners'. The last owner of an author is not deleted: nobody could look after it.

use accounts::{Accounts, User};
use articles::{Articles, Showing};
use authors::{Author, Authors};
use blocks::Blocks;
use comments::Comments;
use db::Db;
use events::Actor;
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
    pub settings: Settings,
}

/// Articles that are looked at for where a picture stands.
const USES: usize = 200;

/// What a deletion would do.
#[derive(Clone, Debug)]
pub struct Preview {
    pub user: User,
    /// Comments that stay under a neutral name.
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

    /// Deletes the user; `name` stands where comments had theirs. `by` is an operator, or `None` for whoever runs commands on the
    /// machine. Conflicts: `own-account`, `operator-last`, `user-deleted`, `user-owns-authors`.
    pub async fn delete(&self, by: Option<&User>, id: UserId, name: &str) -> Result<()> {
        let owned: Vec<AuthorId> = self.authors.owned_by(id).await?.iter().map(|author| author.id).collect();
        let actor = Actor::user_or_command_line(by.map(|by| by.id));
        let (authors, comments, follows) =
            (self.authors.by(actor), self.comments.by(actor), self.follows.by(actor));
        let (accounts, media, blocks) =
            (self.accounts.by(actor), self.media.by(actor), self.blocks.by(actor));
        let tx = self.db.write().await?;
        self.accounts.may_shut_out(&tx, by, id).await?;
        authors.erase(&tx, id).await?;
        comments.erase(&tx, id, name).await?;
        follows.erase(&tx, id).await?;
        blocks.erase(&tx, id).await?;
        recommend::erase(&tx, id).await?;
        self.moderation.erase(&tx, id).await?;
        self.notify.erase(&tx, id).await?;
        let mut gone = Vec::new();
        for claim in self.media.erase(&tx, id).await? {
            match self.heirs(id, &owned, &claim.hash).await? {
                heirs if !heirs.is_empty() => self.media.hand_on(&tx, &claim, &heirs).await?,
                _ if self.is_shown(id, &claim.hash).await? => {}
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

    /// Whether others than `user` show it.
    async fn is_shown(&self, user: UserId, hash: &str) -> Result<bool> {
        Ok(self.articles.showing(hash).await? == Showing::Live
            || self.authors.is_avatar(hash).await?
            || self.accounts.is_avatar(hash, Some(user)).await?
            || self.settings.get(&site::LOGO) == hash)
    }
}
