//! A new name, bio, avatar or place waits for a reviewer; until then readers see what they saw.

use accounts::{Action, User};
use audit::Record;
use kernel::confusable::skeleton;
use kernel::{AuthorId, Error, Result, Time};

use crate::codes;
use crate::events::{AuthorChanged, ChangeDecided, ChangeProposed};
use crate::model::{Author, Change, Profile};
use crate::service::{Authors, check_new_name, checked_note};
use crate::store::changes as store;

/// Why a change is returned (`reject-…` in the locale files).
pub const RETURN_CODES: [&str; 4] = ["name", "content", "identity", "other"];

impl Authors {
    /// Takes name, bio, avatar and place of a profile for a reviewer to see first: they wait. Where none differs from what readers see,
    /// nothing waits any more. Says whether something waits. Codes as for [`Authors::update`].
    pub async fn propose(&self, by: &User, id: AuthorId, profile: Profile) -> Result<bool> {
        let tx = self.db.write().await?;
        let before = crate::store::lock(&tx, id).await?.ok_or(Error::NotFound)?;
        let wanted = profile.check(id, before.created_at)?;
        let public = |author: &Author| {
            (author.name.clone(), author.bio.clone(), author.avatar.clone(), author.region.clone())
        };
        let waits = public(&wanted) != public(&before);
        if waits {
            if wanted.name != before.name {
                check_new_name(&tx, &wanted.name, Some(id)).await?;
            }
            store::put(&tx, &wanted, by.id, self.env.now()).await?;
        } else {
            store::delete(&tx, id).await?;
        }
        self.journal.by(by.id).append(&tx, &ChangeProposed { id, waits }).await?;
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

    /// Shows readers what waits, as it was read (asked for at `read`), with the avatar that was `seen`. Of another name nobody has checked
    /// who stands behind it. For reviewers, never about their own; conflicts `change-decided`, `own-account`, and `picture-missing` where
    /// another avatar would be shown than was seen; code `name-taken`.
    pub async fn approve_change(
        &self,
        by: &User,
        id: AuthorId,
        read: Time,
        seen: Option<&str>,
    ) -> Result<Author> {
        self.may_decide(by, id).await?;
        let tx = self.db.write().await?;
        let before = crate::store::lock(&tx, id).await?.ok_or(Error::NotFound)?;
        let change = store::claim(&tx, id, read).await?.ok_or(Error::Conflict(codes::CHANGE_DECIDED))?;
        if change.avatar.is_some() && change.avatar != before.avatar && change.avatar.as_deref() != seen {
            return Err(Error::Conflict(codes::PICTURE_MISSING));
        }
        if change.name != before.name {
            check_new_name(&tx, &change.name, Some(id)).await?;
            crate::store::set_name_key(&tx, id, &skeleton(&change.name)).await?;
        }
        let verified = before.verified && change.name == before.name;
        let Change { name, bio, avatar, region, .. } = change;
        let author = Author { name, bio, verified, region, avatar, ..before };
        crate::store::update(&tx, &author).await?;
        let journal = self.journal.by(by.id);
        journal.append(&tx, &AuthorChanged { id }).await?;
        journal.append(&tx, &ChangeDecided { id, reason: None }).await?;
        audit::record(&tx, &journal, Record::new("profile.approve", "author", id)).await?;
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
            return Err(Error::invalid("code", codes::CODE_EMPTY));
        }
        let note = checked_note(note)?;
        let tx = self.db.write().await?;
        if !store::send_back(&tx, id, read, code, note, by.id).await? {
            return Err(Error::Conflict(codes::CHANGE_DECIDED));
        }
        let journal = self.journal.by(by.id);
        journal.append(&tx, &ChangeDecided { id, reason: Some(code.to_owned()) }).await?;
        audit::record(&tx, &journal, Record::new("profile.return", "author", id).after(code)).await?;
        tx.commit().await
    }

    async fn may_decide(&self, by: &User, id: AuthorId) -> Result<()> {
        by.require(Action::DecideApplications)?;
        if self.owns(by.id, id).await? {
            return Err(Error::Conflict(codes::OWN_ACCOUNT));
        }
        Ok(())
    }
}
