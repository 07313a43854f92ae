//! What the site is made of, put together.

mod routes;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use accounts::Role;
use admin::SetupKey;
use anyhow::{Context, Result};
use db::Db;
use events::{consume, follow};
use kernel::{Cursor, Env};
use mail::{Mailer, Sender, Transport};
use notify::{Teller, WakeListeners};
use search::{Index, Search};
use services::{Lists, Options, SCHEMA, Services};
use site::PictureAccess;
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use web::render::Theme;
use web::{Frame, Front, PageCache, Setup, UploadDir};

use crate::config::Config;
use crate::follow::{DropPages, DropPictures, DropRelated, ExpungeIndex, ForgetBlocks, ForgetViewers, about};
use crate::{failures, folder, http, jobs, periodic};
use routes::Surfaces;

/// The command that makes the variants of one picture from standard input, for the server that starts it.
pub const IMAGE_WORKER: &str = "image-worker";

/// Opens the data folder and the database, making what is missing.
pub async fn open_services(config: &Config) -> Result<Services> {
    Box::pin(opened_services(config)).await
}

async fn opened_services(config: &Config) -> Result<Services> {
    folder::make_private(&config.data).map_err(|error| failures::folder(&config.data, error))?;
    let (env, place) = (Env::system(), config.database_url()?);
    let db = Db::open(&place).await.map_err(|error| failures::database(&place, &error))?;
    db.migrate(&SCHEMA, env.now()).await.map_err(|error| failures::tables(&place, &error))?;
    let identity = db.identity().await.map_err(|error| failures::database(&place, &error))?;
    if !folder::belongs_to(&config.data, &identity).map_err(|error| failures::folder(&config.data, error))? {
        return Err(failures::other_site(&config.data, &place));
    }
    // Itself again: `byline image-worker` decodes what nobody trusts.
    let program = std::env::current_exe().context("cannot find my own program")?;
    let options = config.options().map_err(|invalid| anyhow::anyhow!(invalid.why))?;
    let options = Options { image_worker: Some((program, IMAGE_WORKER)), ..options };
    let services = Services::new(db, env, open_pictures(config)?, &options);
    services.adjust_clock().await.map_err(|error| failures::database(&place, &error))?;
    services.settings.load().await.map_err(|error| failures::database(&place, &error))?;
    let recorded = services.complete_migrations().await.context("cannot complete the migrations")?;
    if recorded > 0 {
        tracing::info!(articles = recorded, "recorded which pictures articles have");
    }
    Ok(services)
}

pub fn open_pictures(config: &Config) -> Result<blob::Store> {
    if let Some(bucket) = config.bucket().map_err(|invalid| anyhow::anyhow!(invalid.why))? {
        return blob::Store::bucket(&bucket)
            .map_err(|error| failures::setting("pictures", &failures::cause(&error)));
    }
    let folder = config.data.join("media");
    blob::Store::open(&folder).map_err(|error| failures::folder(&folder, error))
}

/// Where mail goes, and whom it is from.
pub fn open_mail(config: &Config) -> Result<(Transport, Sender)> {
    let sender = config.mail_sender().map_err(|invalid| anyhow::anyhow!(invalid.why))?;
    let transport =
        if let Some(server) = config.mail_server().map_err(|invalid| anyhow::anyhow!(invalid.why))? {
            Transport::smtp(server, &sender)
                .map_err(|error| failures::setting("mail", &failures::cause(&error)))?
        } else {
            let folder = config.data.join("mail");
            Transport::folder(folder.clone()).map_err(|error| failures::folder(&folder, error))?
        };
    Ok((transport, sender))
}

/// What sends mail, as `frame` renders it.
pub fn mailer(s: &Services, frame: &Frame, (transport, sender): (Transport, Sender)) -> Mailer {
    let mailer = Mailer::new(s.outbox.clone(), transport, Arc::new(frame.clone()), sender);
    mailer.with_fill(Arc::new(s.notify.clone()))
}

/// The text index of a site, which one process holds at a time.
pub async fn open_search(s: &Services, config: &Config) -> Result<Search> {
    let folder = config.data.join("index");
    let path = folder.clone();
    let index = spawn_blocking(move || Index::open(&path))
        .await?
        .map_err(|error| failures::index(&folder, &error))?;
    Ok(s.search(index))
}

/// The theme, what the site is called, and regions of addresses: what every page is drawn with.
pub async fn open_frame(s: &Services, config: &Config) -> Result<Frame> {
    let identity = s.settings.identity();
    let setup = Setup {
        locale: identity.locale.into(),
        url: config.public_url(),
        behind_proxy: config.behind_proxy,
        slow: Duration::from_millis(config.slow_request_ms),
    };
    let about = about(identity, config.public_url(), &s.media).await?;
    let theme = Theme::load(config.theme.as_deref())
        .map_err(|error| failures::theme(config.theme.as_deref(), &error))?
        .with_line_breaks(search::line_breaks);
    // All of it is in memory from here on.
    let geo = match config.geo_database.clone() {
        Some(path) => spawn_blocking(move || geo::Geo::open(&path))
            .await?
            .map_err(|error| failures::setting("geo_database", &failures::cause(&error)))?,
        None => geo::Geo::default(),
    };
    let frame = Frame::new(theme, about, setup, s.articles.clone(), s.authors.clone(), s.env.clone());
    Ok(frame.with_geo(geo).with_notify(s.notify.clone()))
}

/// A site that serves: the services, the index and what is kept in memory, and the front.
pub struct Site {
    services: Services,
    search: Search,
    lists: Lists,
    pages: PageCache,
    pictures: PictureAccess,
    frame: Frame,
    mailer: Mailer,
    /// Where mail goes that is kept as files.
    mail_folder: Option<mail::Folder>,
    setup_key: SetupKey,
    front: Front,
    /// How long events stay in the journal.
    journal_keep: Option<Duration>,
    /// All addresses that it answers, for tests that walk them.
    #[cfg(test)]
    endpoints: Vec<web::routing::Endpoint>,
}

impl Site {
    pub async fn open(services: Services, config: &Config) -> Result<Self> {
        Box::pin(Self::opened(services, config)).await
    }

    async fn opened(services: Services, config: &Config) -> Result<Self> {
        let search = open_search(&services, config).await?;
        let lists = Lists::new(&services, &search);
        let params = site::PARAMS.into_iter().chain(feeds::PARAMS).chain(api::PARAMS);
        let pages = PageCache::new(config.page_cache << 20).with_params(web::Params::new(params));
        // The index is held, so no other process serves this folder and has uploads under way.
        let folder = config.data.join("uploads");
        let uploads = UploadDir::open(folder.clone()).map_err(|error| failures::folder(&folder, error))?;
        let frame = open_frame(&services, config).await?;
        let mail = open_mail(config)?;
        let s = &services;
        let pictures =
            PictureAccess::new(s.articles.clone(), s.authors.clone(), s.media.clone(), s.env.clone())
                .with_people(s.accounts.clone(), s.settings.clone());
        let setup_key = SetupKey::new(s.env.token());
        let surfaces = Surfaces {
            config,
            services: &services,
            search: &search,
            lists: &lists,
            pages: &pages,
            pictures: &pictures,
            frame: &frame,
            transport: &mail.0,
            uploads: &uploads,
            setup_key: &setup_key,
        };
        let (router, hooks) = surfaces.open()?;
        #[cfg(test)]
        let endpoints = router.endpoints().to_vec();
        let cache = (config.page_cache > 0).then(|| pages.clone());
        let front = Front::new(
            router,
            cache,
            s.accounts.clone(),
            s.journal.clone(),
            s.env.clone(),
            frame.setup().clone(),
            hooks,
        );
        let days = Duration::from_hours(24) * config.journal_days;
        let journal_keep = (config.journal_days > 0).then_some(days);
        let mail_folder = mail.0.kept().cloned();
        let mailer = mailer(s, &frame, mail);
        Ok(Self {
            services,
            search,
            lists,
            pages,
            pictures,
            frame,
            mailer,
            mail_folder,
            setup_key,
            front,
            journal_keep,
            #[cfg(test)]
            endpoints,
        })
    }

    /// Where to set the site up, as long as nobody did.
    pub async fn setup_path(&self) -> Result<Option<String>> {
        let operators = self.services.accounts.holding(Role::Operator, Cursor::START).await?;
        Ok(operators.items.is_empty().then(|| self.setup_key.path()))
    }

    /// Serves until the process is asked to stop; what is counted in memory is written down then.
    pub async fn serve(self, listener: TcpListener) -> Result<()> {
        Box::pin(self.serving(listener)).await
    }

    async fn serving(self, listener: TcpListener) -> Result<()> {
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let frame = self.frame.clone();
        tasks.spawn_blocking(move || frame.theme().compress());
        self.start(&stop, &tasks).await?;
        let serving = tasks.spawn(http::serve(listener, self.front, stop.clone()));
        http::asked_to_stop().await;
        tracing::info!("stopping");
        stop.cancel();
        tasks.close();
        tasks.wait().await;
        serving.await?;
        Ok(())
    }

    /// Starts what goes on beside the answers: followers of the journal, counting, the clock of schedules.
    async fn start(&self, stop: &CancellationToken, tasks: &TaskTracker) -> Result<()> {
        let (s, pages) = (&self.services, &self.pages);
        // From the end: a cache that is empty has nothing to drop.
        let head = s.journal.head().await?;
        self.lists.hot.load().await?;
        let drop_pages = DropPages {
            pages: pages.clone(),
            frame: self.frame.clone(),
            settings: s.settings.clone(),
            media: s.media.clone(),
        };
        tasks.spawn(follow(s.journal.clone(), drop_pages, head, stop.clone()));
        let pictures = DropPictures {
            access: self.pictures.clone(),
            accounts: s.accounts.clone(),
            articles: s.articles.clone(),
            media: s.media.clone(),
            settings: s.settings.clone(),
        };
        tasks.spawn(follow(s.journal.clone(), pictures, head, stop.clone()));
        tasks.spawn(follow(s.journal.clone(), ForgetViewers(s.accounts.clone()), head, stop.clone()));
        let expunge =
            ExpungeIndex::new(self.search.clone(), s.accounts.clone(), s.env.clone(), head, stop.clone());
        tasks.spawn(follow(s.journal.clone(), expunge, head, stop.clone()));
        tasks.spawn(follow(s.journal.clone(), ForgetBlocks(s.blocks.clone()), head, stop.clone()));
        let related = DropRelated::new(pages.clone(), self.lists.related.clone());
        tasks.spawn(follow(s.journal.clone(), related, head, stop.clone()));
        tasks.spawn(follow(s.journal.clone(), WakeListeners(s.notify.live().clone()), head, stop.clone()));
        tasks.spawn(consume(s.journal.clone(), Teller(s.notify.clone()), stop.clone()));
        tasks.spawn(periodic::let_listen(s.notify.live().clone(), http::most(), stop.clone()));
        tasks.spawn(self.search.clone().run(stop.clone()));
        tasks.spawn(self.lists.hot.clone().run(stop.clone()));
        tasks.spawn(self.lists.reads.clone().run(stop.clone()));
        tasks.spawn(periodic::drop_hot(self.lists.hot.clone(), pages.clone(), stop.clone()));
        tasks.spawn(periodic::drop_turned(s.editorial.clone(), pages.clone(), s.env.clone(), stop.clone()));
        tasks.spawn(periodic::trim(stop.clone()));
        tasks.spawn(periodic::adjust_clock(s.clone(), stop.clone()));
        if let Some(folder) = self.mail_folder.clone() {
            tasks.spawn(periodic::prune_mail(s.env.clone(), folder.clone(), stop.clone()));
            tasks.spawn(periodic::forget_mail(s.outbox.clone(), folder, stop.clone()));
        }
        tasks.spawn(periodic::beat(s.journal.clone(), s.env.clone(), stop.clone()));
        let workers =
            jobs::workers(s, &self.lists, self.frame.clone(), self.mailer.clone(), self.journal_keep);
        tasks.spawn(periodic::gauge_jobs(s.jobs.clone(), workers.kinds(), s.env.clone(), stop.clone()));
        tasks.spawn(workers.run(stop.clone()));
        tasks.spawn(periodic::gauge_consumers(s.journal.clone(), s.env.clone(), stop.clone()));
        tasks.spawn(self.lists.background.clone().run(stop.clone()));
        Ok(())
    }
}
