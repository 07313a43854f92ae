//! What the site is made of, put together.

use std::sync::Arc;

use accounts::Accounts;
use anyhow::{Context, Result};
use articles::{Articles, Policy};
use authors::Authors;
use comments::Comments;
use db::Db;
use events::{Journal, follow};
use follows::Follows;
use kernel::Env;
use media::Media;
use moderation::Moderation;
use recommend::{Hot, Reads, Related};
use search::Search;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use web::render::Theme;
use web::{Front, Pages, Setup};

use crate::config::Config;
use crate::follow::DropPages;
use crate::{http, ops};

/// Every table of the site: its schema needs all others.
static SCHEMA: db::Schema = db::Schema {
    owner: "byline",
    needs: &[&accounts::SCHEMA, &authors::SCHEMA, &media::SCHEMA, &articles::SCHEMA, &comments::SCHEMA, &follows::SCHEMA, &moderation::SCHEMA, &recommend::SCHEMA],
    steps: &[],
};

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
}

impl Services {
    /// Opens the data folder and the database, making what is missing.
    pub async fn open(config: &Config) -> Result<Self> {
        std::fs::create_dir_all(&config.data).with_context(|| format!("cannot make {}", config.data.display()))?;
        let env = Env::system();
        let db = Db::open(&config.place()?).await.context("cannot open the database")?;
        db.migrate(&SCHEMA, env.now()).await.context("cannot migrate the database")?;
        let journal = Journal::new(db.clone(), env.clone());
        let store = blob::Store::open(&config.data.join("media"))?;
        let accounts = Accounts::new(db.clone(), journal.clone(), env.clone());
        let authors = Authors::new(db.clone(), journal.clone(), env.clone());
        let media = Media::new(db.clone(), journal.clone(), env.clone(), store);
        let policy = Policy { review: config.review };
        let articles = Articles::new(db.clone(), journal.clone(), env.clone(), authors.clone(), media.clone(), policy);
        let comments = Comments::new(db.clone(), journal.clone(), env.clone(), articles.clone());
        let follows = Follows::new(db.clone(), journal.clone(), env.clone(), articles.clone());
        let moderation = Moderation::new(db.clone(), env.clone(), articles.clone(), comments.clone());
        Ok(Self { env, db, journal, accounts, authors, media, articles, comments, follows, moderation })
    }
}
