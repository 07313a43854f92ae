//! Deleting a user. Owns no table: it asks each feature to erase its own, in one transaction.
//!
//! What goes: sessions, keys to the API, known browsers, follows, favourites, likes, history and wishes, applications that became nothing,
//! comments that wait for a reviewer. What stays: comments that others may have answered, under a name that tells nothing, and what was
//! written for an author, which is the author's. The last owner of an author is not deleted: nobody could look after it.

use accounts::{Accounts, User};
use authors::{Author, Authors};
use comments::Comments;
use db::Db;
use follows::Follows;
use kernel::{Error, Result, UserId};

/// The tables of all that is erased.
#[cfg(test)]
static SCHEMA: db::Schema = db::Schema { owner: "erasure", needs: &[&recommend::SCHEMA], steps: &[] };

#[derive(Clone)]
pub struct Erasure {
    db: Db,
    accounts: Accounts,
    authors: Authors,
    comments: Comments,
    follows: Follows,
}

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
    pub fn new(db: Db, accounts: Accounts, authors: Authors, comments: Comments, follows: Follows) -> Self {
        Self { db, accounts, authors, comments, follows }
    }

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
        let tx = self.db.write().await?;
        self.accounts.may_shut_out(&tx, by, id).await?;
        self.authors.erase(&tx, id).await?;
        self.comments.erase(&tx, id, name).await?;
        self.follows.erase(&tx, id).await?;
        recommend::erase(&tx, id).await?;
        self.accounts.erase(&tx, id, name).await?;
        tx.commit().await?;
        self.accounts.forget_viewers();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
