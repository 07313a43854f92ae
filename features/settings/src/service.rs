//! Reading and changing settings.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use audit::Record;
use db::Db;
use events::{Actor, Journal};
use kernel::{Colour, Env, Error, Invalid, Result};

use crate::events::SettingsChanged;
use crate::setting::{Declared, Input, Setting, Value};
use crate::site::{self, Identity};
use crate::{codes, store};

/// What the configuration says, by name: nobody changes it while the site runs.
pub type Fixed = HashMap<&'static str, String>;

/// The settings of a site, as this process knows them. Cheap to clone, shared by all.
#[derive(Clone)]
pub struct Settings {
    db: Db,
    journal: Journal,
    env: Env,
    shared: Arc<Shared>,
}

struct Shared {
    known: Vec<&'static Declared>,
    fixed: Fixed,
    /// What somebody set, as far as it can be read.
    set: RwLock<HashMap<&'static str, String>>,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Default,
    /// Somebody set it here.
    Set,
    /// The configuration file, or a variable of the environment.
    Fixed,
}

impl Source {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Set => "set",
            Self::Fixed => "fixed",
        }
    }
}

/// A setting as it stands.
#[derive(Clone, Debug)]
pub struct Standing {
    pub of: &'static Declared,
    pub value: String,
    pub source: Source,
}

impl Settings {
    /// Those of the site, and those that features declare (`known`). Until [`Settings::load`], what is set in the database is not known.
    pub fn new(
        db: Db,
        journal: Journal,
        env: Env,
        known: impl IntoIterator<Item = &'static Declared>,
        fixed: Fixed,
    ) -> Self {
        let known = site::ALL.into_iter().chain(known).collect();
        Self { db, journal, env, shared: Arc::new(Shared { known, fixed, set: RwLock::default() }) }
    }

    /// The same for `actor`: what is done is told of as theirs.
    #[must_use]
    pub fn by(&self, actor: impl Into<Actor>) -> Self {
        Self { journal: self.journal.by(actor), ..self.clone() }
    }

    /// Takes in what is set: at the start, and when it changed. A value that cannot be read is as good as none, so that a site never stops
    /// for it.
    pub async fn load(&self) -> Result<()> {
        let (set, broken) = self.read().await?;
        for (setting, why) in broken {
            tracing::warn!(setting, why, "a stored setting cannot be read; its default is in force");
        }
        *self.shared.set.write().unwrap_or_else(PoisonError::into_inner) = set;
        Ok(())
    }

    /// Stored settings that cannot be read, with the code of what is wrong.
    pub async fn broken(&self) -> Result<Vec<(&'static str, &'static str)>> {
        Ok(self.read().await?.1)
    }

    async fn read(&self) -> Result<(HashMap<&'static str, String>, Vec<(&'static str, &'static str)>)> {
        let stored = store::all(&self.db).await?;
        let (mut set, mut broken) = (HashMap::new(), Vec::new());
        for one in &self.shared.known {
            let Some(text) = stored.get(one.name) else { continue };
            match one.input.tidy(text) {
                Ok(value) => drop(set.insert(one.name, value)),
                Err(wrong) => broken.push((one.name, wrong.code)),
            }
        }
        Ok((set, broken))
    }

    pub fn get<T: Value>(&self, setting: &Setting<T>) -> T {
        T::read(&self.standing(setting.declared()).1)
    }

    /// What somebody chose, here or in the configuration; nothing where the default is in force.
    pub fn chosen<T: Value>(&self, setting: &Setting<T>) -> Option<T> {
        let (source, value) = self.standing(setting.declared());
        (source != Source::Default).then(|| T::read(&value))
    }

    pub fn is_fixed<T: Value>(&self, setting: &Setting<T>) -> bool {
        self.shared.fixed.contains_key(setting.declared().name)
    }

    fn standing(&self, of: &Declared) -> (Source, String) {
        if let Some(value) = self.shared.fixed.get(of.name) {
            return (Source::Fixed, value.clone());
        }
        let set = self.shared.set.read().unwrap_or_else(PoisonError::into_inner);
        match set.get(of.name) {
            Some(value) => (Source::Set, value.clone()),
            None => (Source::Default, of.default.to_owned()),
        }
    }

    /// All settings, in the order in which they are declared.
    pub fn all(&self) -> Vec<Standing> {
        let one = |&of: &&'static Declared| {
            let (source, value) = self.standing(of);
            Standing { of, value, source }
        };
        self.shared.known.iter().map(one).collect()
    }

    pub fn identity(&self) -> Identity {
        Identity {
            name: self.get(&site::NAME),
            tagline: self.get(&site::TAGLINE),
            locale: self.get(&site::LOCALE),
            zone: self.get(&site::ZONE),
            contact: self.get(&site::CONTACT),
            licence: self.get(&site::LICENCE),
            accent: Colour::parse(&self.get(&site::ACCENT)),
            logo: Some(self.get(&site::LOGO)).filter(|hash| !hash.is_empty()),
            logo_alone: self.get(&site::LOGO_ALONE),
        }
    }

    /// Values as they would be stored, or all that is wrong with them, by the setting's name. Errors: [`Error::NotFound`] for a name that is
    /// no setting's, [`Error::Conflict`] for one that the configuration fixes.
    pub fn check(&self, values: &[(&str, &str)]) -> Result<Vec<(&'static str, String)>> {
        let (mut errors, mut tidy) = (Invalid::default(), Vec::new());
        for (name, text) in values {
            let known = self.shared.known.iter().find(|one| one.name == *name).ok_or(Error::NotFound)?;
            if self.shared.fixed.contains_key(known.name) {
                return Err(Error::Conflict(codes::SETTING_FIXED));
            }
            match known.input.tidy(text) {
                Ok(value) => tidy.push((known.name, value)),
                Err(wrong) => match wrong.limit {
                    Some(limit) => errors.add_limit(known.name, wrong.code, limit),
                    None => errors.add(known.name, wrong.code),
                },
            }
        }
        errors.check().map(|()| tidy)
    }

    /// In force here at once, and on every node as soon as the journal is read; says which have another value now. Errors as for
    /// [`Settings::check`].
    pub async fn set(&self, values: &[(&str, &str)]) -> Result<Vec<&'static str>> {
        let values = self.check(values)?;
        let tx = self.db.write().await?;
        let before = store::all(&tx).await?;
        let (mut names, mut records) = (Vec::new(), Vec::new());
        for (name, value) in values {
            let old = before.get(name);
            if old != Some(&value) {
                store::set(&tx, name, &value, self.env.now()).await?;
                let record = Record::new("setting.change", "setting", name);
                let keeps = self.may_be_kept(name);
                records.push(if keeps { record.before(old).after(&value) } else { record });
                names.push(name);
            }
        }
        self.changed(tx, names, records).await
    }

    /// Back to the default. Errors as for [`Settings::check`].
    pub async fn unset(&self, name: &str) -> Result<Vec<&'static str>> {
        let known = self.shared.known.iter().find(|one| one.name == name).ok_or(Error::NotFound)?;
        if self.shared.fixed.contains_key(known.name) {
            return Err(Error::Conflict(codes::SETTING_FIXED));
        }
        let tx = self.db.write().await?;
        let before = store::all(&tx).await?;
        store::unset(&tx, known.name).await?;
        let before = before.get(known.name).filter(|_| self.may_be_kept(known.name));
        let record = Record::new("setting.unset", "setting", known.name).before(before);
        self.changed(tx, vec![known.name], vec![record]).await
    }

    /// Whether the audit log, of which nothing can be erased, may have the values: an address may be somebody's own.
    fn may_be_kept(&self, name: &str) -> bool {
        self.shared.known.iter().any(|one| one.name == name && one.input != Input::Email)
    }

    async fn changed(
        &self,
        tx: db::Tx,
        names: Vec<&'static str>,
        records: Vec<Record>,
    ) -> Result<Vec<&'static str>> {
        if names.is_empty() {
            return Ok(names);
        }
        let event = SettingsChanged { names: names.iter().map(|&name| name.to_owned()).collect() };
        self.journal.append(&tx, &event).await?;
        for record in records {
            audit::record(&tx, &self.journal, record).await?;
        }
        tx.commit().await?;
        self.load().await?;
        Ok(names)
    }
}
