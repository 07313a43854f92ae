//! Asking for articles. What ends up before readers comes through here.

use std::collections::HashMap;
use std::time::Duration;

use kernel::{ArticleId, AuthorId, Cursor, Error, Page, Result, Slug, Tag, Time};

use crate::body::{Body, By};
use crate::draft::Draft;
use crate::model::{Article, Card, Document, Listed, Newest, State, Summary};
use crate::revision::{Read, Revision};
use crate::service::Articles;
use crate::store::{self, Entry, Filter, Part, Which};

/// How far back a list of many authors goes, in days.
const WHILES: [u64; 4] = [2, 16, 128, 1_024];
/// Ids that one statement takes.
const AT_ONCE: usize = 1_000;

impl Articles {
    /// An article that anybody may read. A retracted one is [`Error::Gone`] with its reason; all others are not found.
    pub async fn get_visible(&self, id: ArticleId) -> Result<Article> {
        let article = self.get(id).await?;
        match article.state {
            state if state.is_visible() => Ok(article),
            State::Retracted if article.published_at.is_some() => {
                Err(Error::Gone(article.retract_code.unwrap_or_default()))
            }
            _ => Err(Error::NotFound),
        }
    }

    /// An article in any state, for those who may see it so: the caller checks.
    pub async fn get(&self, id: ArticleId) -> Result<Article> {
        store::find(&self.db, id).await?.ok_or(Error::NotFound)
    }

    /// The visible ones of `ids`, in that order.
    pub async fn cards(&self, ids: &[ArticleId]) -> Result<Vec<Card>> {
        let mut found: HashMap<ArticleId, Card> =
            store::cards(&self.db, ids).await?.into_iter().map(|card| (card.id, card)).collect();
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    pub async fn latest(&self, from: Cursor, limit: usize) -> Result<Page<Card>> {
        self.list(Which::All, from, limit).await
    }

    pub async fn by_channel(&self, slug: &Slug, from: Cursor, limit: usize) -> Result<Page<Card>> {
        self.list(Which::Channel(slug), from, limit).await
    }

    pub async fn by_author(&self, author: AuthorId, from: Cursor, limit: usize) -> Result<Page<Card>> {
        self.by_authors(&[author], from, limit).await
    }

    pub async fn by_authors(&self, authors: &[AuthorId], from: Cursor, limit: usize) -> Result<Page<Card>> {
        self.list_of_authors(authors, from, limit).await
    }

    /// The newest `n` of authors together.
    pub async fn newest_by_authors(&self, authors: &[AuthorId], n: usize) -> Result<Vec<Listed>> {
        Ok(self.list_of_authors(authors, Cursor::START, n).await?.items)
    }

    pub async fn newest_of_all(&self, n: usize) -> Result<Vec<Listed>> {
        store::list(&self.db, &Which::All, Cursor::START, n).await
    }

    pub async fn newest_of_channel(&self, slug: &Slug, n: usize) -> Result<Vec<Listed>> {
        store::list(&self.db, &Which::Channel(slug), Cursor::START, n).await
    }

    pub async fn newest_of_tag(&self, tag: &Tag, n: usize) -> Result<Vec<Listed>> {
        store::list(&self.db, &Which::Tag(&tag.folded()), Cursor::START, n).await
    }

    /// The next `n` of authors together after `from`.
    pub async fn listed_by_authors(
        &self,
        authors: &[AuthorId],
        from: Cursor,
        n: usize,
    ) -> Result<Vec<Listed>> {
        Ok(self.list_of_authors(authors, from, n).await?.items)
    }

    /// The next of each of these tags after `from`, at most `each`.
    pub async fn newest_of_tags(&self, tags: &[Tag], from: Cursor, each: usize) -> Result<Vec<Newest>> {
        let folded: Vec<String> = tags.iter().map(Tag::folded).collect();
        store::newest::of_tags(&self.db, &folded, from, each).await
    }

    /// The next of each of these channels after `from`, at most `each`.
    pub async fn newest_of_channels(
        &self,
        channels: &[Slug],
        from: Cursor,
        each: usize,
    ) -> Result<Vec<Newest>> {
        let slugs: Vec<String> = channels.iter().map(Slug::to_string).collect();
        store::newest::of_channels(&self.db, &slugs, from, each).await
    }

    /// The visible ones of `ids`, in no order.
    pub async fn listed(&self, ids: &[ArticleId]) -> Result<Vec<Listed>> {
        store::newest::listed(&self.db, ids).await
    }

    pub async fn by_tag(&self, tag: &Tag, from: Cursor, limit: usize) -> Result<Page<Card>> {
        self.list(Which::Tag(&tag.folded()), from, limit).await
    }

    /// The newest articles of a channel whose authors declare them original (原创).
    pub async fn originals(&self, channel: &Slug, limit: usize) -> Result<Vec<Card>> {
        store::originals(&self.db, channel, limit).await
    }

    /// How many visible articles each author has; authors without any are left out.
    pub async fn counts_by_author(&self, authors: &[AuthorId]) -> Result<HashMap<AuthorId, i64>> {
        Ok(store::counts_by_author(&self.db, authors).await?.into_iter().collect())
    }

    /// The addresses at which articles stand first, of those that have one.
    pub async fn canonical_addresses(&self, ids: &[ArticleId]) -> Result<HashMap<ArticleId, String>> {
        let mut all = HashMap::new();
        for ids in ids.chunks(AT_ONCE) {
            all.extend(store::canonical_addresses(&self.db, ids).await?);
        }
        Ok(all)
    }

    pub async fn tags_of(&self, ids: &[ArticleId]) -> Result<HashMap<ArticleId, Vec<Tag>>> {
        let mut tags = HashMap::<_, Vec<_>>::new();
        for (id, tag) in store::tags_of(&self.db, ids).await? {
            tags.entry(id).or_default().push(tag);
        }
        Ok(tags)
    }

    /// An author's articles in any state, last changed first.
    pub async fn of_author(
        &self,
        author: AuthorId,
        state: Option<State>,
        from: Cursor,
        limit: usize,
    ) -> Result<Page<Summary>> {
        self.summaries(Filter::Author(author, state), from, limit).await
    }

    /// How many articles an author has in each state; states without any are left out.
    pub async fn counts_by_state(&self, author: AuthorId) -> Result<HashMap<State, i64>> {
        Ok(store::counts_by_state(&self.db, author).await?.into_iter().collect())
    }

    /// What waits for a reviewer: submitted articles, and live ones with changes. Those that wait longest first.
    pub async fn waiting(&self, from: Cursor, limit: usize) -> Result<Page<Summary>> {
        let from = if from == Cursor::START { Cursor { key: i64::MIN, id: i64::MIN } } else { from };
        self.summaries(Filter::Waiting, from, limit).await
    }

    pub async fn count_waiting(&self) -> Result<i64> {
        store::count_waiting(&self.db).await
    }

    /// Everybody's articles in one state, last changed first. For reviewers and editors: the caller checks.
    pub async fn in_state(&self, state: State, from: Cursor, limit: usize) -> Result<Page<Summary>> {
        self.summaries(Filter::State(state), from, limit).await
    }

    /// The next `limit` visible articles after an id, by id, for a rebuild of the text index.
    pub async fn documents(&self, after: ArticleId, limit: usize) -> Result<Vec<Document>> {
        store::documents(&self.db, Part::After(after, limit)).await
    }

    /// The visible ones of `ids`, for the text index.
    pub async fn documents_of(&self, ids: &[ArticleId]) -> Result<Vec<Document>> {
        store::documents(&self.db, Part::Ids(ids)).await
    }

    async fn list<T: Entry>(&self, which: Which<'_>, from: Cursor, limit: usize) -> Result<Page<T>> {
        let entries = store::list(&self.db, &which, from, limit + 1).await?;
        Ok(Page::cut(entries, limit, |entry: &T| {
            let (published_at, id) = entry.place();
            Cursor { key: published_at.millis(), id: id.raw() }
        }))
    }

    async fn list_of_authors<T: Entry>(
        &self,
        authors: &[AuthorId],
        from: Cursor,
        limit: usize,
    ) -> Result<Page<T>> {
        if authors.is_empty() {
            return Ok(Page { items: Vec::new(), next: None });
        }
        // Of one author the index has the newest first. Of many, a database would sort all they ever wrote: it is asked for what came out
        // lately, and goes further back while that is too little.
        let newest = self.env.now().min(Time::from_millis(from.key));
        for days in WHILES.into_iter().filter(|_| authors.len() > 1) {
            let since = newest.minus(Duration::from_hours(24 * days));
            let page = self.list(Which::Authors(authors, since), from, limit).await?;
            if page.next.is_some() {
                return Ok(page);
            }
        }
        self.list(Which::Authors(authors, Time::from_millis(i64::MIN)), from, limit).await
    }

    /// An author's articles in any state that have all words of `text` in title or body, last changed first.
    pub async fn find_of_author(
        &self,
        author: AuthorId,
        text: &str,
        from: Cursor,
        limit: usize,
    ) -> Result<Page<Summary>> {
        self.summaries(Filter::Text(Some(author), text.to_owned()), from, limit).await
    }

    /// Everybody's articles that were ever sent in, with all words of `text` in the title (of what is not live, in the body, too),
    /// last changed first. For reviewers and editors: the caller checks.
    pub async fn find_sent_in(&self, text: &str, from: Cursor, limit: usize) -> Result<Page<Summary>> {
        self.summaries(Filter::Text(None, text.to_owned()), from, limit).await
    }

    /// Articles in any state and order, for those who may see them so: the caller checks.
    pub async fn summaries_of(&self, ids: &[ArticleId]) -> Result<Vec<Summary>> {
        store::summaries_of(&self.db, ids).await
    }

    async fn summaries(&self, filter: Filter, from: Cursor, limit: usize) -> Result<Page<Summary>> {
        let rows = store::summaries(&self.db, &filter, from, limit + 1).await?;
        Ok(Page::cut(rows, limit, |row| Cursor { key: row.updated_at.millis(), id: row.id.raw() }))
    }

    /// The newest revision of an article. What was never before readers stands as it was rendered when it was saved, and goes live
    /// like that; changes to what is live are rendered as they will be.
    pub async fn revision(&self, article: &Article) -> Result<Revision> {
        let mut revision = if article.latest == article.version {
            Revision::of(article)
        } else {
            let draft = self.draft_at(article.id, article.latest).await?.ok_or(Error::NotFound)?;
            let body = self.render(Some(By::Author(article.author)), &draft).await?;
            let Body { html, excerpt, language, reading_minutes } = body;
            let (version, missing) = (article.latest, Vec::new());
            Revision { version, draft, html, excerpt, language, reading_minutes, missing }
        };
        let all = store::hashes(revision.html.as_str(), revision.draft.covers.iter().map(String::as_str));
        revision.missing = self.media.missing(&all).await?;
        Ok(revision)
    }

    /// What somebody has read who looks at the newest revision of an article now: for [`crate::Verdict::Approve`].
    pub async fn reading(&self, id: ArticleId) -> Result<Read> {
        Ok(self.revision(&self.get(id).await?).await?.read())
    }

    /// What was saved as that revision.
    pub async fn draft_at(&self, id: ArticleId, version: i64) -> Result<Option<Draft>> {
        store::revision(&self.db, id, version).await
    }
}
