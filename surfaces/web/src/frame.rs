//! From a view to a response: the frame that every HTML page of the site stands in.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use accounts::{Action, Viewer};
use articles::{Articles, Channel};
use authors::Authors;
use axum::body::Body;
use geo::Geo;
use http::{HeaderValue, Response, StatusCode, header};
use kernel::{Env, Error, Locale, Region, Result, Time};
use notify::Notify;
use sha2::{Digest, Sha256};

use crate::cache::CachePolicy;
use crate::context::RequestContext;
use crate::render::{Html, LayoutViewer, NavChannel, PageLayout, Part, Site, Theme, View, channels_css};
use crate::setup::Setup;

/// Draws pages. Cheap to clone.
#[derive(Clone)]
pub struct Frame(Arc<Inner>);

struct Inner {
    theme: Theme,
    site: RwLock<Arc<Site>>,
    setup: Setup,
    articles: Articles,
    authors: Authors,
    env: Env,
    channels: RwLock<Option<(Time, Arc<Channels>)>>,
    /// Knows nothing until it is set.
    geo: OnceLock<Geo>,
    /// Where it is not set, nobody has anything unread.
    notify: OnceLock<Notify>,
}

/// The channels as they were read last, and their style sheet.
pub struct Channels {
    pub list: Vec<Channel>,
    pub css: String,
    address: String,
}

/// What the bar says of whoever is signed in, beside what is known of every viewer.
#[derive(Clone, Copy, Default)]
struct Own {
    is_author: bool,
    unread: i64,
}

/// The channels are read anew after this long, should the journal be late.
const CHANNELS_KEPT: Duration = Duration::from_secs(5);

impl AsRef<Frame> for Frame {
    fn as_ref(&self) -> &Frame {
        self
    }
}

impl Frame {
    pub fn new(
        theme: Theme,
        site: Site,
        setup: Setup,
        articles: Articles,
        authors: Authors,
        env: Env,
    ) -> Self {
        let site = RwLock::new(Arc::new(site));
        Self(Arc::new(Inner {
            theme,
            site,
            setup,
            articles,
            authors,
            env,
            channels: RwLock::default(),
            geo: OnceLock::new(),
            notify: OnceLock::new(),
        }))
    }

    /// From then on the bar says how much somebody has not read.
    #[must_use]
    pub fn with_notify(self, notify: Notify) -> Self {
        // Set once, where the site is put together.
        let _ = self.0.notify.set(notify);
        self
    }

    /// From then on regions come from there.
    #[must_use]
    pub fn with_geo(self, geo: Geo) -> Self {
        // Set once, where the site is put together.
        let _ = self.0.geo.set(geo);
        self
    }

    /// Where a visit comes from, to be kept with what is written: the address itself is not.
    pub fn region(&self, context: &RequestContext) -> Option<Region> {
        self.0.geo.get()?.region(context.network)
    }

    pub fn theme(&self) -> &Theme {
        &self.0.theme
    }

    pub fn setup(&self) -> &Setup {
        &self.0.setup
    }

    /// The site as its pages name it now.
    pub fn site(&self) -> Arc<Site> {
        self.0.site.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on pages name the site so. The pages that are kept still have to be dropped ([`crate::CacheTag::Layout`]).
    pub fn set_site(&self, site: Site, locale: Locale) {
        self.0.setup.locale.set(locale);
        *self.0.site.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(site);
    }

    /// The site's channels, in their order.
    pub async fn channels(&self) -> Result<Arc<Channels>> {
        let now = self.0.env.now();
        let kept = self.0.channels.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, channels)) = kept.clone().filter(|(read, _)| now.since(*read) < CHANNELS_KEPT) {
            return Ok(channels);
        }
        let list = match (self.0.articles.channels().await, kept) {
            (Ok(list), _) => list,
            // Those of before are better than none.
            (Err(Error::Unavailable(_)), Some((_, channels))) => return Ok(channels),
            (Err(error), _) => return Err(error),
        };
        let nav = |c: &Channel| NavChannel {
            slug: c.slug.to_string(),
            name: String::new(),
            colour: c.colour.clone(),
        };
        let css = channels_css(&list.iter().map(nav).collect::<Vec<_>>());
        let hash = Sha256::digest(&css);
        let address =
            format!("/assets/channels.css?v={:02x}{:02x}{:02x}{:02x}", hash[0], hash[1], hash[2], hash[3]);
        let channels = Arc::new(Channels { list, css, address });
        *self.0.channels.write().unwrap_or_else(PoisonError::into_inner) = Some((now, channels.clone()));
        Ok(channels)
    }

    /// They changed: the next page reads them anew.
    pub fn forget_channels(&self) {
        *self.0.channels.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// What the layout needs for `viewer` on this visit.
    pub async fn layout(&self, context: &RequestContext, viewer: &Viewer) -> Result<PageLayout> {
        let channels = self.channels().await?;
        // Of visitors nothing is asked.
        let Some(user) = viewer.user() else {
            return Ok(self.chrome_with(context, viewer, Some(&*channels), Own::default()));
        };
        let is_author = !self.0.authors.owned_by(user.id).await?.is_empty();
        let unread = match self.0.notify.get() {
            Some(notify) => notify.unread(user.id).await?,
            None => 0,
        };
        Ok(self.chrome_with(context, viewer, Some(&*channels), Own { is_author, unread }))
    }

    fn chrome_with(
        &self,
        context: &RequestContext,
        viewer: &Viewer,
        channels: Option<&Channels>,
        own: Own,
    ) -> PageLayout {
        let locale = context.variant.locale;
        let (path, query) = (context.uri.path(), context.uri.query().unwrap_or_default());
        let mut layout = PageLayout::new(Site::clone(&self.site()), locale, context.now, path, query);
        layout.edition = context.variant.edition;
        layout.prefs = context.variant.prefs;
        if let Some(zone) = viewer.user().and_then(|user| user.zone.clone()) {
            layout.zone = zone;
        }
        let nav = |c: &Channel| NavChannel {
            slug: c.slug.to_string(),
            name: c.name(locale).to_owned(),
            colour: c.colour.clone(),
        };
        if let Some(channels) = channels {
            layout.channels = channels.list.iter().map(nav).collect();
            layout.channels_css.clone_from(&channels.address);
        }
        layout.viewer = viewer.user().map(|user| LayoutViewer {
            name: user.name.clone(),
            handle: user.handle.to_string(),
            is_author: own.is_author,
            unread: own.unread,
            may: user.actions().iter().map(Action::name).collect(),
        });
        layout
    }

    /// A page for one person: never kept.
    pub async fn page<V: View>(&self, context: &RequestContext, view: &V) -> Result<Response<Body>> {
        let layout = self.layout(context, &context.viewer).await?;
        self.draw(&layout, view)
    }

    /// The same without asking the database: with the channels as they were read last.
    pub fn page_from_memory<V: View>(&self, context: &RequestContext, view: &V) -> Result<Response<Body>> {
        let kept = self.0.channels.read().unwrap_or_else(PoisonError::into_inner).clone();
        let channels = kept.as_ref().map(|(_, channels)| &**channels);
        self.draw(&self.chrome_with(context, &context.viewer, channels, Own::default()), view)
    }

    /// A page for everybody, kept until what it shows changes; drawn for one person where that person's browser runs no script.
    pub async fn shared<V: View>(
        &self,
        context: &RequestContext,
        view: &V,
        shows: CachePolicy,
    ) -> Result<Response<Body>> {
        let layout = self.layout(context, &context.rendered_for).await?;
        let mut response = self.draw(&layout, view)?;
        if context.rendered_for.user().is_none() {
            response.extensions_mut().insert(shows);
        }
        Ok(response)
    }

    /// A page that says what is wrong with what was sent.
    pub async fn refused<V: View>(&self, context: &RequestContext, view: &V) -> Result<Response<Body>> {
        let mut response = self.page(context, view).await?;
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        Ok(response)
    }

    /// A piece of a page.
    pub fn part<P: Part>(&self, layout: &PageLayout, part: &P) -> Result<Html> {
        self.0.theme.render_part(layout, part)
    }

    fn draw<V: View>(&self, layout: &PageLayout, view: &V) -> Result<Response<Body>> {
        let html = self.0.theme.render(layout, view)?;
        let mut response = Response::new(Body::from(html));
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        Ok(response)
    }
}

/// Browsers are told in the words of pages.
impl notify::Words for Frame {
    fn say(&self, locale: Locale, key: &str, texts: &[(&str, &str)], numbers: &[(&str, i64)]) -> String {
        self.theme().messages().say_with(locale, key, texts, numbers)
    }

    fn site(&self) -> String {
        self.site().name.clone()
    }
}

/// Mail names the site as pages do.
impl mail::Templates for Frame {
    fn render(&self, mail: &mail::Stored) -> Result<mail::Rendered> {
        let mut page = PageLayout::new(Site::clone(&self.site()), mail.locale, self.0.env.now(), "/", "");
        if let Some(zone) = &mail.zone {
            page.zone.clone_from(zone);
        }
        self.theme().render_mail(&page, mail)
    }
}

/// Archives name the site as pages do.
impl export::Pages for Frame {
    fn index(&self, locale: Locale, index: &export::Index) -> Result<String> {
        self.theme().render_export_index(&self.archived(locale), index)
    }

    fn part(&self, locale: Locale, page: &export::PartPage) -> Result<String> {
        self.theme().render_export_part(&self.archived(locale), page)
    }
}

impl Frame {
    fn archived(&self, locale: Locale) -> PageLayout {
        PageLayout::new(Site::clone(&self.site()), locale, self.0.env.now(), "/", "")
    }
}
