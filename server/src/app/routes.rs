//! What answers: each surface with the services that it needs.

use std::future::ready;

use ::http::HeaderMap;
use admin::{Admin, SetupKey};
use kernel::Result;
use mail::Transport;
use search::Search;
use services::{Lists, Services};
use site::PictureAccess;
use studio::Studio;
use web::routing::Router;
use web::{Frame, Hooks, PageCache, UploadDir};

use crate::config::Config;
use crate::{ops, telemetry};

pub struct Surfaces<'a> {
    pub config: &'a Config,
    pub services: &'a Services,
    pub search: &'a Search,
    pub lists: &'a Lists,
    pub pages: &'a PageCache,
    pub pictures: &'a PictureAccess,
    pub frame: &'a Frame,
    pub transport: &'a Transport,
    pub uploads: &'a UploadDir,
    pub setup_key: &'a SetupKey,
}

impl Surfaces<'_> {
    /// Every address, and what is done beside the answers.
    pub fn open(&self) -> Result<(Router, Hooks)> {
        let reader = self.reader();
        let s = self.services;
        let router = site::routes(reader.clone())
            .merge(feeds::routes(
                s.articles.clone(),
                s.authors.clone(),
                s.media.clone(),
                s.editorial.clone(),
                s.env.clone(),
                self.frame.clone(),
            ))
            .merge(api::routes(self.api())?)
            .merge(admin::routes(self.admin()))
            .merge(studio::routes(self.studio()))
            .merge(ops::routes(s.db.clone(), self.search.clone(), self.pages.clone(), s.media.clone()));
        Ok((router, self.hooks(reader)))
    }

    fn reader(&self) -> site::Site {
        let (s, lists) = (self.services, self.lists);
        site::Site::new(site::Services {
            env: s.env.clone(),
            frame: self.frame.clone(),
            pages: self.pages.clone(),
            accounts: s.accounts.clone(),
            authors: s.authors.clone(),
            media: s.media.clone(),
            pictures: self.pictures.clone(),
            articles: s.articles.clone(),
            comments: s.comments.clone(),
            blocking: s.blocks.clone(),
            follows: s.follows.clone(),
            moderation: s.moderation.clone(),
            editorial: s.editorial.clone(),
            search: self.search.clone(),
            reads: lists.reads.clone(),
            hot: lists.hot.clone(),
            related: lists.related.clone(),
            for_you: lists.for_you.clone(),
            personal: lists.personal.clone(),
            notify: s.notify.clone(),
            oidc: s.oidc.clone(),
            export: s.export.clone(),
            settings: s.settings.clone(),
            words: self.config.data.join("words"),
            blocks: site::Blocks::default(),
            facts: site::AuthorFactsCache::default(),
            telling: site::Telling::default(),
            uploads: self.uploads.clone(),
        })
    }

    fn api(&self) -> api::Services {
        let s = self.services;
        api::Services {
            accounts: s.accounts.clone(),
            authors: s.authors.clone(),
            articles: s.articles.clone(),
            comments: s.comments.clone(),
            editorial: s.editorial.clone(),
            media: s.media.clone(),
            moderation: s.moderation.clone(),
            search: self.search.clone(),
            hot: self.lists.hot.clone(),
            related: self.lists.related.clone(),
            env: s.env.clone(),
            frame: self.frame.clone(),
            uploads: self.uploads.clone(),
        }
    }

    fn admin(&self) -> Admin {
        let (s, lists) = (self.services, self.lists);
        Admin::new(admin::Services {
            db: s.db.clone(),
            frame: self.frame.clone(),
            accounts: s.accounts.clone(),
            authors: s.authors.clone(),
            articles: s.articles.clone(),
            media: s.media.clone(),
            comments: s.comments.clone(),
            moderation: s.moderation.clone(),
            reads: lists.reads.clone(),
            learning: lists.learning.clone(),
            personal: lists.personal.clone(),
            editorial: s.editorial.clone(),
            erasure: s.erasure.clone(),
            search: self.search.clone(),
            settings: s.settings.clone(),
            audit: s.audit.clone(),
            journal: s.journal.clone(),
            jobs: s.jobs.clone(),
            outbox: s.outbox.clone(),
            transport: self.transport.clone(),
            setup_key: self.setup_key.clone(),
            uploads: self.uploads.clone(),
        })
    }

    fn studio(&self) -> Studio {
        let s = self.services;
        Studio::new(studio::Services {
            env: s.env.clone(),
            frame: self.frame.clone(),
            authors: s.authors.clone(),
            articles: s.articles.clone(),
            media: s.media.clone(),
            comments: s.comments.clone(),
            moderation: s.moderation.clone(),
            reads: self.lists.reads.clone(),
            uploads: self.uploads.clone(),
        })
    }

    fn hooks(&self, reader: site::Site) -> Hooks {
        let (counted, frame, secure) =
            (self.lists.reads.clone(), self.frame.clone(), self.frame.setup().secure());
        Hooks {
            error_page: Box::new(move |context, error| {
                if context.uri.path().starts_with("/api/") {
                    return Box::pin(ready(api::problem(&frame, &context, &error)));
                }
                Box::pin(site::error_page(reader.clone(), context, error))
            }),
            on_read: Box::new(move |article, network, headers| {
                if let Some(agent) = agent(headers, secure) {
                    let visitor = reads::visitor(network, agent);
                    counted.record_if(article, visitor, || !reads::is_bot(agent));
                }
            }),
            on_trace: telemetry::begin,
        }
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
