//! A new name, bio or avatar waits for a reviewer; until then readers see what they saw.

use accounts::{Role, User};
use db::FromQueryResult;
use kernel::confusable::skeleton;
use kernel::{AuthorId, Error, Result, Time, UserId, text};

use crate::events::AuthorChanged;
use crate::model::{Author, Profile};
use crate::service::{Authors, check_new_name};
use crate::store::changes as store;

/// Why a change is returned (`reject-…` in the locale files).
pub const RETURN_CODES: [&str; 4] = ["name", "content", "identity", "other"];

/// What owners want to be shown of an author.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Change {
    #[sea_orm(from_alias = "author_id")]
    pub author: AuthorId,
    pub name: String,
    pub bio: String,
    /// Hash of a picture.
    pub avatar: Option<String>,
    pub asked_by: UserId,
    pub asked_at: Time,
    /// Why it was returned, and in the reviewer's words.
    pub code: Option<String>,
    pub note: Option<String>,
}

impl Change {
    pub const fn is_waiting(&self) -> bool {
        self.code.is_none()
    }
}

impl Authors {
    /// Saves a profile whose name, bio and avatar a reviewer has to see first: those wait, the rest is saved. Where none of the three
    /// differs from what readers see, nothing waits any more. Says whether something waits. Codes as for [`Authors::update`].
    pub async fn propose(&self, by: &User, id: AuthorId, profile: Profile) -> Result<bool> {
        let before = self.find(id).await?.ok_or(Error::NotFound)?;
        let wanted = profile.check(id, before.created_at)?;
        let waits =
            (&wanted.name, &wanted.bio, &wanted.avatar) != (&before.name, &before.bio, &before.avatar);
        let tx = self.db.write().await?;
        if waits {
            if wanted.name != before.name {
                check_new_name(&tx, &wanted.name, Some(id)).await?;
            }
            store::put(&tx, &wanted, by.id, self.env.now()).await?;
        } else {
            store::delete(&tx, id).await?;
        }
        let Author { name, bio, verified, avatar, .. } = before;
        crate::store::update(&tx, &Author { name, bio, verified, avatar, ..wanted }).await?;
        self.journal.append(&tx, &AuthorChanged { id }).await?;
        tx.commit().await?;
        Ok(waits)
    }

    /// What waits or was returned, of one author.
    pub async fn change_of(&self, id: AuthorId) -> Result<Option<Change>> {
        store::find(&self.db, id).await
    }

    /// What waits for a reviewer, longest first.
    pub async fn changes(&self, limit: usize) -> Result<Vec<Change>> {
        store::waiting(&self.db, limit).await
    }

    pub async fn count_changes(&self) -> Result<i64> {
        store::count(&self.db).await
    }

    /// Shows readers what waits, as it was read (asked for at `read`). Of another name nobody has checked who stands behind it. For
    /// reviewers, never about their own; conflicts `change-decided`, `own-account`; code `name-taken`.
    pub async fn approve_change(&self, by: &User, id: AuthorId, read: Time) -> Result<Author> {
        self.may_decide(by, id).await?;
        let tx = self.db.write().await?;
        let change = store::take(&tx, id, read).await?.ok_or(Error::Conflict("change-decided"))?;
        let before = crate::store::find(&tx, id).await?.ok_or(Error::NotFound)?;
        if change.name != before.name {
            check_new_name(&tx, &change.name, Some(id)).await?;
            crate::store::set_name_key(&tx, id, &skeleton(&change.name)).await?;
        }
        let verified = before.verified && change.name == before.name;
        let Change { name, bio, avatar, .. } = change;
        let author = Author { name, bio, verified, avatar, ..before };
        crate::store::update(&tx, &author).await?;
        self.journal.append(&tx, &AuthorChanged { id }).await?;
        tx.commit().await?;
        Ok(author)
    }

    /// Says no to what waits: the owners see why. `code` is one of [`RETURN_CODES`] (else `code-empty`).
    pub async fn return_change(
        &self,
        by: &User,
        id: AuthorId,
        read: Time,
        code: &str,
        note: &str,
    ) -> Result<()> {
        self.may_decide(by, id).await?;
        if !RETURN_CODES.contains(&code) {
            return Err(Error::invalid("code", "code-empty"));
        }
        let note = text::lines(note);
        let note = (!note.is_empty()).then_some(note);
        let tx = self.db.write().await?;
        if !store::send_back(&tx, id, read, code, note, by.id).await? {
            return Err(Error::Conflict("change-decided"));
        }
        tx.commit().await
    }

    async fn may_decide(&self, by: &User, id: AuthorId) -> Result<()> {
        if !by.may(Role::Reviewer) {
            return Err(Error::Denied);
        }
        if self.owns(by.id, id).await? {
            return Err(Error::Conflict("own-account"));
        }
        Ok(())
    }
}
