//! Those who use the site, by their handles. Whoever is named `reviewer`, `editor` or `operator` has that role.

use std::sync::Arc;

use accounts::{User, Viewer};
use authors::{Author, Profile};

use crate::answer::Answer;
use crate::client::Client;
use crate::form::Form;
use crate::site::{TestSite, named};

pub const PASSWORD: &str = "a long password";

/// Somebody who is not signed in: another one each time.
pub const VISITOR: &str = "visitor";

impl TestSite {
    /// The user of that handle, made when first asked for.
    pub async fn user(&self, handle: &str) -> User {
        named(&self.accounts, handle).await
    }

    pub async fn viewer(&self, handle: &str) -> Viewer {
        self.user(handle).await.into()
    }

    /// An author (号) who is called like their handle.
    pub async fn create_author(&self, handle: &str, owners: &[&User]) -> Author {
        let profile = Profile { handle: handle.into(), name: handle.into(), ..Profile::default() };
        let owners: Vec<_> = owners.iter().map(|user| user.id).collect();
        self.authors.create(profile, &owners).await.expect("an author")
    }

    /// A token for the API.
    pub async fn token(&self, handle: &str) -> String {
        let user = self.user(handle).await.id;
        self.accounts.create_token(user, "test").await.expect("a token").1
    }

    /// A browser in which somebody signed in when first asked for: hashing a password takes its time. [`VISITOR`] is nobody.
    pub async fn client(&self, handle: &str) -> Arc<Client> {
        if handle == VISITOR {
            return Arc::new(self.browser());
        }
        let mut clients = self.clients.lock().await;
        if let Some(client) = clients.get(handle) {
            return client.clone();
        }
        let user = self.user(handle).await;
        self.accounts.set_password(&user.handle, PASSWORD).await.expect("a password");
        let (_, token) = self.accounts.sign_in(handle, PASSWORD, "127.0.0.1").await.expect("signed in");
        let cookie = if self.setup().secure() { "__Host-session" } else { "session" };
        let client = Arc::new(self.browser().with_cookie(cookie, token.as_str()));
        clients.insert(handle.to_owned(), client.clone());
        client
    }

    fn browser(&self) -> Client {
        Client::browser(self.app()).with_journal(&self.journal)
    }

    pub async fn get(&self, who: &str, path: &str) -> Answer {
        self.client(who).await.get(path).await
    }

    pub async fn post(&self, who: &str, path: &str, form: impl Form) -> Answer {
        self.client(who).await.post(path, form).await
    }
}
