//! What operators do about users: shutting out, letting in again, ending what is open, deleting.
//!
//! `by` is the operator, or `None` for whoever runs commands on the machine.

use db::Tx;
use events::Actor;
use kernel::{Error, Handle, Result, UserId};

use crate::codes;
use crate::events::AccessChanged;
use crate::model::{Role, User};
use crate::service::{Accounts, is_last_operator};
use crate::store;

impl Accounts {
    /// Shuts the user out until [`Accounts::restore`]: sessions and keys to the API end, nobody can sign in. Doing it twice is doing it
    /// once. Conflicts: `own-account`, `operator-last`, `user-deleted`.
    pub async fn suspend(&self, by: Option<&User>, id: UserId) -> Result<()> {
        let tx = self.db.write().await?;
        self.may_shut_out(&tx, by, id).await?;
        store::suspend(&tx, id, by.map(|by| by.id), self.env.now()).await?;
        self.by(acting(by)).end_access(&tx, id, true).await?;
        tx.commit().await?;
        self.forget_viewers();
        Ok(())
    }

    /// Lets the user in again; there is a password, but no session and no key.
    pub async fn restore(&self, by: Option<&User>, id: UserId) -> Result<()> {
        may_look_after(by)?;
        let tx = self.db.write().await?;
        existing(&tx, id).await?;
        store::restore(&tx, id).await?;
        self.journal.by(acting(by)).append(&tx, &AccessChanged { id }).await?;
        tx.commit().await
    }

    /// Ends every session and every key to the API of the user.
    pub async fn end_all_access(&self, by: Option<&User>, id: UserId) -> Result<()> {
        may_look_after(by)?;
        let tx = self.db.write().await?;
        existing(&tx, id).await?;
        self.by(acting(by)).end_access(&tx, id, true).await?;
        tx.commit().await?;
        self.forget_viewers();
        Ok(())
    }

    /// Whether `by` may shut this user out; the errors are those of [`Accounts::suspend`].
    pub async fn may_shut_out(&self, on: &Tx, by: Option<&User>, id: UserId) -> Result<User> {
        may_look_after(by)?;
        let user = existing(on, id).await?;
        if by.is_some_and(|by| by.id == id) {
            return Err(Error::Conflict(codes::OWN_ACCOUNT));
        }
        if is_last_operator(on, &user).await? {
            return Err(Error::Conflict(codes::OPERATOR_LAST));
        }
        Ok(user)
    }

    /// Takes from the user's row whatever tells who it was; `name` is what stands for it where others' things refer to it. Of the other
    /// tables whoever owns them takes care, in the same transaction; then call [`Accounts::forget_viewers`].
    pub async fn erase(&self, tx: &Tx, id: UserId, name: &str) -> Result<()> {
        let handle = Handle::new(&format!("deleted-{}", id.raw()))?;
        store::erase(tx, id, &handle, name, self.env.now()).await?;
        self.end_access(tx, id, true).await
    }
}

fn acting(by: Option<&User>) -> Actor {
    Actor::user_or_command_line(by.map(|by| by.id))
}

fn may_look_after(by: Option<&User>) -> Result<()> {
    if by.is_none_or(|by| by.may(Role::Operator)) { Ok(()) } else { Err(Error::Denied) }
}

/// [`Error::NotFound`], or the conflict `user-deleted`.
async fn existing(on: &Tx, id: UserId) -> Result<User> {
    let user = store::find(on, id).await?.ok_or(Error::NotFound)?;
    if user.deleted_at.is_some() { Err(Error::Conflict(codes::USER_DELETED)) } else { Ok(user) }
}
