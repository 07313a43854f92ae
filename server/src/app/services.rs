//! What works on the tables and files.

use accounts::Accounts;
use anyhow::{Context, Result};
use articles::{Articles, Policy};
use authors::Authors;
use comments::Comments;
use db::Db;
use editorial::Editorial;
use erasure::Erasure;
use events::Journal;
use follows::Follows;
use kernel::Env;
use media::Media;
use moderation::Moderation;
use settings::Settings;

use crate::config::Config;
use crate::{cli, failures, folder};

/// Every table of the site.
pub static SCHEMA: db::Schema = db::Schema::of(&[
    &accounts::SCHEMA,
    &authors::SCHEMA,
    &media::SCHEMA,
    &articles::SCHEMA,
    &comments::SCHEMA,
    &follows::SCHEMA,
    &moderation::SCHEMA,
    &editorial::SCHEMA,
    &recommend::SCHEMA,
    &search::SCHEMA,
    &settings::SCHEMA,
]);

/// All that works on the tables and files: what a command needs that does not serve.
#[derive(Clone)]
pub struct Services {
    pub env: Env,
    pub db: Db,
    pub journal: Journal,
    pub accounts: Accounts,
    pub authors: Authors,
    pub media: Media,
    pub articles: Articles,
    pub comments: Comments,
    pub follows: Follows,
    pub moderation: Moderation,
    pub editorial: Editorial,
    pub erasure: Erasure,
    pub settings: Settings,
}

impl Services {
    /// Opens the data folder and the database, making what is missing.
    pub async fn open(config: &Config) -> Result<Self> {
        Box::pin(Self::opened(config)).await
    }

    async fn opened(config: &Config) -> Result<Self> {
        folder::make_private(&config.data).map_err(|error| failures::folder(&config.data, error))?;
        let env = Env::system();
        let place = config.place()?;
        let db = Db::open(&place).await.map_err(|error| failures::database(&place, &error))?;
        db.migrate(&SCHEMA, env.now()).await.map_err(|error| failures::tables(&place, &error))?;
        let services = Self::on(db, env, config)?;
        services.accounts.fold_handles().await.context("cannot compare the names of users")?;
        services.authors.fold_names().await.context("cannot compare the names of authors")?;
        let recorded =
            services.articles.record_pictures().await.context("cannot record the pictures of articles")?;
        if recorded > 0 {
            tracing::info!(articles = recorded, "recorded which pictures articles have");
        }
        Ok(services)
    }

    /// On a database that is ready.
    pub(super) fn on(db: Db, env: Env, config: &Config) -> Result<Self> {
        let journal = Journal::new(db.clone(), env.clone());
        let pictures = config.data.join("media");
        let store = blob::Store::open(&pictures).map_err(|error| failures::folder(&pictures, error))?;
        let accounts = Accounts::new(db.clone(), journal.clone(), env.clone())
            .with_site_name(&config.fixed().identity().name);
        let authors = Authors::new(db.clone(), journal.clone(), env.clone());
        let media = Media::new(db.clone(), journal.clone(), env.clone(), store);
        // Itself again: `byline image-worker` decodes what nobody trusts. The program of the tests is no such worker.
        let media = if cfg!(test) {
            media
        } else {
            let program = std::env::current_exe().context("cannot find my own program")?;
            media.with_worker(program, &[cli::IMAGE_WORKER])
        };
        let policy = Policy { review: config.review };
        let articles =
            Articles::new(db.clone(), journal.clone(), env.clone(), authors.clone(), media.clone(), policy)
                .with_address(&config.public_url());
        let comments = Comments::new(db.clone(), journal.clone(), env.clone(), articles.clone())
            .with_policy(comments::Policy { hold: config.review_comments });
        let follows = Follows::new(db.clone(), journal.clone(), env.clone(), articles.clone());
        let moderation = Moderation::new(db.clone(), env.clone(), articles.clone(), comments.clone());
        let editorial = Editorial::new(db.clone(), journal.clone(), env.clone(), articles.clone());
        let erasure = Erasure {
            db: db.clone(),
            accounts: accounts.clone(),
            authors: authors.clone(),
            media: media.clone(),
            articles: articles.clone(),
            comments: comments.clone(),
            follows: follows.clone(),
            moderation: moderation.clone(),
        };
        let settings = Settings::new(db.clone(), journal.clone(), env.clone(), config.fixed());
        Ok(Self {
            env,
            db,
            journal,
            accounts,
            authors,
            media,
            articles,
            comments,
            follows,
            moderation,
            editorial,
            erasure,
            settings,
        })
    }
}
