//! What can be done with authors and applications.

use accounts::{Action, User};
use audit::Record;
use db::{Db, Tx};
use events::{Actor, Journal};
use kernel::confusable::{is_reserved_name, mixes_scripts, skeleton};
use kernel::{ApplicationId, AuthorId, Cursor, Env, Error, Handle, Invalid, Page, Result, UserId, text};
use serde_json::json;

use crate::codes;
use crate::events::{ApplicationDecided, Applied, AuthorChanged};
use crate::model::{Application, Author, NewApplication, Profile, REJECT_CODES, State};
use crate::store::{self, Decided, Unfolded};

const PAGE: usize = 50;
/// The longest note to a decision.
const NOTE_CHARS: usize = 1_000;

#[derive(Clone)]
pub struct Authors {
    pub(crate) db: Db,
    pub(crate) journal: Journal,
    pub(crate) env: Env,
}

impl Authors {
    pub fn new(db: Db, journal: Journal, env: Env) -> Self {
        Self { db, journal, env }
    }

    /// The same for `actor`: what is done is told of as theirs.
    #[must_use]
    pub fn by(&self, actor: impl Into<Actor>) -> Self {
        Self { journal: self.journal.by(actor), ..self.clone() }
    }

    /// Codes: `handle-form`, `handle-taken`, `name-empty`, `name-long`, `name-taken`, `bio-long`, `field-long`.
    pub async fn create(&self, profile: Profile, owners: &[UserId]) -> Result<Author> {
        self.create_named(profile, owners, false).await
    }

    /// `shared` names are told apart by their id: for imports, which bring what was elsewhere.
    async fn create_named(&self, profile: Profile, owners: &[UserId], shared: bool) -> Result<Author> {
        let author = profile.check(self.env.id(), self.env.now())?;
        let tx = self.db.write().await?;
        self.insert(&tx, &author, owners, shared).await?;
        tx.commit().await?;
        Ok(author)
    }

    /// Whether an author could be made of it, but for who is there already. Codes as for [`Authors::create`].
    pub fn check(&self, profile: Profile) -> Result<()> {
        profile.check(self.env.id(), self.env.now()).map(drop)
    }

    /// Gives authors from before what their names share with those that look alike. For whoever opens the database.
    pub async fn fold_names(&self) -> Result<()> {
        loop {
            let tx = self.db.write().await?;
            let old = store::unfolded(&tx).await?;
            if old.is_empty() {
                return Ok(());
            }
            for Unfolded { id, handle, name } in old {
                let folded = Handle::new(handle.as_str()).unwrap_or_else(|_| handle.clone());
                let taken = folded != handle && store::find_by_handle(&tx, &folded).await?.is_some();
                let key = name_key(&tx, id, &name).await?;
                store::fold(&tx, id, if taken { &handle } else { &folded }, &key).await?;
            }
            tx.commit().await?;
        }
    }

    /// Whether a reader of that name would be taken for an author that is not theirs.
    pub async fn is_imitated_by(&self, user: Option<UserId>, name: &str) -> Result<bool> {
        match (store::of_name(&self.db, name, None).await?, user) {
            (Some(author), Some(user)) => Ok(!store::owns(&self.db, user, author).await?),
            (found, _) => Ok(found.is_some()),
        }
    }

    /// Whether an author has a handle that looks like this one.
    pub async fn is_handle_alike(&self, handle: &Handle) -> Result<bool> {
        store::is_alike(&self.db, handle).await
    }

    /// Codes as for [`Authors::create`], and `name-mixed`, `name-reserved`.
    pub async fn update(&self, id: AuthorId, profile: Profile) -> Result<Author> {
        self.amend(id, |_| profile).await
    }

    /// The same of what it is now: nothing that others change meanwhile is written back.
    pub async fn amend(&self, id: AuthorId, how: impl FnOnce(Author) -> Profile) -> Result<Author> {
        let tx = self.db.write().await?;
        let before = store::lock(&tx, id).await?.ok_or(Error::NotFound)?;
        let author = how(before.clone()).check(id, before.created_at)?;
        if author.handle != before.handle && store::find_by_handle(&tx, &author.handle).await?.is_some() {
            return Err(Error::invalid("handle", codes::HANDLE_TAKEN));
        }
        if author.name != before.name {
            // Nobody looks at it before readers do.
            if is_reserved_name(&author.name) {
                return Err(Error::invalid("name", codes::NAME_RESERVED));
            }
            check_new_name(&tx, &author.name, Some(id)).await?;
            store::set_name_key(&tx, id, &skeleton(&author.name)).await?;
        }
        store::update(&tx, &author).await.map_err(taken)?;
        self.journal.append(&tx, &AuthorChanged { id }).await?;
        // What owners say of themselves stands on their page.
        let own = match self.journal.actor().user() {
            Some(user) => store::owns(&tx, user, id).await?,
            None => true,
        };
        let standing = |author: &Author| (author.verified, author.trusted);
        if !own || standing(&before) != standing(&author) {
            let values = |author: &Author| json!({"verified": author.verified, "trusted": author.trusted});
            let change =
                Record::new("author.change", "author", id).before(values(&before)).after(values(&author));
            audit::record(&tx, &self.journal, change).await?;
        }
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
        match self.create_named(profile, &[], true).await {
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

    /// The authors that show this picture to readers, or would where a reviewer agrees.
    pub async fn wearers(&self, hash: &str) -> Result<Vec<AuthorId>> {
        store::wearers(&self.db, hash).await
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

    /// The same of those without an owner, whom an operator may give one.
    pub async fn ownerless(&self, from: Cursor, limit: usize) -> Result<Page<Author>> {
        let authors = store::ownerless(&self.db, from, limit + 1).await?;
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
        let record = Record::new("author.add-owner", "author", author).after(user);
        self.owners_changed(tx, author, changed, record).await
    }

    /// What the user wrote stays the author's. Nothing happens where they own nothing; the last owner may go, too.
    pub async fn remove_owner(&self, author: AuthorId, user: UserId) -> Result<()> {
        let tx = self.db.write().await?;
        store::find(&tx, author).await?.ok_or(Error::NotFound)?;
        let changed = store::remove_owner(&tx, author, user).await?;
        let record = Record::new("author.remove-owner", "author", author).before(user);
        self.owners_changed(tx, author, changed, record).await
    }

    /// Authors that this user owns and nobody else.
    pub async fn solely_owned_by(&self, user: UserId) -> Result<Vec<Author>> {
        store::solely_owned_by(&self.db, user).await
    }

    /// Forgets a user who is deleted: what they own with others is the others', what they asked for and did not get is gone. Conflict
    /// `user-owns-authors` where nobody else could look after an author, unless it `leaves` those without an owner ([`Authors::ownerless`]).
    pub async fn erase(&self, tx: &Tx, user: UserId, leaves: bool) -> Result<()> {
        if !leaves && !store::solely_owned_by(tx, user).await?.is_empty() {
            return Err(Error::Conflict(codes::USER_OWNS_AUTHORS));
        }
        for id in store::remove_owner_everywhere(tx, user).await? {
            self.journal.append(tx, &AuthorChanged { id }).await?;
        }
        store::changes::forget_asker(tx, user).await?;
        store::erase_applications(tx, user).await
    }

    /// Forgets an author whose last owner is deleted, last in a transaction; `name` is what stands for it where others' things refer to it. Of what it wrote
    /// `articles` takes care.
    pub async fn erase_author(&self, tx: &Tx, id: AuthorId, name: &str) -> Result<()> {
        let handle = Handle::new(&format!("deleted-{}", id.raw()))?;
        store::erase_author(tx, id, &handle, name).await?;
        self.journal.append(tx, &AuthorChanged { id }).await?;
        audit::record(tx, &self.journal, Record::new("author.delete", "author", id)).await
    }

    /// All that a user asked for, newest first.
    pub async fn applications_by(
        &self,
        user: UserId,
        from: Cursor,
        limit: usize,
    ) -> Result<Page<Application>> {
        let applications = store::applications_by(&self.db, user, from, limit + 1).await?;
        Ok(Page::cut(applications, limit, |application| Cursor { key: 0, id: application.id.raw() }))
    }

    /// Pages mark what owners say in comments, so they are told.
    async fn owners_changed(&self, tx: Tx, author: AuthorId, changed: u64, record: Record) -> Result<()> {
        if changed > 0 {
            self.journal.append(&tx, &AuthorChanged { id: author }).await?;
            audit::record(&tx, &self.journal, record).await?;
        }
        tx.commit().await
    }

    /// Asks for an author account. Codes as for [`Authors::create`], and `handle-reserved`, `handle-mixed`, `handle-alike`,
    /// `name-mixed`, `reason-long`; conflict `application-open`.
    pub async fn apply(&self, user: UserId, application: NewApplication) -> Result<Application> {
        let application = application.check(self.env.id(), user, self.env.now())?;
        if self.find_by_handle(&application.handle).await?.is_some() {
            return Err(Error::invalid("handle", codes::HANDLE_TAKEN));
        }
        if let Some(code) = application.handle.unfit() {
            return Err(Error::invalid("handle", code));
        }
        if store::is_alike(&self.db, &application.handle).await? {
            return Err(Error::invalid("handle", codes::HANDLE_ALIKE));
        }
        let tx = self.db.write().await?;
        check_new_name(&tx, &application.name, None).await?;
        store::insert_application(&tx, &application).await.map_err(|error| match error {
            Error::Conflict(_) => Error::Conflict(codes::APPLICATION_OPEN),
            other => other,
        })?;
        self.journal.by(user).append(&tx, &Applied { id: application.id }).await?;
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
        self.by(by.id).insert(&tx, &author, &[user], false).await?;
        store::set_author(&tx, id, author.id).await?;
        let approved = Record::new("application.approve", "application", id).after(author.id);
        audit::record(&tx, &self.journal.by(by.id), approved).await?;
        tx.commit().await?;
        Ok(author)
    }

    /// Says no: `code` is one of [`REJECT_CODES`] (else `code-empty`), `note` is in the reviewer's own words. For reviewers who did
    /// not ask themselves (conflict `decide-own`); conflict `application-decided`.
    pub async fn reject(&self, by: &User, id: ApplicationId, code: &str, note: &str) -> Result<()> {
        if !REJECT_CODES.contains(&code) {
            return Err(Error::invalid("code", codes::CODE_EMPTY));
        }
        let note = checked_note(note)?;
        let tx = self.db.write().await?;
        self.decide(&tx, by, id, State::Rejected, Some(code), note.as_deref()).await?;
        let rejected = Record::new("application.reject", "application", id).after(code);
        audit::record(&tx, &self.journal.by(by.id), rejected).await?;
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
        by.require(Action::DecideApplications)?;
        let decided = Decided { id, state, code, note, by: by.id, at: self.env.now() };
        match store::decide(tx, &decided).await? {
            // Whoever drops the transaction undoes it.
            Some(application) if application.user == by.id => Err(Error::Conflict(codes::DECIDE_OWN)),
            Some(application) => {
                self.journal.by(by.id).append(tx, &ApplicationDecided { id }).await?;
                Ok(application)
            }
            None if store::application(tx, id).await?.is_some() => {
                Err(Error::Conflict(codes::APPLICATION_DECIDED))
            }
            None => Err(Error::NotFound),
        }
    }

    async fn insert(&self, tx: &Tx, author: &Author, owners: &[UserId], shared: bool) -> Result<()> {
        if store::find_by_handle(tx, &author.handle).await?.is_some() {
            return Err(Error::invalid("handle", codes::HANDLE_TAKEN));
        }
        let key = name_key(tx, author.id, &author.name).await?;
        if !shared && key.ends_with(&own_mark(author.id)) {
            return Err(Error::invalid("name", codes::NAME_TAKEN));
        }
        store::insert(tx, author, &key).await.map_err(taken)?;
        for &owner in owners {
            store::add_owner(tx, author.id, owner).await?;
        }
        self.journal.append(tx, &AuthorChanged { id: author.id }).await
    }
}

/// What the name shares with those that look alike, with the author's mark behind it where another has it.
async fn name_key(tx: &Tx, id: AuthorId, name: &str) -> Result<String> {
    let taken = store::of_name(tx, name, Some(id)).await?.is_some();
    Ok(format!("{}{}", skeleton(name), if taken { own_mark(id) } else { String::new() }))
}

/// No skeleton of a name has one: signs between words are left out.
fn own_mark(id: AuthorId) -> String {
    format!("#{id}")
}

/// `name-mixed`, `name-taken`. An author may be called after the office it speaks for: a reviewer looks at the name.
pub(crate) async fn check_new_name(tx: &Tx, name: &str, own: Option<AuthorId>) -> Result<()> {
    if mixes_scripts(name) {
        return Err(Error::invalid("name", codes::NAME_MIXED));
    }
    match store::of_name(tx, name, own).await? {
        Some(_) => Err(Error::invalid("name", codes::NAME_TAKEN)),
        None => Ok(()),
    }
}

/// A reviewer's own words, if there are any. Code: `note-long`.
pub(crate) fn checked_note(note: &str) -> Result<Option<String>> {
    let note = text::lines(note);
    if note.chars().count() > NOTE_CHARS {
        let mut errors = Invalid::default();
        errors.add_limit("note", codes::NOTE_LONG, NOTE_CHARS as i64);
        return Err(Error::Invalid(errors));
    }
    Ok((!note.is_empty()).then_some(note))
}

/// The handle is the one unique thing that people choose.
fn taken(error: Error) -> Error {
    match error {
        Error::Conflict(_) => Error::invalid("handle", codes::HANDLE_TAKEN),
        other => other,
    }
}

#[cfg(test)]
mod tests;
