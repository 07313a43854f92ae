//! All services of a site, made once, each given what it needs: the one wiring, for the server, its commands, the demo and tests.

mod lists;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use accounts::Accounts;
use articles::Articles;
use audit::AuditLog;
use authors::Authors;
use blocks::Blocks;
use comments::Comments;
use db::Db;
use editorial::Editorial;
use erasure::Erasure;
use events::{Actor, Journal};
use export::Export;
use follows::Follows;
use jobs::Jobs;
use kernel::{Env, Result, Time};
use mail::Outbox;
use media::Media;
use moderation::Moderation;
use notify::{Features, Notify, Senders};
use oidc::{Oidc, Providers};
use search::{Index, Search};
use settings::{Declared, Fixed, Settings};

pub use lists::Lists;

/// Every table of the site.
pub static SCHEMA: db::Schema = db::Schema::of(&[
    &jobs::SCHEMA,
    &mail::SCHEMA,
    &accounts::SCHEMA,
    &authors::SCHEMA,
    &media::SCHEMA,
    &articles::SCHEMA,
    &blocks::SCHEMA,
    &comments::SCHEMA,
    &follows::SCHEMA,
    &moderation::SCHEMA,
    &editorial::SCHEMA,
    &notify::SCHEMA,
    &reads::SCHEMA,
    &recommend::SCHEMA,
    &search::SCHEMA,
    &settings::SCHEMA,
    &export::SCHEMA,
]);

/// Every setting that features declare, in the order in which operators see them.
pub fn declared() -> impl Iterator<Item = &'static Declared> {
    accounts::settings::ALL.into_iter().chain(articles::settings::ALL).chain(comments::settings::ALL)
}

/// What services are told of the configuration.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The site's public address, without a slash at its end.
    pub url: String,
    /// Settings that the configuration fixes.
    pub fixed: Fixed,
    /// By which people sign in.
    pub providers: Providers,
    /// Push services that may be asked though they are not on the internet; what is no such entry was refused before.
    pub push_allow: Vec<String>,
    /// The program that decodes uploads, and its arguments; without one, they are decoded in this process.
    pub image_worker: Option<(PathBuf, &'static str)>,
}

/// All that works on the tables and files: what a command needs that does not serve.
#[derive(Clone)]
pub struct Services {
    pub env: Env,
    pub db: Db,
    pub journal: Journal,
    pub jobs: Jobs,
    pub outbox: Outbox,
    pub accounts: Accounts,
    pub authors: Authors,
    pub media: Media,
    pub articles: Articles,
    pub blocks: Blocks,
    pub comments: Comments,
    pub follows: Follows,
    pub moderation: Moderation,
    pub editorial: Editorial,
    pub notify: Notify,
    pub oidc: Oidc,
    pub export: Export,
    pub erasure: Erasure,
    pub settings: Settings,
    pub audit: AuditLog,
}

impl Services {
    /// On a database whose tables are up to date.
    pub fn new(db: Db, env: Env, pictures: blob::Store, options: &Options) -> Self {
        let (journal, audit) = (Journal::new(db.clone(), env.clone()), AuditLog::new(db.clone()));
        let jobs = Jobs::new(db.clone(), env.clone());
        let outbox = Outbox::new(db.clone(), jobs.clone(), env.clone());
        let settings =
            Settings::new(db.clone(), journal.clone(), env.clone(), declared(), options.fixed.clone());
        let accounts = Accounts::new(db.clone(), journal.clone(), env.clone())
            .with_settings(settings.clone())
            .with_outbox(outbox.clone())
            .with_address(&options.url);
        let authors = Authors::new(db.clone(), journal.clone(), env.clone());
        let media = Media::new(db.clone(), journal.clone(), env.clone(), pictures.clone());
        let media = match &options.image_worker {
            Some((program, argument)) => media.with_worker(program.clone(), &[argument]),
            None => media,
        };
        let articles = Articles::new(
            db.clone(),
            journal.clone(),
            jobs.clone(),
            env.clone(),
            authors.clone(),
            media.clone(),
            settings.clone(),
        )
        .with_address(&options.url);
        let blocks = Blocks::new(db.clone(), journal.clone(), env.clone(), accounts.clone(), authors.clone());
        let comments = Comments::new(
            db.clone(),
            journal.clone(),
            env.clone(),
            articles.clone(),
            blocks.clone(),
            settings.clone(),
        );
        let editorial = Editorial::new(db.clone(), journal.clone(), env.clone(), articles.clone());
        let follows = Follows::new(
            db.clone(),
            journal.clone(),
            env.clone(),
            authors.clone(),
            articles.clone(),
            editorial.clone(),
        );
        let moderation = Moderation::new(
            db.clone(),
            journal.clone(),
            env.clone(),
            accounts.clone(),
            articles.clone(),
            comments.clone(),
        );
        let features = Features {
            accounts: accounts.clone(),
            authors: authors.clone(),
            articles: articles.clone(),
            blocks: blocks.clone(),
            comments: comments.clone(),
            editorial: editorial.clone(),
            follows: follows.clone(),
            moderation: moderation.clone(),
        };
        let senders = Senders {
            outbox: outbox.clone(),
            outbound: push_client(&options.push_allow),
            settings: settings.clone(),
            url: options.url.clone(),
        };
        let notify = Notify::new(db.clone(), journal.clone(), env.clone(), jobs.clone(), features, senders);
        let taken = export::Features {
            db: db.clone(),
            accounts: accounts.clone(),
            authors: authors.clone(),
            media: media.clone(),
            articles: articles.clone(),
            blocks: blocks.clone(),
            comments: comments.clone(),
            follows: follows.clone(),
            moderation: moderation.clone(),
            notify: notify.clone(),
            url: options.url.clone(),
        };
        let export = Export::new(journal.clone(), env.clone(), jobs.clone(), outbox.clone(), pictures, taken);
        let erasure = Erasure {
            db: db.clone(),
            accounts: accounts.clone(),
            authors: authors.clone(),
            media: media.clone(),
            articles: articles.clone(),
            blocks: blocks.clone(),
            comments: comments.clone(),
            follows: follows.clone(),
            moderation: moderation.clone(),
            notify: notify.clone(),
            export: export.clone(),
            settings: settings.clone(),
        };
        let oidc = Oidc::new(options.providers.clone(), &options.url, env.clone());
        Self {
            env,
            db,
            journal,
            jobs,
            outbox,
            accounts,
            authors,
            media,
            articles,
            blocks,
            comments,
            follows,
            moderation,
            editorial,
            notify,
            oidc,
            export,
            erasure,
            settings,
            audit,
        }
    }

    /// The same for `actor`: what is done is told of as theirs, unless a verb is told of a user.
    #[must_use]
    pub fn by(&self, actor: Actor) -> Self {
        Self {
            accounts: self.accounts.by(actor),
            authors: self.authors.by(actor),
            media: self.media.by(actor),
            articles: self.articles.by(actor),
            blocks: self.blocks.by(actor),
            comments: self.comments.by(actor),
            follows: self.follows.by(actor),
            settings: self.settings.by(actor),
            ..self.clone()
        }
    }

    /// Goes by the database's clock where several nodes may share it; by how many milliseconds this machine's is behind.
    pub async fn adjust_clock(&self) -> Result<i64> {
        const TRIES: usize = 3;
        const QUICK: Duration = Duration::from_millis(100);
        let mut best: Option<(Duration, Time, Instant)> = None;
        for _ in 0..TRIES {
            let asked = self.env.instant();
            let Some(time) = self.db.clock().await? else { return Ok(0) };
            let took = self.env.instant().duration_since(asked);
            if best.is_none_or(|(least, ..)| took < least) {
                best = Some((took, time, asked));
            }
            // One that took long waited, for a connection or for the server, nobody knows on which way.
            if took < QUICK {
                break;
            }
        }
        let Some((took, time, asked)) = best else { return Ok(0) };
        // It was said half-way.
        let since = self.env.instant().duration_since(asked).saturating_sub(took / 2);
        Ok(self.env.adjust(time.plus(since)))
    }

    /// Search on an index that is open.
    pub fn search(&self, index: Index) -> Search {
        let (db, journal) = (self.db.clone(), self.journal.clone());
        Search::new(index, db, self.articles.clone(), self.authors.clone(), journal, self.env.clone())
    }

    /// Does once what a migration could not say in SQL; how many articles had their pictures recorded.
    pub async fn complete_migrations(&self) -> Result<usize> {
        self.accounts.fold_handles().await?;
        self.authors.fold_names().await?;
        self.articles.enqueue_scheduled().await?;
        self.take_in_decisions().await?;
        self.take_in_mutes().await?;
        self.notify.ensure_keys().await?;
        self.articles.record_pictures().await
    }

    /// Authors of whom readers wanted nothing in their own lists are muted, in all lists.
    async fn take_in_mutes(&self) -> Result<()> {
        let tx = self.db.write().await?;
        if self.jobs.once(&tx, "blocks.take-in-mutes").await? {
            self.blocks.take_in(&tx, &recommend::hand_over_mutes(&tx).await?).await?;
        }
        tx.commit().await?;
        self.blocks.forget(None);
        Ok(())
    }

    /// What reviewers and editors did before there was an audit log stands in it, too.
    async fn take_in_decisions(&self) -> Result<()> {
        let tx = self.db.write().await?;
        if self.jobs.once(&tx, "audit.take-in-decisions").await? {
            let past = [self.moderation.past(&tx).await?, self.editorial.past(&tx).await?].concat();
            audit::take_in(&tx, past).await?;
        }
        tx.commit().await
    }
}

/// Entries were checked with the configuration; where one is none after all, no exception holds.
fn push_client(allow: &[String]) -> outbound::Client {
    let options =
        |allow: &[String]| outbound::Options { allow: allow.to_vec(), ..outbound::Options::default() };
    outbound::Client::new(options(allow)).unwrap_or_else(|error| {
        tracing::error!(%error, "push_allow is left out");
        outbound::Client::new(options(&[])).expect("no exceptions are never wrong")
    })
}
