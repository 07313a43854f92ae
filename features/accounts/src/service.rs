//! What can be done with accounts.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use db::Db;
use events::Journal;
use kernel::{Cursor, Env, Error, Handle, Invalid, Page, Result, Throttle, Time, TokenId, UserId, name};

use crate::events::RolesChanged;
use crate::model::{ApiToken, NewUser, Role, Roles, User, Viewer, check_name, check_password};
use crate::password::Passwords;
use crate::store;
use crate::token::{API_PREFIX, SessionToken, hash};

const DAY: Duration = Duration::from_hours(24);
/// A session ends this long after it was last used.
const SESSION: Duration = Duration::from_hours(30 * 24);
/// How long a viewer may be remembered: what another process changes is seen this late at worst.
const REMEMBERED: Duration = Duration::from_secs(10);
const PAGE: usize = 50;
/// What one user has of API tokens at most: a page shows them all.
const TOKENS: usize = 50;

#[derive(Clone)]
pub struct Accounts {
    db: Db,
    journal: Journal,
    env: Env,
    passwords: Passwords,
    shared: Arc<Shared>,
}

struct Shared {
    by_handle: Throttle<Handle>,
    by_network: Throttle<String>,
    new_users: Throttle<String>,
    viewers: moka::sync::Cache<String, Remembered>,
    /// Grows with every sign-out and change of rights; a viewer remembered before that is asked for again.
    epoch: AtomicU64,
}

#[derive(Clone)]
struct Remembered {
    viewer: Viewer,
    epoch: u64,
    at: Time,
}

impl Accounts {
    pub fn new(db: Db, journal: Journal, env: Env) -> Self {
        let shared = Shared {
            by_handle: Throttle::new(10, Duration::from_mins(5)),
            // Many may share a network, and only their failures count.
            by_network: Throttle::new(60, Duration::from_mins(10)),
            // A school class may sign up together; each costs a slow hash.
            new_users: Throttle::new(40, Duration::from_hours(1)),
            viewers: moka::sync::Cache::new(10_000),
            epoch: AtomicU64::new(0),
        };
        Self { db, journal, env, passwords: Passwords::new(), shared: Arc::new(shared) }
    }

    /// Codes: `handle-form`, `handle-taken`, `name-empty`, `name-long`, `password-short`, `password-long`.
    /// `network` is where the request comes from: one place makes only so many users an hour ([`Error::TooMany`]).
    pub async fn sign_up(&self, handle: &str, name: &str, password: &str, network: &str) -> Result<User> {
        let new = NewUser::check(handle, name, None, Some(password))?;
        self.shared.new_users.take(network.to_owned(), self.env.instant())?;
        let hash = self.passwords.hash(&self.env, password).await?;
        self.insert(new, Some(hash)).await
    }

    /// The user of that handle, made if missing. Without a password nobody can sign in as a user made here.
    pub async fn ensure(
        &self,
        handle: &str,
        name: &str,
        region: Option<&str>,
        password: Option<&str>,
    ) -> Result<User> {
        let new = NewUser::check(handle, name, region, password)?;
        let handle = new.handle.clone();
        if let Some(user) = self.find_by_handle(&handle).await? {
            return Ok(user);
        }
        let hash = match password {
            Some(password) => Some(self.passwords.hash(&self.env, password).await?),
            None => None,
        };
        match self.insert(new, hash).await {
            // Somebody was faster.
            Err(Error::Invalid(_)) => self.find_by_handle(&handle).await?.ok_or(Error::NotFound),
            made => made,
        }
    }

    async fn insert(&self, new: NewUser, password: Option<String>) -> Result<User> {
        let NewUser { handle, name, region } = new;
        let user = User {
            id: self.env.id(),
            handle,
            name,
            roles: Roles::default(),
            region,
            created_at: self.env.now(),
        };
        let tx = self.db.write().await?;
        match store::insert(&tx, &user, password.as_deref()).await {
            Err(Error::Conflict(_)) => return Err(Error::invalid("handle", "handle-taken")),
            done => done?,
        }
        tx.commit().await?;
        Ok(user)
    }

    /// Starts a session under a token that was never seen before. An unknown handle and a wrong password are answered alike and
    /// as fast: `sign-in-wrong`. `network` is where the request comes from (an address, or its prefix): after too many
    /// failures from one network or on one handle, [`Error::TooMany`].
    pub async fn sign_in(&self, handle: &str, password: &str, network: &str) -> Result<(User, SessionToken)> {
        let (handle, now) = (Handle::new(handle).ok(), self.env.now());
        self.shared.by_network.take(network.to_owned(), self.env.instant())?;
        let found = match &handle {
            Some(handle) => {
                self.shared.by_handle.take(handle.clone(), self.env.instant())?;
                store::credentials(&self.db, handle).await?
            }
            None => None,
        };
        let (user, stored) = found.map(|found| (found.user, found.password)).unzip();
        let right = self.passwords.verify(password, stored.flatten()).await?;
        let Some(user) = user.filter(|_| right) else {
            return Err(Error::invalid("password", "sign-in-wrong"));
        };
        self.shared.by_network.give_back(&network.to_owned());
        self.shared.by_handle.give_back(&user.handle);

        let token = SessionToken::fresh(&self.env);
        let tx = self.db.write().await?;
        store::sweep_sessions(&tx, now).await?;
        store::insert_session(&tx, &hash(token.as_str()), user.id, now, now.plus(SESSION)).await?;
        tx.commit().await?;
        Ok((user, token))
    }

    /// Whose session this is; a visitor's if the token is unknown or has run out.
    pub async fn viewer(&self, session_token: &str) -> Result<Viewer> {
        let (hash, now) = (hash(session_token), self.env.now());
        let epoch = self.shared.epoch.load(Ordering::Acquire);
        if let Some(known) = self.shared.viewers.get(&hash)
            && known.epoch == epoch
            && now.since(known.at) < REMEMBERED
        {
            return Ok(known.viewer);
        }
        let Some(session) = store::session(&self.db, &hash, now).await? else {
            return Ok(Viewer::visitor());
        };
        let expires_at = now.plus(SESSION);
        if expires_at.since(session.expires_at) >= DAY {
            let tx = self.db.write().await?;
            store::prolong_session(&tx, &hash, expires_at).await?;
            tx.commit().await?;
        }
        let viewer = Viewer::from(session.user);
        self.shared.viewers.insert(hash, Remembered { viewer: viewer.clone(), epoch, at: now });
        Ok(viewer)
    }

    pub async fn sign_out(&self, session_token: &str) -> Result<()> {
        let tx = self.db.write().await?;
        store::delete_session(&tx, &hash(session_token)).await?;
        tx.commit().await?;
        self.forget_viewers();
        Ok(())
    }

    /// Ends every session of the user. API tokens stay.
    pub async fn sign_out_everywhere(&self, user: UserId) -> Result<()> {
        let tx = self.db.write().await?;
        store::delete_sessions_of(&tx, user).await?;
        tx.commit().await?;
        self.forget_viewers();
        Ok(())
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
    pub async fn holding(&self, role: Role, from: Cursor) -> Result<Page<User>> {
        let users = store::holding(&self.db, role, from, PAGE + 1).await?;
        Ok(Page::cut(users, PAGE, |user| Cursor { key: 0, id: user.id.raw() }))
    }

    /// Ends the user's sessions too: whoever had the old password is out.
    pub async fn set_password(&self, handle: &Handle, password: &str) -> Result<()> {
        let mut wrong = Invalid::default();
        check_password(password, &mut wrong);
        wrong.check()?;
        let user = self.find_by_handle(handle).await?.ok_or(Error::NotFound)?;
        let hash = self.passwords.hash(&self.env, password).await?;
        let tx = self.db.write().await?;
        store::set_password(&tx, user.id, hash).await?;
        store::delete_sessions_of(&tx, user.id).await?;
        tx.commit().await?;
        self.forget_viewers();
        Ok(())
    }

    /// Changes the name that others see.
    pub async fn rename(&self, id: UserId, name: &str) -> Result<()> {
        let name = name::one_line(name);
        let mut wrong = Invalid::default();
        check_name(&name, &mut wrong);
        wrong.check()?;
        let tx = self.db.write().await?;
        store::rename(&tx, id, name).await?;
        tx.commit().await?;
        self.forget_viewers();
        Ok(())
    }

    pub async fn grant(&self, id: UserId, role: Role) -> Result<()> {
        let tx = self.db.write().await?;
        let roles = store::grant(&tx, id, role).await?.ok_or(Error::NotFound)?;
        self.journal.append(&tx, &RolesChanged { id, roles }).await?;
        tx.commit().await?;
        self.forget_viewers();
        Ok(())
    }

    pub async fn revoke(&self, id: UserId, role: Role) -> Result<()> {
        let tx = self.db.write().await?;
        let roles = store::revoke(&tx, id, role).await?.ok_or(Error::NotFound)?;
        self.journal.append(&tx, &RolesChanged { id, roles }).await?;
        tx.commit().await?;
        self.forget_viewers();
        Ok(())
    }

    /// Makes a key to the API. The text is shown this once. Codes: `name-empty`, `name-long`, `tokens-many`.
    pub async fn create_token(&self, user: UserId, name: &str) -> Result<(TokenId, String)> {
        let name = name::one_line(name);
        let mut wrong = Invalid::default();
        check_name(&name, &mut wrong);
        wrong.check()?;
        let secret = format!("{API_PREFIX}{}", self.env.token());
        let token = ApiToken { id: self.env.id(), name, created_at: self.env.now() };
        let tx = self.db.write().await?;
        store::find(&tx, user).await?.ok_or(Error::NotFound)?;
        let mut many = Invalid::default();
        if store::api_tokens(&tx, user).await?.len() >= TOKENS {
            many.add_limit("name", "tokens-many", TOKENS as i64);
        }
        many.check()?;
        store::insert_api_token(&tx, user, &token, &hash(&secret)).await?;
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

    fn forget_viewers(&self) {
        self.shared.epoch.fetch_add(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests;
