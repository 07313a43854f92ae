//! What people do with articles. Reading is in `reading.rs`, bulk import in `import.rs`.

use std::sync::Arc;
use std::time::Duration;

use ::jobs::Jobs;
use ::settings::Settings;
use authors::{Author, Authors};
use db::{Db, Tx};
use events::{Actor, Journal};
use kernel::markup::Own;
use kernel::{ArticleId, AuthorId, Env, Error, Invalid, Markup, Result, Slug, Throttle, Time, UserId};
use media::Media;

use crate::body::{self, Body, By, Renderer};
use crate::codes;
use crate::draft::{COVERS_MAX, Draft};
use crate::events::{Approved, ChangeCause, Changed, Gone, Live, LiveCause, Returned, Submitted};
use crate::model::{Action, Article, PublishScheduled, State};
use crate::revision::Read;
use crate::settings::REVIEW;
use crate::store;

/// A decision about somebody else's article. Codes name messages of the locale files (`return-…`, `retract-…`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The submitted article, or the changes to a live one, may be shown: just what was read, and nothing that was saved since.
    Approve(Read),
    /// Back to the author, with a reason; where it is known what was read, only if that is still the newest.
    Return { read: Option<Read>, code: String, note: String },
    /// Away from the readers; the reason is shown where it was.
    Retract { code: String },
    /// Back before the readers.
    Restore,
}

/// Saves of one person within this time are one piece of work.
const BURST: Duration = Duration::from_mins(5);

/// The reason shown when authors take back what they wrote.
pub(crate) const BY_AUTHOR: &str = "author";

#[derive(Clone)]
pub struct Articles {
    pub(crate) db: Db,
    pub(crate) journal: Journal,
    pub(crate) env: Env,
    jobs: Jobs,
    authors: Authors,
    pub(crate) media: Media,
    settings: Settings,
    own: Own,
    renderer: Renderer,
    previews: Arc<Throttle<UserId>>,
}

/// Previews while somebody types: this many at once, then one a second.
const PREVIEWS: (u32, Duration) = (60, Duration::from_mins(1));

impl Articles {
    pub fn new(
        db: Db,
        journal: Journal,
        jobs: Jobs,
        env: Env,
        authors: Authors,
        media: Media,
        settings: Settings,
    ) -> Self {
        let previews = Arc::new(Throttle::new(PREVIEWS.0, PREVIEWS.1));
        let (own, renderer) = (Own::default(), Renderer::default());
        Self { db, journal, env, jobs, authors, media, settings, own, renderer, previews }
    }

    /// Tells which address the site has: in articles it is written in many ways, and none of them may lead a browser unasked to
    /// anything but pictures.
    #[must_use]
    pub fn with_address(mut self, url: &str) -> Self {
        self.own = Own::at(url);
        self
    }

    /// The same for `actor`: what is done is told of as theirs.
    #[must_use]
    pub fn by(&self, actor: impl Into<Actor>) -> Self {
        Self { journal: self.journal.by(actor), ..self.clone() }
    }

    /// Begins an article. The caller has checked that `by` may write for `author`. Errors: [`Error::Quota`].
    pub async fn create(&self, author: AuthorId, by: UserId, draft: Draft) -> Result<Article> {
        let draft = self.accept(draft).await?;
        let body = self.render(Some(By::Author(author)), &draft).await?;
        let brought = self.brought(author, by, &draft, &body).await?;
        let now = self.env.now();
        let mut article = Article {
            place: self.authors.find(author).await?.ok_or(Error::NotFound)?.region,
            ..Article::new(self.env.id(), author, now)
        };
        article.show(draft, body, 1);
        let tx = self.db.write().await?;
        store::save(&tx, &article).await?;
        store::add_revision(&tx, author, article.id, 1, &article.draft, by, now).await?;
        store::claim(&tx, author, &brought).await?;
        tx.commit().await?;
        Ok(article)
    }

    /// Saves a new revision. What readers see of a live article stays as it is until [`Articles::submit`].
    /// `on` is the revision that the writer had before them: [`Error::Conflict`] if somebody saved meanwhile. What is saved unchanged is no
    /// new revision, and of many that one person saves within minutes the first and the last stay. Errors: [`Error::Quota`].
    pub async fn edit(&self, id: ArticleId, by: UserId, draft: Draft, on: i64) -> Result<Article> {
        let draft = self.accept(draft).await?;
        let body = self.render(Some(By::User(by)), &draft).await?;
        let brought = self.brought(self.get(id).await?.author, by, &draft, &body).await?;
        let now = self.env.now();
        self.change(id, async |tx, article| {
            if article.latest != on {
                return Err(Error::Conflict(codes::ARTICLE_EDITED));
            }
            if matches!(article.state, State::Submitted | State::Scheduled) {
                return Err(Error::Conflict(codes::ARTICLE_WAITING));
            }
            if store::revision(tx, id, on).await?.is_some_and(|newest| newest == draft) {
                return Ok(());
            }
            article.latest += 1;
            article.updated_at = now;
            store::add_revision(tx, article.author, id, article.latest, &draft, by, now).await?;
            store::thin(tx, article.author, id, on, by, now, BURST).await?;
            store::claim(tx, article.author, &brought).await?;
            // What was before readers stays as it was approved, also while it is taken from them.
            if matches!(article.state, State::Draft | State::Returned) {
                article.show(draft, body, article.latest);
                return Ok(());
            }
            store::save_draft_pictures(tx, id, &draft, &body.html).await
        })
        .await
    }

    /// Asks for publication, at `at` if that is still to come. Where the site asks no review (or trusts the author)
    /// the article is live, or scheduled, when this returns. For a live article: asks that its newest revision be shown.
    pub async fn submit(&self, id: ArticleId, at: Option<Time>) -> Result<Article> {
        let now = self.env.now();
        let article = self.get(id).await?;
        let Some(newest) = self.newest(id).await? else { return Err(Error::NotFound) };
        newest.complete()?;
        self.check_covers(&newest.covers).await?.check()?;
        let author = self.authors.find(article.author).await?.ok_or(Error::NotFound)?;
        let review = self.reviews(&author);
        let body = self.render(Some(By::Author(article.author)), &newest).await?;
        if body.shows_nothing() {
            return Err(Error::invalid("body", codes::BODY_EMPTY));
        }
        let latest = article.latest;
        self.change(id, async |tx, article| {
            // Somebody saved while this one was rendered.
            if article.latest != latest {
                return Err(Error::Conflict(codes::ARTICLE_EDITED));
            }
            store::mark_sent(tx, id, latest).await?;
            article.updated_at = now;
            let submitted = Submitted { id, author: article.author, revision: latest, review };
            if article.state.is_visible() {
                article.pending = article.latest > article.version;
                if article.pending {
                    self.journal.append(tx, &submitted).await?;
                }
                return if article.pending && !review {
                    self.show_newest(tx, article, newest, body).await
                } else {
                    Ok(())
                };
            }
            article.state = article.state.after(Action::Submit)?;
            article.publish_at = at.filter(|&at| at > now);
            article.return_code = None;
            article.return_note = None;
            self.journal.append(tx, &submitted).await?;
            if review { Ok(()) } else { self.release(tx, article).await }
        })
        .await
    }

    /// Whether a reviewer looks at what this author sends in.
    pub fn reviews(&self, author: &Author) -> bool {
        self.settings.get(&REVIEW) && !author.trusted
    }

    /// Applies what somebody other than the author decided; `also` is written last in the same transaction (who decided and why).
    /// [`Error::Conflict`] if the author has saved another revision since it was read, or if what it shows is not what was read for any
    /// other reason. A picture that the site does not have is approved by nobody: conflict `picture-missing`.
    pub async fn decide(
        &self,
        id: ArticleId,
        verdict: Verdict,
        also: impl AsyncFnOnce(&Tx) -> Result<()>,
    ) -> Result<Article> {
        let found = self.get(id).await?;
        // What takes an article away must not wait for its text, or fail by it.
        let mut revision = match verdict {
            Verdict::Approve(_) => Some(self.revision(&found).await?),
            Verdict::Return { .. } | Verdict::Retract { .. } | Verdict::Restore => None,
        };
        let read = match &verdict {
            Verdict::Approve(read) => Some(read),
            Verdict::Return { read, .. } => read.as_ref(),
            Verdict::Retract { .. } | Verdict::Restore => None,
        };
        let unread = read.zip(revision.as_ref()).is_some_and(|(read, revision)| *read != revision.read());
        let version = read.map(|read| read.version);
        let now = self.env.now();
        let decide = async |tx: &Tx, article: &mut Article| {
            // Somebody saved since it was read, or while it was rendered: what would be shown is not what was looked at.
            let rendered = revision.as_ref().map(|revision| revision.version);
            if unread || [version, rendered].into_iter().flatten().any(|version| version != article.latest) {
                return Err(Error::Conflict(codes::ARTICLE_EDITED));
            }
            // Whoever brings a deleted picture again would have it shown where a reviewer saw that there is none.
            if revision.as_ref().is_some_and(|revision| !revision.missing.is_empty()) {
                return Err(Error::Conflict(codes::PICTURE_MISSING));
            }
            article.updated_at = now;
            let (author, revision_read) = (article.author, article.latest);
            match verdict {
                Verdict::Approve(_) => {
                    self.journal.append(tx, &Approved { id, author, revision: revision_read }).await?;
                    match revision.take() {
                        Some(revision) if article.state.is_visible() && article.pending => {
                            let (draft, body) = revision.into_parts();
                            self.show_newest(tx, article, draft, body).await
                        }
                        _ => self.release(tx, article).await,
                    }
                }
                Verdict::Return { code, note, .. } => {
                    if article.state.is_visible() && article.pending {
                        article.pending = false;
                    } else {
                        article.state = article.state.after(Action::Return)?;
                    }
                    let returned = Returned { id, author, revision: revision_read, reason: code.clone() };
                    self.journal.append(tx, &returned).await?;
                    article.return_code = Some(code);
                    article.return_note = Some(kernel::text::lines(&note)).filter(|note| !note.is_empty());
                    Ok(())
                }
                Verdict::Retract { code } => self.take_back(tx, article, code).await,
                Verdict::Restore => {
                    article.state = article.state.after(Action::Restore)?;
                    article.retract_code = None;
                    article.published_at.get_or_insert(now);
                    self.journal.append(tx, &Live::of(article, LiveCause::Restored)).await
                }
            }
        };
        self.change_and(id, decide, also).await
    }

    /// The author takes an article from the readers.
    pub async fn retract(&self, id: ArticleId) -> Result<Article> {
        self.change(id, async |tx, article| self.take_back(tx, article, BY_AUTHOR.to_owned()).await).await
    }

    /// The author takes a submitted or scheduled article back to the desk.
    pub async fn withdraw(&self, id: ArticleId) -> Result<Article> {
        self.change(id, async |_, article| {
            article.state = article.state.after(Action::Withdraw)?;
            article.updated_at = self.env.now();
            article.publish_at = None;
            Ok(())
        })
        .await
    }

    /// Removes what readers never saw, with all its revisions: a draft, or what was sent back. `also` is done in the same transaction
    /// (others' rows about it).
    pub async fn delete(&self, id: ArticleId, also: impl AsyncFnOnce(&Tx) -> Result<()>) -> Result<()> {
        let tx = self.db.write().await?;
        store::lock(&tx, id).await?;
        let article = store::find(&tx, id).await?.ok_or(Error::NotFound)?;
        if !article.can_be_deleted() {
            return Err(Error::Conflict(codes::ARTICLE_PUBLISHED));
        }
        also(&tx).await?;
        store::delete(&tx, article.author, id).await?;
        tx.commit().await
    }

    /// Puts a scheduled article before readers if its time has come; else says when it has. What is scheduled no more stays as it is.
    pub async fn publish_scheduled(&self, id: ArticleId) -> Result<Option<Time>> {
        let clock = self.by(Actor::Schedule);
        let mut early = None;
        let published = clock
            .change(id, async |tx, article| {
                early =
                    article.publish_at.filter(|&at| article.state == State::Scheduled && at > self.env.now());
                if early.is_some() { Ok(()) } else { clock.go_live(tx, article, Action::Publish).await }
            })
            .await;
        match published {
            Ok(_) | Err(Error::Conflict(codes::ARTICLE_STATE) | Error::NotFound) => Ok(early),
            Err(error) => Err(error),
        }
    }

    /// Has each article come out at its time that was scheduled before there were jobs.
    pub async fn enqueue_scheduled(&self) -> Result<()> {
        let tx = self.db.write().await?;
        if self.jobs.once(&tx, "articles.enqueue-scheduled").await? {
            for (article, at) in store::scheduled(&tx).await? {
                self.jobs.enqueue_at(&tx, &PublishScheduled { article }, at).await?;
            }
        }
        tx.commit().await
    }

    /// How a draft will look. Those of one author take turns.
    pub async fn preview(&self, author: Option<AuthorId>, draft: &Draft) -> Result<Markup> {
        self.render(author.map(By::Author), draft).await.map(|body| body.html)
    }

    /// The same while it is typed, as often as somebody types: [`Error::TooMany`] for whoever asks more often.
    pub async fn preview_while_typing(&self, by: UserId, draft: &Draft) -> Result<Markup> {
        self.previews.check(by, self.env.instant())?;
        self.render(Some(By::User(by)), draft).await.map(|body| body.html)
    }

    /// The newest revision of an article: what its author goes on writing.
    pub async fn newest(&self, id: ArticleId) -> Result<Option<Draft>> {
        let Some(article) = store::find(&self.db, id).await? else { return Ok(None) };
        if article.latest == article.version {
            return Ok(Some(article.draft));
        }
        store::revision(&self.db, id, article.latest).await
    }

    /// One change to one article: read, changed, written, in one transaction.
    async fn change(
        &self,
        id: ArticleId,
        how: impl AsyncFnOnce(&Tx, &mut Article) -> Result<()>,
    ) -> Result<Article> {
        self.change_and(id, how, async |_| Ok(())).await
    }

    /// The same, and `also` in the same transaction, last.
    async fn change_and(
        &self,
        id: ArticleId,
        how: impl AsyncFnOnce(&Tx, &mut Article) -> Result<()>,
        also: impl AsyncFnOnce(&Tx) -> Result<()>,
    ) -> Result<Article> {
        let tx = self.db.write().await?;
        store::lock(&tx, id).await?;
        let mut article = store::find(&tx, id).await?.ok_or(Error::NotFound)?;
        how(&tx, &mut article).await?;
        store::save(&tx, &article).await?;
        also(&tx).await?;
        tx.commit().await?;
        Ok(article)
    }

    /// From submitted to live, or to scheduled while its time has not come.
    async fn release(&self, tx: &Tx, article: &mut Article) -> Result<()> {
        let wait = article.publish_at.is_some_and(|at| at > self.env.now());
        if wait {
            article.state = article.state.after(Action::Approve { wait })?;
            return self.schedule(tx, article).await;
        }
        self.go_live(tx, article, Action::Approve { wait }).await
    }

    /// Where it is scheduled, it comes out at its time.
    pub(crate) async fn schedule(&self, tx: &Tx, article: &Article) -> Result<()> {
        let (State::Scheduled, Some(at)) = (article.state, article.publish_at) else { return Ok(()) };
        self.jobs.enqueue_at(tx, &PublishScheduled { article: article.id }, at).await.map(drop)
    }

    async fn take_back(&self, tx: &Tx, article: &mut Article, code: String) -> Result<()> {
        let was_visible = article.state.is_visible();
        article.state = article.state.after(Action::Retract)?;
        article.updated_at = self.env.now();
        // Changes that waited wait no more; they are still the newest revision.
        article.pending = false;
        article.retract_code = Some(code);
        if was_visible { self.journal.append(tx, &Gone::of(article)).await } else { Ok(()) }
    }

    async fn go_live(&self, tx: &Tx, article: &mut Article, by: Action) -> Result<()> {
        article.state = article.state.after(by)?;
        article.published_at = Some(article.publish_at.take().unwrap_or_else(|| self.env.now()));
        self.journal.append(tx, &Live::of(article, LiveCause::Published)).await
    }

    async fn show_newest(&self, tx: &Tx, article: &mut Article, newest: Draft, body: Body) -> Result<()> {
        article.show(newest, body, article.latest);
        article.pending = false;
        article.return_code = None;
        article.return_note = None;
        article.edited_at = Some(self.env.now());
        self.journal.append(tx, &Changed::of(article, ChangeCause::Revised)).await
    }

    /// The one way from a draft to what may be shown. Bounded ([`body::render`]), and not done by the threads that answer requests.
    /// Texts of one writer take turns.
    pub(crate) async fn render(&self, by: Option<By>, draft: &Draft) -> Result<Body> {
        let hashes = body::pictures_in(&draft.body)?;
        let pictures = self.media.get_many(&hashes.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        self.renderer.render(by, draft.clone(), pictures, self.own.clone()).await
    }

    /// The pictures of a draft that came from those who write for its author. Those stay the author's, whoever leaves.
    async fn brought(&self, author: AuthorId, by: UserId, draft: &Draft, body: &Body) -> Result<Vec<String>> {
        let all = store::hashes(body.html.as_str(), draft.covers.iter().map(String::as_str));
        if all.is_empty() {
            return Ok(all);
        }
        let mut writers = self.authors.owners(author).await?;
        writers.push(by);
        self.media.brought_by(&writers, &all).await
    }

    /// A draft as it is kept, or all that is wrong with it at once.
    async fn accept(&self, draft: Draft) -> Result<Draft> {
        let (mut draft, mut errors) = draft.tidied();
        self.in_channel(&mut draft, &mut errors).await?;
        if !errors.names("covers") {
            errors.0.extend(self.check_covers(&draft.covers).await?.0);
        }
        errors.check().map(|()| draft)
    }

    /// What is wrong with these covers, entry by entry: code `cover-unknown`. A cover is a picture that the site has: of one that comes
    /// later nobody could have seen what it shows.
    pub async fn check_covers(&self, covers: &[String]) -> Result<Invalid> {
        let mut errors = Invalid::default();
        if covers.len() > COVERS_MAX {
            errors.add("covers", codes::COVERS_COUNT);
            return Ok(errors);
        }
        let known = self.media.get_many(&covers.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        for (at, _) in covers.iter().enumerate().filter(|(_, hash)| !known.contains_key(*hash)) {
            errors.add_at("covers", at, codes::COVER_UNKNOWN);
        }
        Ok(errors)
    }

    /// Whether a user may write for the author of an article: such a one decides nothing about it.
    pub async fn is_own(&self, user: UserId, id: ArticleId) -> Result<bool> {
        self.authors.owns(user, self.get(id).await?.author).await
    }
}

impl Live {
    pub(crate) fn of(article: &Article, cause: LiveCause) -> Self {
        Self { id: article.id, author: article.author, channel: channel(article), cause }
    }
}

impl Changed {
    fn of(article: &Article, cause: ChangeCause) -> Self {
        Self { id: article.id, author: article.author, channel: channel(article), cause }
    }
}

impl Gone {
    fn of(article: &Article) -> Self {
        let reason = article.retract_code.clone();
        Self { id: article.id, author: article.author, channel: channel(article), reason }
    }
}

fn channel(article: &Article) -> Option<String> {
    article.draft.channel.as_ref().map(Slug::to_string)
}
