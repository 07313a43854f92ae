//! What is done about users: shutting out, letting in again, ending what is open, deleting.
//!
//! `by` is who does it, or `None` for whoever runs commands on the machine. Nobody does it to one who may do more than they.

use audit::Record;
use db::Tx;
use events::Actor;
use kernel::{Error, Handle, Result, Time, UserId};

use crate::actions::Action;
use crate::codes;
use crate::events::{AccessChanged, UserDeleted};
use crate::letters::FactorChange;
use crate::model::User;
use crate::role::Role;
use crate::service::Accounts;
use crate::store;

impl Accounts {
    /// Shuts the user out until [`Accounts::restore`]: sessions and keys to the API end, nobody can sign in. Doing it twice is doing it
    /// once. Conflicts: `own-account`, `operator-last`, `user-deleted`.
    pub async fn suspend(&self, by: Option<&User>, id: UserId) -> Result<()> {
        let tx = self.db.write().await?;
        self.may_shut_out(&tx, by, id).await?;
        store::suspend(&tx, id, by.map(|by| by.id), self.env.now()).await?;
        let this = self.by(acting(by));
        this.end_access(&tx, id, true).await?;
        audit::record(&tx, &this.journal, Record::new("user.suspend", "user", id)).await?;
        tx.commit().await?;
        self.forget_viewers();
        Ok(())
    }

    /// Lets the user in again; there is a password, but no session and no key.
    pub async fn restore(&self, by: Option<&User>, id: UserId) -> Result<()> {
        let tx = self.db.write().await?;
        looked_after(&tx, by, id).await?;
        store::restore(&tx, id).await?;
        let journal = self.journal.by(acting(by));
        journal.append(&tx, &AccessChanged { id }).await?;
        audit::record(&tx, &journal, Record::new("user.restore", "user", id)).await?;
        tx.commit().await
    }

    /// Ends every session and every key to the API of the user.
    pub async fn end_all_access(&self, by: Option<&User>, id: UserId) -> Result<()> {
        let tx = self.db.write().await?;
        looked_after(&tx, by, id).await?;
        let this = self.by(acting(by));
        this.end_access(&tx, id, true).await?;
        audit::record(&tx, &this.journal, Record::new("user.sign-out", "user", id)).await?;
        tx.commit().await?;
        self.forget_viewers();
        Ok(())
    }

    /// Takes every second factor of a user who lost theirs, passkeys too: the password alone opens the account until they set one up anew. Their
    /// sessions end, and they are told. Conflict `factor-none` where there is none; else as for [`Accounts::end_all_access`].
    pub async fn reset_factors(&self, by: Option<&User>, id: UserId) -> Result<()> {
        let tx = self.db.write().await?;
        let user = looked_after(&tx, by, id).await?;
        let this = self.by(acting(by));
        if !store::factors::delete_all_of(&tx, id).await? {
            return Err(Error::Conflict(codes::FACTOR_NONE));
        }
        this.end_access(&tx, id, false).await?;
        this.tell_of_factors(&tx, &user, FactorChange::Reset, None).await?;
        audit::record(&tx, &this.journal, Record::new("user.factors-reset", "user", id)).await?;
        tx.commit().await?;
        self.forget_viewers();
        Ok(())
    }

    /// Whether `by` may shut this user out; the errors are those of [`Accounts::suspend`].
    pub async fn may_shut_out(&self, on: &Tx, by: Option<&User>, id: UserId) -> Result<User> {
        let user = looked_after(on, by, id).await?;
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
        self.erase_email(tx, id).await?;
        store::identities::delete_all_of(tx, id).await?;
        // Who came from elsewhere and went again is nobody here, but may have been this one.
        store::identities::sweep(tx, self.env.now()).await?;
        if let Some(outbox) = &self.outbox {
            // Mail that invites in their name.
            for invitation in store::invitations::mailed_by(tx, id).await? {
                outbox.withdraw_keyed(tx, "invited", &invitation.to_string()).await?;
            }
        }
        store::invitations::revoke_all_of(tx, id, self.env.now()).await?;
        store::deletions::remove(tx, id).await?;
        store::factors::delete_all_of(tx, id).await?;
        store::profile::erase(tx, id).await?;
        store::erase(tx, id, &handle, name, self.env.now()).await?;
        self.end_access(tx, id, true).await?;
        self.journal.append(tx, &UserDeleted { id }).await?;
        audit::record(tx, &self.journal, Record::new("user.delete", "user", id)).await
    }

    /// Whether anybody was deleted after then.
    pub async fn were_deleted_since(&self, then: Time) -> Result<bool> {
        store::were_deleted_since(&self.db, then).await
    }
}

impl User {
    /// Whether this user may decide about the account of another: [`Error::Denied`] for one who may do anything that they may not.
    pub fn may_look_after(&self, other: &Self) -> Result<()> {
        self.require(Action::ManageUsers)?;
        let above = other.roles.has(Role::Operator) && !self.roles.has(Role::Operator);
        if above || !self.actions().has_all(other.actions()) { Err(Error::Denied) } else { Ok(()) }
    }
}

pub(crate) fn acting(by: Option<&User>) -> Actor {
    Actor::user_or_command_line(by.map(|by| by.id))
}

/// The user, about whom `by` may decide. [`Error::NotFound`], [`Error::Denied`], or the conflict `user-deleted`.
async fn looked_after(on: &Tx, by: Option<&User>, id: UserId) -> Result<User> {
    // Who may not at all learns nothing of who is there.
    by.map_or(Ok(()), |by| by.require(Action::ManageUsers))?;
    let user = store::find(on, id).await?.ok_or(Error::NotFound)?;
    if user.deleted_at.is_some() {
        return Err(Error::Conflict(codes::USER_DELETED));
    }
    by.map_or(Ok(()), |by| by.may_look_after(&user))?;
    Ok(user)
}

/// A site never ends without anybody who can look after it.
pub(crate) async fn is_last_operator(on: &Tx, user: &User) -> Result<bool> {
    let holds = user.roles.has(Role::Operator) && user.suspended_at.is_none();
    if holds {
        // Of two who go at once, each would see the other.
        store::lock_operators(on).await?;
    }
    Ok(holds && store::other_operators(on, user.id).await? == 0)
}
