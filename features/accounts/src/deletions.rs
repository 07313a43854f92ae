//! Users who asked to be deleted. Until their grace has run out nobody acts as them, and they may still say no: a session that they begin
//! meanwhile opens nothing but the way back. What they wrote stays where it is until then. `erasure` does the rest.

use std::time::Duration;

use audit::Record;
use kernel::{Error, Result, UserId};

use crate::access::is_last_operator;
use crate::codes;
use crate::events::AccessChanged;
use crate::letters::{DeletionAsked, DeletionTakenBack};
use crate::model::{Deletion, User};
use crate::service::Accounts;
use crate::sign_in::Origin;
use crate::store::{self, deletions as stored};
use crate::token::hash;

const DAY: Duration = Duration::from_hours(24);

impl Accounts {
    /// Has the user deleted when the grace has run out. Sessions and keys to the API end at once. Who asked already keeps the first time.
    ///
    /// Of whoever has no password, the caller asks that they signed in lately ([`Accounts::is_fresh`]). Code: `password-wrong` (field `delete-password`). Conflict: `operator-last`.
    pub async fn ask_to_delete(
        &self,
        user: &User,
        password: &str,
        keep_comments: bool,
        with_authors: bool,
        from: Origin<'_>,
    ) -> Result<Deletion> {
        if store::has_password(&self.db, user.id).await? {
            match self.check_password(user.handle.as_str(), password, from).await {
                Err(Error::Invalid(_)) => {
                    return Err(Error::invalid("delete-password", codes::PASSWORD_WRONG));
                }
                checked => drop(checked?),
            }
        }
        let (id, now) = (user.id, self.env.now());
        let due_at = now.plus(DAY * u32::try_from(self.deletion_days()).unwrap_or_default());
        let tx = self.db.write().await?;
        let user = store::find(&tx, id).await?.filter(|user| user.deleted_at.is_none());
        let user = user.ok_or(Error::NotFound)?;
        if is_last_operator(&tx, &user).await? {
            return Err(Error::Conflict(codes::OPERATOR_LAST));
        }
        let deletion = Deletion { user: id, keep_comments, with_authors, asked_at: now, due_at };
        if !stored::insert(&tx, &deletion).await? {
            return stored::find(&tx, id).await?.ok_or(Error::NotFound);
        }
        let this = self.by(id);
        this.end_access(&tx, id, true).await?;
        let handle = user.handle.to_string();
        self.warn(&tx, id, |_| DeletionAsked { handle, due: due_at }).await?;
        audit::record(&tx, &this.journal, Record::new("user.delete-ask", "user", id)).await?;
        tx.commit().await?;
        self.forget_viewers();
        Ok(deletion)
    }

    /// Whether and when the user is to be deleted.
    pub async fn deletion(&self, user: UserId) -> Result<Option<Deletion>> {
        stored::find(&self.db, user).await
    }

    /// Who began this session after they had asked to be deleted, and when they will be.
    pub async fn leaving(&self, session_token: &str) -> Result<Option<(User, Deletion)>> {
        let found = stored::of_session(&self.db, &hash(session_token), self.env.now()).await?;
        Ok(found.map(|found| {
            let stored::Leaving { user, keep_comments, with_authors, asked_at, due_at } = found;
            let deletion = Deletion { user: user.id, keep_comments, with_authors, asked_at, due_at };
            (user, deletion)
        }))
    }

    /// Whoever began this session stays; it opens everything again. Errors: [`Error::NotFound`] where it is nobody's who asked to be deleted, or the
    /// day has come.
    pub async fn keep(&self, session_token: &str) -> Result<()> {
        let (user, _) = self.leaving(session_token).await?.ok_or(Error::NotFound)?;
        let (id, now) = (user.id, self.env.now());
        let tx = self.db.write().await?;
        if !stored::take_back(&tx, id, now).await? {
            return Err(Error::NotFound);
        }
        let journal = self.journal.by(id);
        journal.append(&tx, &AccessChanged { id }).await?;
        let handle = user.handle.to_string();
        self.warn(&tx, id, |_| DeletionTakenBack { handle, at: now }).await?;
        audit::record(&tx, &journal, Record::new("user.delete-keep", "user", id)).await?;
        tx.commit().await?;
        self.forget_viewers();
        Ok(())
    }

    /// Those whose grace has run out, the first `limit`.
    pub async fn deletions_due(&self, limit: usize) -> Result<Vec<Deletion>> {
        stored::due(&self.db, self.env.now(), limit).await
    }

    /// Whether this is still what the user asked for. Conflict: `operator-last`, before anything is done.
    pub async fn is_to_be_deleted(&self, asked: Deletion) -> Result<bool> {
        let tx = self.db.write().await?;
        if stored::find(&tx, asked.user).await? != Some(asked) {
            return Ok(false);
        }
        self.may_shut_out(&tx, None, asked.user).await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests;
