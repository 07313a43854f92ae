//! What can be done with authors and applications.

use accounts::{Role, User};
use db::{Db, Tx};
use events::Journal;
use kernel::{ApplicationId, AuthorId, Cursor, Env, Error, Handle, Page, Result, UserId, text};

use crate::events::AuthorChanged;
use crate::model::{Application, Author, NewApplication, Profile, REJECT_CODES, State};
use crate::store::{self, Decided};

const PAGE: usize = 50;

#[derive(Clone)]
pub struct Authors {
    db: Db,
    journal: Journal,
    env: Env,
}

impl Authors {
    pub fn new(db: Db, journal: Journal, env: Env) -> Self {
        Self { db, journal, env }
    }

    /// Codes: `handle-form`, `handle-taken`, `name-empty`, `name-long`, `bio-long`, `field-long`.
    pub async fn create(&self, profile: Profile, owners: &[UserId]) -> Result<Author> {
        let author = profile.check(self.env.id(), self.env.now())?;
        let tx = self.db.write().await?;
        self.insert(&tx, &author, owners).await?;
        tx.commit().await?;
        Ok(author)
    }

    /// Codes as for [`Authors::create`].
    pub async fn update(&self, id: AuthorId, profile: Profile) -> Result<Author> {
        let created_at = self.find(id).await?.ok_or(Error::NotFound)?.created_at;
        let author = profile.check(id, created_at)?;
        let tx = self.db.write().await?;
        store::update(&tx, &author).await.map_err(taken)?;
        self.journal.append(&tx, &AuthorChanged { id }).await?;
        tx.commit().await?;
        Ok(author)
    }

    /// The author of that handle, made (without owners) if missing.
    pub async fn ensure(&self, handle: &str, name: &str) -> Result<Author> {
        let profile = Profile { handle: handle.to_owned(), name: name.to_owned(), ..Profile::default() };
        let handle = Handle::new(handle)?;
        if let Some(author) = self.find_by_handle(&handle).await? {
            return Ok(author);
        }
        match self.create(profile, &[]).await {
            // Invalid input, or somebody was faster.
            Err(error @ Error::Invalid(_)) => self.find_by_handle(&handle).await?.ok_or(error),
            made => made,
        }
    }

    pub async fn find(&self, id: AuthorId) -> Result<Option<Author>> {
        store::find(&self.db, id).await
    }

    pub async fn find_by_handle(&self, handle: &Handle) -> Result<Option<Author>> {
        store::find_by_handle(&self.db, handle).await
    }

    /// Whether an author shows this picture to readers.
    pub async fn is_avatar(&self, hash: &str) -> Result<bool> {
        store::is_avatar(&self.db, hash).await
    }

    /// Those that exist, in any order.
    pub async fn get_many(&self, ids: &[AuthorId]) -> Result<Vec<Author>> {
        store::get_many(&self.db, ids).await
    }

    /// Newest first.
    pub async fn list(&self, from: Cursor, limit: usize) -> Result<Page<Author>> {
        let authors = store::list(&self.db, from, limit + 1).await?;
        Ok(Page::cut(authors, limit, |author| Cursor { key: 0, id: author.id.raw() }))
    }

    /// The authors a user may write for.
    pub async fn owned_by(&self, user: UserId) -> Result<Vec<Author>> {
        store::owned_by(&self.db, user).await
    }

    pub async fn owns(&self, user: UserId, author: AuthorId) -> Result<bool> {
        store::owns(&self.db, user, author).await
    }

    pub async fn owners(&self, author: AuthorId) -> Result<Vec<UserId>> {
        store::owners(&self.db, author).await
    }

    /// Lets `user`, who must exist, write for the author. Nothing happens where they may already.
    pub async fn add_owner(&self, author: AuthorId, user: UserId) -> Result<()> {
        let tx = self.db.write().await?;
        store::find(&tx, author).await?.ok_or(Error::NotFound)?;
        let changed = store::add_owner(&tx, author, user).await?;
        self.owners_changed(tx, author, changed).await
    }

    /// What the user wrote stays the author's. Nothing happens where they own nothing; the last owner may go, too.
    pub async fn remove_owner(&self, author: AuthorId, user: UserId) -> Result<()> {
        let tx = self.db.write().await?;
        store::find(&tx, author).await?.ok_or(Error::NotFound)?;
        let changed = store::remove_owner(&tx, author, user).await?;
        self.owners_changed(tx, author, changed).await
    }

    /// Authors that this user owns and nobody else.
    pub async fn solely_owned_by(&self, user: UserId) -> Result<Vec<Author>> {
        store::solely_owned_by(&self.db, user).await
    }

    /// Forgets a user who is deleted: what they own with others is the others', what they asked for and did not get is gone. Conflict
    /// `user-owns-authors` where nobody else could look after an author.
    pub async fn erase(&self, tx: &Tx, user: UserId) -> Result<()> {
        if !store::solely_owned_by(tx, user).await?.is_empty() {
            return Err(Error::Conflict("user-owns-authors"));
        }
        for id in store::remove_owner_everywhere(tx, user).await? {
            self.journal.append(tx, &AuthorChanged { id }).await?;
        }
        store::erase_applications(tx, user).await
    }

    /// Pages mark what owners say in comments, so they are told.
    async fn owners_changed(&self, tx: Tx, author: AuthorId, changed: u64) -> Result<()> {
        if changed > 0 {
            self.journal.append(&tx, &AuthorChanged { id: author }).await?;
        }
        tx.commit().await
    }

    /// Asks for an author account. Codes as for [`Authors::create`], and `reason-long`; conflict `application-open`.
    pub async fn apply(&self, user: UserId, application: NewApplication) -> Result<Application> {
        let application = application.check(self.env.id(), user, self.env.now())?;
        if self.find_by_handle(&application.handle).await?.is_some() {
            return Err(Error::invalid("handle", "handle-taken"));
        }
        let tx = self.db.write().await?;
        store::insert_application(&tx, &application).await.map_err(|error| match error {
            Error::Conflict(_) => Error::Conflict("application-open"),
            other => other,
        })?;
        tx.commit().await?;
        Ok(application)
    }

    /// Newest first; `None` lists all states.
    pub async fn applications(&self, state: Option<State>, from: Cursor) -> Result<Page<Application>> {
        let applications = store::applications(&self.db, state, from, PAGE + 1).await?;
        Ok(Page::cut(applications, PAGE, |application| Cursor { key: 0, id: application.id.raw() }))
    }

    pub async fn open_applications(&self) -> Result<i64> {
        store::open_applications(&self.db).await
    }

    pub async fn application(&self, id: ApplicationId) -> Result<Option<Application>> {
        store::application(&self.db, id).await
    }

    /// The user's latest application.
    pub async fn application_of(&self, user: UserId) -> Result<Option<Application>> {
        store::application_of(&self.db, user).await
    }

    /// Makes the author that was asked for, owned by the applicant. For reviewers who did not ask themselves (conflict `decide-own`). `handle-taken` if somebody else has
    /// got the handle meanwhile; conflict `application-decided`.
    pub async fn approve(&self, by: &User, id: ApplicationId) -> Result<Author> {
        let tx = self.db.write().await?;
        let application = self.decide(&tx, by, id, State::Approved, None, None).await?;
        let Application { user, handle, name, kind, bio, .. } = application;
        let profile = Profile { handle: handle.into(), name, kind, bio, ..Profile::default() };
        let author = profile.check(self.env.id(), self.env.now())?;
        self.insert(&tx, &author, &[user]).await?;
        store::set_author(&tx, id, author.id).await?;
        tx.commit().await?;
        Ok(author)
    }

    /// Says no: `code` is one of [`REJECT_CODES`] (else `code-empty`), `note` is in the reviewer's own words. For reviewers who did
    /// not ask themselves (conflict `decide-own`); conflict `application-decided`.
    pub async fn reject(&self, by: &User, id: ApplicationId, code: &str, note: &str) -> Result<()> {
        if !REJECT_CODES.contains(&code) {
            return Err(Error::invalid("code", "code-empty"));
        }
        let note = text::lines(note);
        let note = Some(note.as_str()).filter(|note| !note.is_empty());
        let tx = self.db.write().await?;
        self.decide(&tx, by, id, State::Rejected, Some(code), note).await?;
        tx.commit().await
    }

    async fn decide(
        &self,
        tx: &Tx,
        by: &User,
        id: ApplicationId,
        state: State,
        code: Option<&str>,
        note: Option<&str>,
    ) -> Result<Application> {
        if !by.may(Role::Reviewer) {
            return Err(Error::Denied);
        }
        let decided = Decided { id, state, code, note, by: by.id, at: self.env.now() };
        match store::decide(tx, &decided).await? {
            // Whoever drops the transaction undoes it.
            Some(application) if application.user == by.id => Err(Error::Conflict("decide-own")),
            Some(application) => Ok(application),
            None if store::application(tx, id).await?.is_some() => {
                Err(Error::Conflict("application-decided"))
            }
            None => Err(Error::NotFound),
        }
    }

    async fn insert(&self, tx: &Tx, author: &Author, owners: &[UserId]) -> Result<()> {
        store::insert(tx, author).await.map_err(taken)?;
        for &owner in owners {
            store::add_owner(tx, author.id, owner).await?;
        }
        self.journal.append(tx, &AuthorChanged { id: author.id }).await
    }
}

/// The handle is the one unique thing that people choose.
fn taken(error: Error) -> Error {
    match error {
        Error::Conflict(_) => Error::invalid("handle", "handle-taken"),
        other => other,
    }
}

#[cfg(test)]
mod tests;
