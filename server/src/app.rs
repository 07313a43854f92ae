//! What the site is made of, put together.

use std::future::ready;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use ::http::HeaderMap;
use accounts::{Accounts, Role};
use admin::{Admin, SetupKey};
use anyhow::{Context, Result};
use articles::{Articles, Policy};
use authors::Authors;
use comments::Comments;
use db::Db;
use editorial::Editorial;
use erasure::Erasure;
use events::{Journal, follow};
use follows::Follows;
use kernel::{Cursor, Env, Time};
use media::Media;
use moderation::Moderation;
use recommend::{ForYou, Hot, Keeper, Learning, Personal, Pulse, Reads, Related, Seasons, Shelf, Sources};
use search::{Index, Search};
use settings::Settings;
use site::PictureAccess;
use studio::Studio;
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use web::render::Theme;
use web::{Frame, Front, Hooks, Pages, Setup, Shown};

use crate::config::Config;
use crate::follow::{DropPages, DropPictures, DropRelated, ForgetViewers, shown_in};
use crate::{cli, failures, folder, http, ops};

/// Every table of the site: its schema needs all others.
pub static SCHEMA: db::Schema = db::Schema {
    owner: "byline",
    needs: &[
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
    ],
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
    fn on(db: Db, env: Env, config: &Config) -> Result<Self> {
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

/// The text index of a site, which one process holds at a time.
pub async fn open_search(s: &Services, config: &Config) -> Result<Search> {
    let folder = config.data.join("index");
    let path = folder.clone();
    let index = spawn_blocking(move || Index::open(&path))
        .await?
        .map_err(|error| failures::index(&folder, &error))?;
    Ok(search_on(index, s))
}

pub fn search_on(index: Index, s: &Services) -> Search {
    let (db, journal) = (s.db.clone(), s.journal.clone());
    Search::new(index, db, s.articles.clone(), s.authors.clone(), journal, s.env.clone())
}

/// A site that serves: the services, the index and what is kept in memory, and the front.
pub struct Site {
    services: Services,
    search: Search,
    reads: Reads,
    hot: Hot,
    related: Related,
    keeper: Keeper,
    pages: Pages,
    pictures: PictureAccess,
    frame: Frame,
    setup_key: SetupKey,
    front: Front,
    /// All addresses that it answers, for tests that walk them.
    #[cfg(test)]
    endpoints: Vec<web::routing::Endpoint>,
}

impl Site {
    pub async fn open(services: Services, config: &Config) -> Result<Self> {
        Box::pin(Self::opened(services, config)).await
    }

    async fn opened(services: Services, config: &Config) -> Result<Self> {
        let s = services.clone();
        let (env, journal) = (s.env.clone(), s.journal.clone());
        let search = open_search(&s, config).await?;
        let reads = Reads::new(s.db.clone(), env.clone());
        let hot = Hot::new(s.articles.clone(), s.comments.clone(), reads.clone(), journal, env.clone());
        let pulse = Pulse::new(reads.clone(), env.clone());
        let seasons = Seasons::new(s.articles.clone(), pulse.clone(), env.clone());
        let together = reads.together().clone();
        let shelf = Shelf::new(s.articles.clone(), search.clone());
        let related = Related::new(
            search.clone(),
            s.articles.clone(),
            shelf.clone(),
            together.clone(),
            seasons.clone(),
            env.clone(),
        );
        let personal = Personal::new(
            s.db.clone(),
            env.clone(),
            s.articles.clone(),
            shelf.clone(),
            s.authors.clone(),
            s.follows.clone(),
        );
        let learning = Learning::new(s.db.clone(), env.clone());
        let sources = Sources {
            articles: s.articles.clone(),
            shelf,
            reads: reads.clone(),
            hot: hot.clone(),
            related: related.clone(),
            pulse: pulse.clone(),
            editorial: s.editorial.clone(),
        };
        let for_you = ForYou::new(sources, personal.clone(), learning.clone(), env.clone());
        let keeper = Keeper {
            personal: personal.clone(),
            learning: learning.clone(),
            pulse,
            seasons,
            together,
            journal: s.journal.clone(),
        };
        let params = site::PARAMS.into_iter().chain(feeds::PARAMS).chain(api::PARAMS);
        let pages = Pages::new(config.page_cache << 20).with_params(web::Params::new(params));
        // The index is held, so no other process serves this folder and has uploads under way.
        let folder = config.data.join("uploads");
        let uploads =
            web::UploadDir::open(folder.clone()).map_err(|error| failures::folder(&folder, error))?;
        let identity = s.settings.identity().await?;
        let setup = Setup {
            locale: identity.locale.into(),
            url: config.public_url(),
            behind_proxy: config.behind_proxy,
        };
        let about = web::render::Site {
            name: identity.name,
            tagline: identity.tagline,
            url: config.public_url(),
            zone: identity.zone,
            licence: config.licence.clone(),
        };
        let theme = Theme::load(config.theme.as_deref())
            .map_err(|error| failures::theme(config.theme.as_deref(), &error))?;
        // All of it is in memory from here on.
        let geo = match config.geo_database.clone() {
            Some(path) => spawn_blocking(move || geo::Geo::open(&path))
                .await?
                .map_err(|error| failures::setting("geo_database", &failures::cause(&error)))?,
            None => geo::Geo::default(),
        };
        let theme = theme.with_line_breaks(search::line_breaks);
        let frame =
            Frame::new(theme, about, setup.clone(), s.articles.clone(), s.authors.clone(), env.clone())
                .with_geo(geo);
        let access = PictureAccess::new(s.articles.clone(), s.authors.clone(), s.media.clone(), env.clone());
        let reader = site::Site {
            env: env.clone(),
            frame: frame.clone(),
            pages: pages.clone(),
            accounts: s.accounts.clone(),
            authors: s.authors.clone(),
            media: s.media.clone(),
            pictures: access.clone(),
            articles: s.articles.clone(),
            comments: s.comments.clone(),
            follows: s.follows.clone(),
            moderation: s.moderation.clone(),
            editorial: s.editorial.clone(),
            search: search.clone(),
            reads: reads.clone(),
            hot: hot.clone(),
            related: related.clone(),
            for_you,
            personal: personal.clone(),
            contact: config.contact.clone(),
            words: config.data.join("words"),
            blocks: site::Blocks::default(),
            facts: site::Facts::default(),
            telling: site::Telling::default(),
        };
        let setup_key = SetupKey::new(env.token());
        let router = site::routes(reader.clone())
            .merge(feeds::routes(
                s.articles.clone(),
                s.authors.clone(),
                s.media.clone(),
                s.editorial.clone(),
                env.clone(),
                frame.clone(),
            ))
            .merge(api::routes(api::Services {
                accounts: s.accounts.clone(),
                authors: s.authors.clone(),
                articles: s.articles.clone(),
                comments: s.comments.clone(),
                editorial: s.editorial.clone(),
                media: s.media.clone(),
                moderation: s.moderation.clone(),
                search: search.clone(),
                hot: hot.clone(),
                related: related.clone(),
                env: env.clone(),
                frame: frame.clone(),
                uploads: uploads.clone(),
            })?)
            .merge(admin::routes(Admin {
                frame: frame.clone(),
                accounts: s.accounts.clone(),
                authors: s.authors.clone(),
                articles: s.articles.clone(),
                media: s.media.clone(),
                comments: s.comments.clone(),
                moderation: s.moderation.clone(),
                reads: reads.clone(),
                learning: learning.clone(),
                personal,
                editorial: s.editorial.clone(),
                erasure: s.erasure.clone(),
                search: search.clone(),
                settings: s.settings.clone(),
                setup_key: setup_key.clone(),
            }))
            .merge(studio::routes(Studio {
                env: env.clone(),
                frame: frame.clone(),
                authors: s.authors.clone(),
                articles: s.articles.clone(),
                media: s.media.clone(),
                comments: s.comments.clone(),
                moderation: s.moderation.clone(),
                reads: reads.clone(),
                uploads,
            }))
            .merge(ops::routes(s.db.clone(), search.clone()));
        let (counted, layout, secure) = (reads.clone(), frame.clone(), setup.secure());
        let hooks = Hooks {
            error_page: Box::new(move |visit, error| {
                if visit.uri.path().starts_with("/api/") {
                    return Box::pin(ready(api::problem(&frame, &visit, &error)));
                }
                Box::pin(site::error_page(reader.clone(), visit, error))
            }),
            on_read: Box::new(move |article, network, headers| {
                if let Some(agent) = agent(headers, secure) {
                    let visitor = recommend::visitor(network, agent);
                    counted.record_if(article, visitor, || !recommend::is_bot(agent));
                }
            }),
        };
        #[cfg(test)]
        let endpoints = router.endpoints().to_vec();
        let kept = (config.page_cache > 0).then(|| pages.clone());
        let front = Front::new(router, kept, s.accounts.clone(), env, setup, hooks);
        Ok(Self {
            services,
            search,
            reads,
            hot,
            related,
            keeper,
            pages,
            pictures: access,
            frame: layout,
            setup_key,
            front,
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
        self.hot.load().await?;
        let drop_pages =
            DropPages { pages: pages.clone(), frame: self.frame.clone(), settings: s.settings.clone() };
        tasks.spawn(follow(s.journal.clone(), drop_pages, head, stop.clone()));
        let pictures = DropPictures {
            access: self.pictures.clone(),
            articles: s.articles.clone(),
            media: s.media.clone(),
        };
        tasks.spawn(follow(s.journal.clone(), pictures, head, stop.clone()));
        tasks.spawn(follow(s.journal.clone(), ForgetViewers(s.accounts.clone()), head, stop.clone()));
        let related = DropRelated::new(pages.clone(), self.related.clone());
        tasks.spawn(follow(s.journal.clone(), related, head, stop.clone()));
        tasks.spawn(self.search.clone().run(stop.clone()));
        tasks.spawn(self.hot.clone().run(stop.clone()));
        tasks.spawn(self.reads.clone().run(stop.clone()));
        tasks.spawn(drop_hot(self.hot.clone(), pages.clone(), stop.clone()));
        tasks.spawn(drop_turned(s.editorial.clone(), pages.clone(), s.env.clone(), stop.clone()));
        tasks.spawn(publish_due(s.articles.clone(), stop.clone()));
        tasks.spawn(sweep(s.media.clone(), stop.clone()));
        tasks.spawn(self.keeper.clone().run(stop.clone()));
        Ok(())
    }
}

/// The browser that a read may be counted for: nobody's who is signed in (those are counted where it is known what they wrote
/// themselves), none that fetches on suspicion.
fn agent(headers: &HeaderMap, secure: bool) -> Option<&str> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let agent = text("user-agent");
    let guessed = text("sec-purpose").contains("prefetch") || text("purpose") == "prefetch";
    let signed_in = web::session::token(headers, secure).is_some();
    (!guessed && !signed_in).then_some(agent)
}

/// Does `work` at once and then after every `pause`, until `stop`. What fails is tried again at the next turn.
async fn every<T, F: Future<Output = kernel::Result<T>>>(
    pause: Duration,
    what: &'static str,
    stop: CancellationToken,
    work: impl Fn() -> F,
) {
    let mut tick = tokio::time::interval(pause);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! { _ = tick.tick() => {}, () = stop.cancelled() => return }
        if let Err(error) = work().await {
            tracing::error!(%error, "cannot {what}; trying again");
        }
    }
}

async fn publish_due(articles: Articles, stop: CancellationToken) {
    every(Duration::from_secs(1), "publish what is due", stop, || articles.publish_due()).await;
}

/// Uploads that were broken off leave files; they go within the hour after next.
async fn sweep(media: Media, stop: CancellationToken) {
    every(Duration::from_hours(1), "sweep the pictures", stop, || media.sweep()).await;
}

/// Pages with the hot list are drawn anew when its order changes.
async fn drop_hot(hot: Hot, pages: Pages, stop: CancellationToken) {
    let mut changed = hot.changed();
    loop {
        tokio::select! {
            alive = changed.changed() => if alive.is_err() { return },
            () = stop.cancelled() => return,
        }
        pages.drop_shown([Shown::Hot]);
    }
}

/// What editors placed begins and ends by the clock: the pages that show it are drawn anew then.
async fn drop_turned(editorial: Editorial, pages: Pages, env: Env, stop: CancellationToken) {
    let seen = AtomicI64::new(env.now().millis());
    every(Duration::from_secs(1), "look at what editors placed", stop, || async {
        let (before, now) = (Time::from_millis(seen.load(Ordering::Relaxed)), env.now());
        let turned = editorial.turned(before, now).await?;
        if !turned.is_empty() {
            pages.drop_shown(turned.iter().flat_map(shown_in));
        }
        seen.store(now.millis(), Ordering::Relaxed);
        Ok(())
    })
    .await;
}

#[cfg(test)]
mod tests;
