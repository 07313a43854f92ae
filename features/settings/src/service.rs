//! Reading and changing settings.

use db::Db;
use events::{Actor, Journal};
use kernel::{Env, Result};

use crate::events::SettingsChanged;
use crate::model::{Identity, Stored};
use crate::store;

#[derive(Clone)]
pub struct Settings {
    db: Db,
    journal: Journal,
    env: Env,
    fixed: Stored,
}

impl Settings {
    /// `fixed` is what the configuration says: nobody changes it while the site runs.
    pub fn new(db: Db, journal: Journal, env: Env, fixed: Stored) -> Self {
        Self { db, journal, env, fixed }
    }

    /// The same for `actor`: what is done is told of as theirs.
    #[must_use]
    pub fn by(&self, actor: impl Into<Actor>) -> Self {
        Self { journal: self.journal.by(actor), ..self.clone() }
    }

    pub fn fixed(&self) -> &Stored {
        &self.fixed
    }

    pub async fn identity(&self) -> Result<Identity> {
        Ok(self.chosen().await?.identity())
    }

    /// What somebody chose, in the configuration or here.
    pub async fn chosen(&self) -> Result<Stored> {
        Ok(self.fixed.clone().or(store::stored(&self.db).await?))
    }

    /// What an identity would be stored as, or all that is wrong with it. Codes: `site-name-empty`, `site-name-long`, `tagline-long`,
    /// `zone-unknown`.
    pub fn check(&self, identity: Identity) -> Result<Identity> {
        let Identity { name, tagline, locale, zone } = identity;
        let asked =
            Stored { name: Some(name), tagline: Some(tagline), locale: Some(locale), zone: Some(zone) };
        self.fixed.clone().or(asked).identity().tidy()
    }

    /// In force on every node as soon as the journal is read. Codes as for [`Settings::check`].
    pub async fn set_identity(&self, identity: Identity) -> Result<()> {
        let identity = self.check(identity)?;
        let tx = self.db.write().await?;
        store::set(&tx, &identity, self.env.now()).await?;
        self.journal.append(&tx, &SettingsChanged {}).await?;
        tx.commit().await
    }
}
