//! What readers choose from their lists, and what the ranking learns from it: versions of a model, each tried on choices it has not seen.
//!
//! A choice is kept as the numbers that stood for what was offered, without who chose.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use db::{Db, Tx};
use kernel::{ArticleId, Env, Error, Result, UserId};
use moka::sync::Cache;

use crate::pipeline::Candidate;
use crate::rank::{FEATURES, Features, Ranker, beginning, describe, place_of};
use crate::select::variety;
use crate::store::models::{self as store, ChoiceRow, ListDay, ModelRow};
use crate::train::{Figures, Offer, train};

/// Lists that are remembered to see what is chosen from them (some 10 kB each), and for how long.
const LISTS: u64 = 4_000;
const REMEMBERED: Duration = Duration::from_hours(2);
/// Of what stands below the chosen place, so many more were surely seen.
const BELOW: usize = 4;
/// Places of a list whose features are remembered.
const PLACES: usize = 30;
/// A model is made where there are so many choices, and again where a fifth more have come.
const ENOUGH: usize = 200;
/// The newest choices are learned from, and kept.
const CHOICES: usize = 20_000;
/// One reader of so many has the model before the newest, so that the two can be told apart.
const PARTS: u64 = 10;
/// Readers must have had so many articles of both before a fall is believed.
const SHOWN: i64 = 2_000;
const DAY: i64 = 86_400_000;

/// The name by which the lists are counted.
const LIST: &str = "for-you";

#[derive(Clone)]
pub struct Learning(Arc<Inner>);

struct Inner {
    db: Db,
    env: Env,
    served: Cache<UserId, Arc<Mutex<Served>>>,
    buffer: Mutex<Buffer>,
    models: RwLock<Arc<Models>>,
}

#[derive(Default)]
struct Buffer {
    choices: Vec<ChoiceRow>,
    days: BTreeMap<(i64, &'static str, i64), Day>,
}

#[derive(Clone, Copy, Default)]
struct Day {
    shown: i64,
    opened: i64,
    finished: i64,
    lists: i64,
    authors: i64,
    channels: i64,
}

/// The newest model that is in use, and the one before it. Version 0 is what the site begins with.
#[derive(Clone, Default)]
struct Models {
    newest: Model,
    before: Model,
}

#[derive(Clone)]
struct Model {
    version: i64,
    ranker: Ranker<FEATURES>,
}

impl Default for Model {
    fn default() -> Self {
        Self { version: 0, ranker: Ranker::with(beginning()) }
    }
}

/// A list that a reader has before them.
pub struct Served {
    version: i64,
    items: Vec<Item>,
    variety: (usize, usize),
}

struct Item {
    id: ArticleId,
    source: &'static str,
    features: Option<Box<Features>>,
    shown: bool,
    opened: bool,
    finished: bool,
}

impl Served {
    pub fn of(version: i64, list: &[Candidate]) -> Self {
        let item = |(n, candidate): (usize, &Candidate)| Item {
            id: candidate.id,
            source: candidate.source,
            features: candidate.features.filter(|_| n < PLACES).map(Box::new),
            shown: false,
            opened: false,
            finished: false,
        };
        let shown: Vec<_> = list
            .iter()
            .filter_map(|candidate| {
                candidate.facts.as_ref().map(|facts| (facts.author, facts.channel.clone()))
            })
            .collect();
        Self { version, items: list.iter().enumerate().map(item).collect(), variety: variety(&shown) }
    }
}

/// A model that was made, as the people who run the site see it.
#[derive(Clone, Debug)]
pub struct Made {
    pub version: i64,
    pub made_at: kernel::Time,
    pub choices: i64,
    /// How well it told the choices that it had not seen, and how well the model before did: means of reciprocal ranks.
    pub figure: f64,
    pub before: f64,
    /// `live`, `worse` (never used) or `withdrawn`.
    pub state: String,
}

impl Learning {
    pub fn new(db: Db, env: Env) -> Self {
        let served = Cache::builder().max_capacity(LISTS).time_to_live(REMEMBERED).build();
        Self(Arc::new(Inner { db, env, served, buffer: Mutex::default(), models: RwLock::default() }))
    }

    /// Reads which models are in use.
    pub async fn load(&self) -> Result<()> {
        const LOOKED_AT: usize = 50;
        let rows = store::models(&self.0.db, LOOKED_AT).await?;
        let mut live = rows.iter().filter(|row| row.state == "live").map(model_of);
        let newest = live.next().unwrap_or_default();
        let before = live.next().unwrap_or_default();
        *self.0.models.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Models { newest, before });
        Ok(())
    }

    fn model_for(&self, user: UserId) -> Model {
        let models = self.0.models.read().unwrap_or_else(PoisonError::into_inner).clone();
        let other = part_of(user, models.newest.version, PARTS) == 0;
        if other { models.before.clone() } else { models.newest.clone() }
    }

    /// The version of the model that a reader's lists are made with: the newest, for a tenth of the readers the one before.
    pub fn version_for(&self, user: UserId) -> i64 {
        self.model_for(user).version
    }

    pub fn ranker_for(&self, user: UserId) -> Ranker<FEATURES> {
        self.model_for(user).ranker
    }

    /// A reader has a list; what they are shown of it is told by [`Learning::shown`], what they choose by [`Learning::opened`].
    pub fn serve(&self, user: UserId, served: Served) {
        self.0.served.insert(user, Arc::new(Mutex::new(served)));
    }

    /// A reader is shown `n` articles of their list from place `from` on. Each counts once.
    pub fn record_impression(&self, user: UserId, from: usize, n: usize) {
        let Some(served) = self.0.served.get(&user) else { return };
        let mut served = served.lock().unwrap_or_else(PoisonError::into_inner);
        let (version, variety) = (served.version, served.variety);
        let first = !served.items.iter().any(|item| item.shown);
        let (day, mut buffer) = (self.today(), self.buffer());
        for item in served.items.iter_mut().skip(from).take(n).filter(|item| !item.shown) {
            item.shown = true;
            buffer.days.entry((day, item.source, version)).or_default().shown += 1;
        }
        if first && n > 0 {
            let all = buffer.days.entry((day, "all", version)).or_default();
            all.lists += 1;
            all.authors += variety.0 as i64;
            all.channels += variety.1 as i64;
        }
    }

    /// A reader opens an article. Where it stood in their list, that is a choice among what stood there too.
    pub fn opened(&self, user: UserId, article: ArticleId) {
        let Some(served) = self.0.served.get(&user) else { return };
        let mut served = served.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(place) =
            served.items.iter().position(|item| item.id == article && item.shown && !item.opened)
        else {
            return;
        };
        served.items[place].opened = true;
        let (source, version) = (served.items[place].source, served.version);
        let offered: Vec<&Features> = served
            .items
            .iter()
            .take(place + 1 + BELOW)
            .filter(|item| item.shown)
            .filter_map(|item| item.features.as_deref())
            .collect();
        let mut buffer = self.buffer();
        buffer.days.entry((self.today(), source, version)).or_default().opened += 1;
        if offered.len() > place && offered.len() > 1 {
            let offered = Offer::text(&offered);
            buffer.choices.push(ChoiceRow { model: version, chosen: place as i64, offered });
        }
    }

    /// A reader has no list any more.
    pub fn drop_list(&self, user: UserId) {
        self.0.served.invalidate(&user);
    }

    /// A reader came to the end of an article.
    pub fn finished(&self, user: UserId, article: ArticleId) {
        let Some(served) = self.0.served.get(&user) else { return };
        let mut served = served.lock().unwrap_or_else(PoisonError::into_inner);
        let version = served.version;
        let item = served.items.iter_mut().find(|item| item.id == article && item.opened && !item.finished);
        if let Some(item) = item {
            item.finished = true;
            self.buffer().days.entry((self.today(), item.source, version)).or_default().finished += 1;
        }
    }

    /// Writes what was chosen since the last time. What cannot be written is lost: a lesson, not a loss.
    pub async fn flush(&self) -> Result<()> {
        let Buffer { choices, days } = std::mem::take(&mut *self.buffer());
        if choices.is_empty() && days.is_empty() {
            return Ok(());
        }
        let now = self.0.env.now();
        let tx = self.0.db.write().await?;
        for choice in &choices {
            store::add_choice(&tx, self.0.env.id(), choice, now).await?;
        }
        let row = |((day, source, model), sums): ((i64, &str, i64), Day)| ListDay {
            day,
            list: LIST.to_owned(),
            source: source.to_owned(),
            model,
            shown: sums.shown,
            opened: sums.opened,
            finished: sums.finished,
            lists: sums.lists,
            authors: sums.authors,
            channels: sums.channels,
        };
        store::add_days(&tx, &days.into_iter().map(row).collect::<Vec<_>>()).await?;
        tx.commit().await
    }

    /// Makes a new model where enough was chosen since the last one; says its version and whether it is used. One that tells the newest
    /// choices worse than the one in use is never used.
    pub async fn learn(&self) -> Result<Option<Made>> {
        let rows = store::models(&self.0.db, 1).await?;
        let (last, had) = rows.first().map_or((0, 0), |row| (row.version, row.choices));
        let since = rows.first().map_or(kernel::Time::from_millis(0), |row| row.created_at);
        let new = store::count_choices_since(&self.0.db, since).await? as usize;
        if new < ENOUGH.max(had as usize / 5) {
            return Ok(None);
        }
        let choices = store::choices(&self.0.db, CHOICES).await?;
        let offers: Vec<Offer> = choices.iter().filter_map(Offer::read).collect();
        let now_used = self.0.models.read().unwrap_or_else(PoisonError::into_inner).newest.clone();
        let trained = tokio::task::spawn_blocking(move || train(&offers, &now_used.ranker));
        let (ranker, Figures { ours, before }) = trained.await.map_err(Error::internal)?;
        let row = ModelRow {
            version: last + 1,
            weights: text_of(&ranker),
            choices: choices.len() as i64,
            figure: ours,
            before,
            state: if ours >= before { "live" } else { "worse" }.to_owned(),
            created_at: self.0.env.now(),
        };
        let tx = self.0.db.write().await?;
        store::add_model(&tx, &row).await?;
        store::forget_choices(&tx, CHOICES).await?;
        tx.commit().await?;
        self.load().await?;
        Ok(Some(made_of(row)))
    }

    /// Withdraws the newest model where readers choose less with it than with the one before.
    pub async fn watch(&self) -> Result<Option<i64>> {
        let models = self.0.models.read().unwrap_or_else(PoisonError::into_inner).clone();
        if models.newest.version == models.before.version {
            return Ok(None);
        }
        let mut sums: HashMap<i64, (i64, i64)> = HashMap::new();
        for day in store::days_since(&self.0.db, self.today() - 14).await? {
            let sum = sums.entry(day.model).or_default();
            *sum = (sum.0 + day.shown, sum.1 + day.opened);
        }
        let of = |version| sums.get(&version).copied().unwrap_or_default();
        if falls(of(models.before.version), of(models.newest.version)) {
            let tx = self.0.db.write().await?;
            self.withdraw_in(&tx, models.newest.version).await?;
            tx.commit().await?;
            self.load().await?;
            return Ok(Some(models.newest.version));
        }
        Ok(None)
    }

    /// Takes a model out of use, in the transaction of what says who wanted it: the one before it is used again, here once [`Learning::load`] reads it.
    pub async fn withdraw_in(&self, tx: &Tx, version: i64) -> Result<()> {
        if store::set_state(tx, version, "withdrawn").await? { Ok(()) } else { Err(Error::NotFound) }
    }

    /// The models that were made, newest first.
    pub async fn made(&self, limit: usize) -> Result<Vec<Made>> {
        Ok(store::models(&self.0.db, limit).await?.into_iter().map(made_of).collect())
    }

    /// How the lists did in the last `days`, by list, source and model.
    pub async fn days(&self, days: i64) -> Result<Vec<ListDay>> {
        store::days_since(&self.0.db, self.today() - days).await
    }

    /// The versions in use: the newest, and the one that a tenth of the readers have.
    pub fn in_use(&self) -> (i64, i64) {
        let models = self.0.models.read().unwrap_or_else(PoisonError::into_inner);
        (models.newest.version, models.before.version)
    }

    fn today(&self) -> i64 {
        self.0.env.now().millis().div_euclid(DAY)
    }

    fn buffer(&self) -> MutexGuard<'_, Buffer> {
        self.0.buffer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Which part of the readers somebody belongs to, of `parts`: always the same, and another for each `salt`.
fn part_of(user: UserId, salt: i64, parts: u64) -> u64 {
    let mut hasher = DefaultHasher::new();
    (user.raw(), salt).hash(&mut hasher);
    hasher.finish() % parts
}

/// Whether a rate fell by more than chance: two proportions, three standard deviations apart.
fn falls(before: (i64, i64), now: (i64, i64)) -> bool {
    if before.0 < SHOWN || now.0 < SHOWN {
        return false;
    }
    let (shown, opened) = (before.0 as f64, before.1 as f64);
    let (shown_now, opened_now) = (now.0 as f64, now.1 as f64);
    let all = (opened + opened_now) / (shown + shown_now);
    let chance = (all * (1.0 - all) * (1.0 / shown + 1.0 / shown_now)).sqrt();
    opened / shown - opened_now / shown_now > 3.0 * chance
}

fn made_of(row: ModelRow) -> Made {
    Made {
        version: row.version,
        made_at: row.created_at,
        choices: row.choices,
        figure: row.figure,
        before: row.before,
        state: row.state,
    }
}

/// Weights by what their features say: a model stays readable when features come and go.
fn text_of(ranker: &Ranker<FEATURES>) -> String {
    let weights: BTreeMap<&str, f64> =
        (0..FEATURES).map(|place| (describe(place), ranker.weights()[place])).collect();
    serde_json::to_string(&weights).unwrap_or_default()
}

fn model_of(row: &ModelRow) -> Model {
    let named: BTreeMap<String, f64> = serde_json::from_str(&row.weights).unwrap_or_default();
    let mut weights = [0.0; FEATURES];
    for (name, weight) in named {
        if let Some(place) = place_of(&name).filter(|_| weight.is_finite()) {
            weights[place] = weight;
        }
    }
    Model { version: row.version, ranker: Ranker::with(weights) }
}
