//! Requests as programs make them, against real services.

mod cors;
mod described;
mod discovery;
mod editors;
mod front;
mod reading;
mod refusals;
mod writing;

use std::ops::Deref;
use std::time::Duration;

use articles::{Draft, State};
use authors::{Author, Profile};
use axum::Router;
use axum::body::Body;
use http::{Method, Request, header};
use kernel::{ArticleId, Slug, Tag};
use serde_json::Value;
use testing::{Answer, Client, TestSite, URL as SITE, channel};

use crate::Services;

/// A site whose API answers: anybody, `lin`, who owns `nanpo`, and `mo`, who owns nothing.
pub struct Desk {
    site: TestSite,
    router: Router,
    anybody: Client,
    own: Client,
    stranger: Client,
    /// The token of `own`.
    token: String,
}

impl Deref for Desk {
    type Target = TestSite;

    fn deref(&self) -> &TestSite {
        &self.site
    }
}

/// What a problem document says.
trait Problem {
    fn problem(&self, path: &str) -> Value;
    fn field_errors(&self) -> Vec<String>;
}

impl Problem for Answer {
    /// The problem, after a look at what all problems have.
    fn problem(&self, path: &str) -> Value {
        let problem = self.json();
        assert_eq!(self.header(header::CONTENT_TYPE), "application/problem+json", "{path}");
        assert_eq!((&problem["status"], &problem["instance"]), (&self.status.into(), &path.into()));
        assert!(problem["type"].as_str().unwrap().starts_with(&format!("{SITE}/api/docs#")), "{problem}");
        assert!(!problem["title"].as_str().unwrap().is_empty());
        assert!(problem["detail"].as_str().unwrap().contains(' '), "words, not a missing key: {problem}");
        problem
    }

    /// What is wrong, as `field code`.
    fn field_errors(&self) -> Vec<String> {
        let problem = self.json();
        let errors = problem["errors"].as_array().unwrap_or_else(|| panic!("no errors: {problem}"));
        let said = |error: &Value| {
            let (field, code) = (error["field"].as_str().unwrap(), error["code"].as_str().unwrap());
            assert!(!error["message"].as_str().unwrap().ends_with(code), "no message: {error}");
            format!("{field} {code}")
        };
        errors.iter().map(said).collect()
    }
}

impl Desk {
    pub async fn open(review: bool) -> Self {
        let nanpo = Profile { handle: "nanpo".into(), name: "南坡观察".into(), ..Profile::default() };
        let site = TestSite::builder().named("临江号", "").author(nanpo, "lin").review(review).open().await;
        let tech = articles::Channel { zh: "频道".into(), position: 0, ..channel("tech") };
        site.articles.ensure_channel(&tech).await.unwrap();
        let (s, lists) = (&site.services, site.lists());
        let services = Services {
            accounts: s.accounts.clone(),
            authors: s.authors.clone(),
            articles: s.articles.clone(),
            comments: s.comments.clone(),
            editorial: s.editorial.clone(),
            media: s.media.clone(),
            moderation: s.moderation.clone(),
            search: site.search().clone(),
            hot: lists.hot.clone(),
            related: lists.related.clone(),
            env: s.env.clone(),
            frame: site.frame(),
            uploads: site.uploads(),
        };
        let router = crate::routes(services).unwrap().into();
        let anybody = Client::program(front::behind(&site, &router, None)).with_journal(&site.journal);
        let (token, stranger) = (site.token("lin").await, site.token("mo").await);
        let (own, stranger) = (anybody.clone().with_token(&token), anybody.clone().with_token(&stranger));
        Self { site, router, anybody, own, stranger, token }
    }

    /// Whoever sends this for a token.
    fn bearing(&self, token: &str) -> Client {
        self.anybody.clone().with_token(token)
    }

    /// An article that is live, or a draft.
    async fn tagged(&self, author: &Author, channel: &str, tag: &str, live: bool) -> ArticleId {
        let draft = Draft {
            title: format!("{channel} {tag}"),
            body: "正文".into(),
            channel: Some(Slug::new(channel).unwrap()),
            tags: vec![Tag::new(tag).unwrap()],
            ..Draft::default()
        };
        if live {
            self.advance(Duration::from_secs(1));
        }
        let state = if live { State::Live } else { State::Draft };
        self.article_of(author.id, draft, state).await
    }

    async fn live(&self) -> ArticleId {
        self.tagged(&self.author, "tech", "潮汐", true).await
    }
}

fn png() -> Vec<u8> {
    testing::png(700, 350, 200)
}
