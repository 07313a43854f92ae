//! The queue of articles, and the page where one of them is read.

use accounts::{Action, Viewer};
use articles::{Article, Revision, State, Summary};
use axum::extract;
use kernel::{ArticleId, Error, Result};
use moderation::Decision;
use web::percent;
use web::render::{ArticleText, Form};
use web::{Path, Query, RequestContext};

use crate::layout::{Asked, channel_name};
use crate::views::parts::{Filter, Who};
use crate::views::review::{Can, Decided, Queue, Review, Row, Shot};
use crate::{Admin, Answer};

const PAGE: usize = 30;
/// What the queue can be turned to. Drafts are their authors' own business.
const STATES: [State; 3] = [State::Scheduled, State::Returned, State::Retracted];

/// `GET /admin/review?state=&q=&cursor=`: what waits, first come first; scheduled, returned and retracted articles; or what was ever
/// sent in and has the words
pub async fn list(
    extract::State(admin): extract::State<Admin>,
    context: RequestContext,
    Query(asked): Query<Asked>,
) -> Answer {
    context.viewer.require(Action::ReadSubmissions)?;
    let state = STATES.into_iter().find(|state| state.name() == asked.state);
    let q = asked.words();
    let page = match state {
        _ if !q.is_empty() => admin.articles.find_sent_in(&q, asked.from(), PAGE).await?,
        Some(state) => admin.articles.in_state(state, asked.from(), PAGE).await?,
        None => admin.articles.waiting(asked.from(), PAGE).await?,
    };
    let here = match state {
        _ if !q.is_empty() => format!("/admin/review?q={}", percent(&q)),
        Some(state) => format!("/admin/review?state={}", state.name()),
        None => "/admin/review".to_owned(),
    };
    let own = admin.own_authors(&context.viewer).await?;
    let authors = admin.authors_of(page.items.iter().map(|row| row.author)).await?;
    let channels = admin.frame.channels().await?;
    let row = |row: &Summary| Row {
        id: row.id,
        title: row.title.clone(),
        language: row.language.clone(),
        author: authors.get(&row.author).cloned(),
        channel: channel_name(row.channel.as_ref(), &channels.list, context.variant.locale),
        state: row.state.name(),
        pending: row.pending,
        own: own.contains(&row.author),
        changed: row.updated_at,
        publish: row.publish_at,
    };
    let view = Queue {
        layout: admin.layout(&context.viewer, "review", &asked.done).await?,
        filters: Filter::all("waiting", "/admin/review", "state", STATES.map(State::name), &asked.state),
        q,
        rows: page.items.iter().map(row).collect(),
        paging: asked.paging(&here, &page),
    };
    Ok(admin.frame.page(&context, &view).await?)
}

/// `GET /admin/review/{id}`
pub async fn show(
    extract::State(admin): extract::State<Admin>,
    context: RequestContext,
    Path(id): Path<ArticleId>,
    Query(asked): Query<Asked>,
) -> Answer {
    context.viewer.require(Action::ReadSubmissions)?;
    let view = admin.review(&context, id, &asked.done).await?;
    Ok(admin.frame.page(&context, &view).await?)
}

impl Admin {
    /// An article as its reader here sees it: the newest revision where that waits, else what stands before readers.
    pub async fn review(&self, context: &RequestContext, id: ArticleId, done: &str) -> Result<Review> {
        let article = self.articles.get(id).await?;
        if article.state == State::Draft {
            return Err(Error::NotFound);
        }
        let waits = article.state == State::Submitted || article.pending;
        let revision = if waits { self.articles.revision(&article).await? } else { Revision::of(&article) };
        let read = revision.read();
        let changed = if article.pending { revision.draft.changes(&article.draft) } else { Vec::new() };
        let hashes = revision.pictures();
        let before = if changed.contains(&"covers") { article.draft.covers.clone() } else { Vec::new() };
        let all: Vec<&str> = hashes.iter().chain(&before).map(String::as_str).collect();
        let known = self.media.get_many(&all).await?;
        let shot = |hash: &String| Shot::of(hash, known.get(hash));
        let (elsewhere, draft) = (revision.elsewhere(), revision.draft);
        let inside = hashes.iter().filter(|hash| !draft.covers.contains(hash));
        let channels = self.frame.channels().await?;
        let author = self.authors.find(article.author).await?.ok_or(Error::NotFound)?;
        let own = self.own_authors(&context.viewer).await?.contains(&author.id);
        Ok(Review {
            layout: self.layout(&context.viewer, "review", done).await?,
            id,
            version: read.version,
            digest: read.digest,
            changed_fields: changed,
            changed_since: Vec::new(),
            covers: draft.covers.iter().map(shot).collect(),
            covers_before: before.iter().map(shot).collect(),
            pictures: inside.map(shot).collect(),
            elsewhere,
            missing: !revision.missing.is_empty(),
            excerpt: revision.excerpt,
            state: article.state.name(),
            pending: article.pending,
            live: article.state.is_visible(),
            author: Who::from(&author),
            trusted: author.trusted,
            channel: channel_name(draft.channel.as_ref(), &channels.list, context.variant.locale),
            article: ArticleText::new(draft, revision.html, revision.language),
            changed: article.updated_at,
            publish: article.publish_at,
            retracted: article.retract_code.clone(),
            decisions: self.decided(id).await?,
            own,
            can: if own { Can::default() } else { can(&context.viewer, &article) },
            returning: Form::default(),
            retracting: Form::default(),
            return_codes: moderation::RETURN_CODES,
            retract_codes: moderation::RETRACT_CODES,
            conflict: None,
        })
    }

    async fn decided(&self, id: ArticleId) -> Result<Vec<Decided>> {
        self.decided_by(self.moderation.decisions(id).await?).await
    }

    /// Decisions with the names of those who made them.
    pub async fn decided_by(&self, decisions: Vec<Decision>) -> Result<Vec<Decided>> {
        let users = self.users_of(decisions.iter().map(|decision| decision.by)).await?;
        let decided = |decision: Decision| Decided {
            by: users.get(&decision.by).cloned(),
            verdict: decision.verdict,
            code: decision.code,
            note: decision.note,
            at: decision.at,
        };
        Ok(decisions.into_iter().map(decided).collect())
    }
}

/// Which decisions make sense now and are this viewer's to make.
fn can(viewer: &Viewer, article: &Article) -> Can {
    let waits = article.state == State::Submitted || article.pending;
    let shown = matches!(article.state, State::Live | State::Scheduled);
    Can {
        approve: viewer.may(Action::ReviewArticles) && waits,
        retract: viewer.may(Action::RetractArticles) && shown,
        restore: viewer.may(Action::RestoreArticles) && article.state == State::Retracted,
    }
}
