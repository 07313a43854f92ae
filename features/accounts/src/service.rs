//! What can be done with accounts.

use std::sync::Arc;

use ::settings::{Setting, Settings, Value, site};
use audit::Record;
use db::Db;
use events::{Actor, Journal};
use kernel::confusable::skeleton;
use kernel::{Cursor, Env, Error, Handle, Invalid, Page, Result, TokenId, UserId, name};
use mail::Outbox;
use webauthn_rs::Webauthn;

use crate::actions::Action;
use crate::codes;
use crate::custom_role::{AnyRole, CustomRoles};
use crate::events::AccessChanged;
use crate::model::{ApiToken, NewUser, User, Viewer};
use crate::names::{check_name, check_new_name};
use crate::password::Passwords;
use crate::policy::check_password;
use crate::relying_party::relying_party;
use crate::role::Roles;
use crate::settings::{DELETION_DAYS, EMAIL, EmailUse, SIGN_UP, SignUpUse};
use crate::shared::Shared;
use crate::store;
use crate::token::{API_PREFIX, hash};

const PAGE: usize = 50;
/// What one user has of API tokens at most: a page shows them all.
const TOKENS: usize = 50;

#[derive(Clone)]
pub struct Accounts {
    pub(crate) db: Db,
    pub(crate) journal: Journal,
    pub(crate) env: Env,
    pub(crate) passwords: Passwords,
    pub(crate) shared: Arc<Shared>,
    /// Without, defaults are in force.
    settings: Option<Settings>,
    /// Without, nobody is told anything.
    pub(crate) outbox: Option<Outbox>,
    /// Without, there are no passkeys.
    pub(crate) relying_party: Option<Arc<Webauthn>>,
}

impl Accounts {
    pub fn new(db: Db, journal: Journal, env: Env) -> Self {
        let shared = Arc::new(Shared::new(&db, &env));
        Self {
            db,
            journal,
            env,
            passwords: Passwords::new(),
            shared,
            settings: None,
            outbox: None,
            relying_party: None,
        }
    }

    /// By what an operator sets: who may sign up, and the site's name, which is nobody's password.
    #[must_use]
    pub fn with_settings(self, settings: Settings) -> Self {
        Self { settings: Some(settings), ..self }
    }

    #[must_use]
    pub fn with_outbox(self, outbox: Outbox) -> Self {
        Self { outbox: Some(outbox), ..self }
    }

    /// Passkeys are made for the site at this public address, where browsers make any for such.
    #[must_use]
    pub fn with_address(self, url: &str) -> Self {
        Self { relying_party: relying_party(url).map(Arc::new), ..self }
    }

    pub(crate) fn setting<T: Value>(&self, setting: &Setting<T>) -> T {
        self.settings.as_ref().map(|settings| settings.get(setting)).unwrap_or_default()
    }

    /// Whether users are asked for an e-mail address.
    pub fn email_use(&self) -> EmailUse {
        self.settings.as_ref().map(|settings| settings.get(&EMAIL)).unwrap_or_default()
    }

    /// How long somebody who asked to be deleted may still say no (days).
    pub fn deletion_days(&self) -> i64 {
        self.settings.as_ref().map_or(14, |settings| settings.get(&DELETION_DAYS))
    }

    pub(crate) fn site_name(&self) -> String {
        self.settings.as_ref().map(|settings| settings.get(&site::NAME)).unwrap_or_default()
    }

    /// Whether anybody may make an account.
    pub fn may_sign_up(&self) -> bool {
        self.sign_up_use() == SignUpUse::Open
    }

    /// Who may make an account.
    pub fn sign_up_use(&self) -> SignUpUse {
        self.settings.as_ref().map(|settings| settings.get(&SIGN_UP)).unwrap_or_default()
    }

    /// The same for `actor`: what is done is told of as theirs.
    #[must_use]
    pub fn by(&self, actor: impl Into<Actor>) -> Self {
        Self { journal: self.journal.by(actor), ..self.clone() }
    }

    /// The user of that handle, made if missing. Without a password nobody can sign in as a user made here.
    pub async fn ensure(
        &self,
        handle: &str,
        name: &str,
        region: Option<&str>,
        password: Option<&str>,
    ) -> Result<User> {
        let new = NewUser::check_own(handle, name, region, password)?;
        let handle = new.handle.clone();
        if let Some(user) = self.find_by_handle(&handle).await? {
            return Ok(user);
        }
        let hash = match &new.password {
            Some(password) => Some(self.passwords.hash(&self.env, password).await?),
            None => None,
        };
        match self.insert(new, hash).await {
            // Somebody was faster.
            Err(Error::Invalid(_)) => self.find_by_handle(&handle).await?.ok_or(Error::NotFound),
            made => made,
        }
    }

    /// Gives handles from before what they share with those that look alike, and the spelling that look-ups ask for where it is free.
    /// For whoever opens the database.
    pub async fn fold_handles(&self) -> Result<()> {
        loop {
            let tx = self.db.write().await?;
            let old = store::unfolded(&tx).await?;
            if old.is_empty() {
                return Ok(());
            }
            for (id, handle) in old {
                let folded = Handle::new(handle.as_str()).unwrap_or_else(|_| handle.clone());
                let taken = folded != handle && store::find_by_handle(&tx, &folded).await?.is_some();
                store::fold(&tx, id, if taken { &handle } else { &folded }).await?;
            }
            tx.commit().await?;
        }
    }

    pub(crate) fn user_of(&self, new: NewUser) -> User {
        let NewUser { handle, name, region, .. } = new;
        User {
            id: self.env.id(),
            handle,
            name,
            roles: Roles::default(),
            custom_roles: CustomRoles::default(),
            region,
            created_at: self.env.now(),
            suspended_at: None,
            deleted_at: None,
            zone: None,
            private: false,
        }
    }

    pub(crate) async fn insert(&self, new: NewUser, password: Option<String>) -> Result<User> {
        let user = self.user_of(new);
        let tx = self.db.write().await?;
        Self::insert_user(&tx, &user, password.as_deref()).await?;
        tx.commit().await?;
        Ok(user)
    }

    pub(crate) async fn insert_user(tx: &db::Tx, user: &User, password: Option<&str>) -> Result<()> {
        store::insert(tx, user, password).await.map_err(|error| match error {
            Error::Conflict(_) => Error::invalid("handle", codes::HANDLE_TAKEN),
            other => other,
        })
    }

    pub async fn find(&self, id: UserId) -> Result<Option<User>> {
        store::find(&self.db, id).await
    }

    pub async fn find_by_handle(&self, handle: &Handle) -> Result<Option<User>> {
        store::find_by_handle(&self.db, handle).await
    }

    /// Those that exist, in any order.
    pub async fn get_many(&self, ids: &[UserId]) -> Result<Vec<User>> {
        store::get_many(&self.db, ids).await
    }

    /// Newest first.
    pub async fn list(&self, from: Cursor) -> Result<Page<User>> {
        let users = store::list(&self.db, from, PAGE + 1).await?;
        Ok(Page::cut(users, PAGE, |user| Cursor { key: 0, id: user.id.raw() }))
    }

    /// Those who hold a role, newest first. An operator is listed under the roles given by name only.
    pub async fn holding(&self, role: impl Into<AnyRole>, from: Cursor) -> Result<Page<User>> {
        let users = store::holding(&self.db, &role.into(), from, PAGE + 1).await?;
        Ok(Page::cut(users, PAGE, |user| Cursor { key: 0, id: user.id.raw() }))
    }

    /// All who may do that, by whatever role, and are not shut out: for whoever tells them of work.
    pub async fn who_may(&self, action: Action) -> Result<Vec<UserId>> {
        let staff = store::staff(&self.db).await?;
        Ok(staff.into_iter().filter(|user| user.may(action)).map(|user| user.id).collect())
    }

    /// For those who run the machine. Ends the user's sessions and keys to the API: whoever had the old password is out.
    pub async fn set_password(&self, handle: &Handle, password: &str) -> Result<()> {
        let user = self.find_by_handle(handle).await?.ok_or(Error::NotFound)?;
        let mut errors = Invalid::default();
        let normal =
            check_password(password, &[user.handle.as_str(), &user.name, &self.site_name()], &mut errors);
        errors.check()?;
        let hash = self.passwords.hash(&self.env, &normal.unwrap_or_default()).await?;
        let tx = self.db.write().await?;
        self.put_password(&tx, user.id, hash).await?;
        audit::record(&tx, &self.journal, Record::new("user.password", "user", user.id)).await?;
        tx.commit().await?;
        self.forget_viewers();
        Ok(())
    }

    /// A password that its user did not prove to have: with the old one goes all that it opened, and whatever mails carry.
    pub(crate) async fn put_password(&self, tx: &db::Tx, user: UserId, hash: String) -> Result<()> {
        store::set_password(tx, user, hash).await?;
        store::email::end_all(tx, user).await?;
        self.end_access(tx, user, true).await
    }

    /// Changes the name that others see. Codes: `name-empty`, `name-long`, `name-reserved`, `name-mixed`, `name-staff`. Whoever has a name
    /// keeps it, whatever is asked of names by now.
    pub async fn rename(&self, id: UserId, name: &str) -> Result<()> {
        let name = name::one_line(name);
        let user = self.find(id).await?.ok_or(Error::NotFound)?;
        let mut errors = Invalid::default();
        check_name(&name, &mut errors);
        if name != user.name {
            check_new_name(&name, user.may(Action::UseReservedNames), &self.site_name(), &mut errors);
        }
        errors.check()?;
        if name != user.name {
            self.check_not_staff(Some(id), &name).await?;
        }
        let tx = self.db.write().await?;
        store::rename(&tx, id, name).await?;
        self.journal.or_by(id).append(&tx, &AccessChanged { id }).await?;
        tx.commit().await?;
        self.forget_viewers();
        Ok(())
    }

    /// Readers may share a name, as people do; nobody is called like one who looks after the site, by name or by handle: `name-staff`.
    pub(crate) async fn check_not_staff(&self, user: Option<UserId>, name: &str) -> Result<()> {
        let shape = skeleton(name);
        let staff = store::staff(&self.db).await?;
        let mut others = staff.iter().filter(|one| Some(one.id) != user);
        let alike = |text: &str| skeleton(text) == shape;
        if others.any(|one| alike(&one.name) || alike(one.handle.as_str())) {
            return Err(Error::invalid("name", codes::NAME_STAFF));
        }
        Ok(())
    }

    /// Whether somebody else has a handle that looks like this one: then no author gets it, who would be taken for them.
    pub async fn is_handle_alike(&self, handle: &Handle, but: UserId) -> Result<bool> {
        store::is_alike_but(&self.db, handle, but).await
    }

    /// Makes a key to the API. The text is shown this once. Codes: `name-empty`, `name-long`, `tokens-many`. Errors: [`Error::TooMany`] where they
    /// made too many within an hour.
    pub async fn create_token(&self, user: UserId, name: &str) -> Result<(TokenId, String)> {
        let name = name::one_line(name);
        let mut errors = Invalid::default();
        check_name(&name, &mut errors);
        errors.check()?;
        self.shared.tokens.check(&user.to_string()).await?;
        let secret = format!("{API_PREFIX}{}", self.env.token());
        let token = ApiToken { id: self.env.id(), name, created_at: self.env.now() };
        let tx = self.db.write().await?;
        let owner = store::find(&tx, user).await?.ok_or(Error::NotFound)?;
        if owner.suspended_at.is_some() || owner.deleted_at.is_some() {
            return Err(Error::Conflict(codes::USER_SUSPENDED));
        }
        let mut many = Invalid::default();
        if store::api_tokens(&tx, user).await?.len() >= TOKENS {
            many.add_limit("name", codes::TOKENS_MANY, TOKENS as i64);
        }
        many.check()?;
        store::insert_api_token(&tx, user, &token, &hash(&secret)).await?;
        audit::record(&tx, &self.journal.or_by(user), Record::new("token.create", "token", token.id)).await?;
        tx.commit().await?;
        Ok((token.id, secret))
    }

    /// Oldest first.
    pub async fn tokens(&self, user: UserId) -> Result<Vec<ApiToken>> {
        store::api_tokens(&self.db, user).await
    }

    pub async fn delete_token(&self, user: UserId, id: TokenId) -> Result<()> {
        let tx = self.db.write().await?;
        if store::delete_api_token(&tx, user, id).await? == 0 {
            return Err(Error::NotFound);
        }
        audit::record(&tx, &self.journal.or_by(user), Record::new("token.delete", "token", id)).await?;
        tx.commit().await
    }

    /// Ends a key to the API, whosever it is: for those who look after users.
    pub async fn revoke_token(&self, id: TokenId) -> Result<()> {
        let tx = self.db.write().await?;
        if store::delete_any_api_token(&tx, id).await? == 0 {
            return Err(Error::NotFound);
        }
        audit::record(&tx, &self.journal, Record::new("token.delete", "token", id)).await?;
        tx.commit().await
    }

    /// Whose API token this is; a visitor's if it is unknown.
    pub async fn viewer_by_token(&self, token: &str) -> Result<Viewer> {
        if !token.starts_with(API_PREFIX) {
            return Ok(Viewer::visitor());
        }
        let user = store::user_of_api_token(&self.db, &hash(token)).await?;
        Ok(user.map_or_else(Viewer::visitor, Viewer::from))
    }
}

#[cfg(test)]
mod tests;
