//! Articles that were published elsewhere and come in by the thousand.

use std::collections::{HashMap, HashSet};

use kernel::{ArticleId, AuthorId, Result, Time};

use crate::body::By;
use crate::draft::Draft;
use crate::events::{Live, LiveCause};
use crate::model::{Article, State};
use crate::service::Articles;
use crate::store;

/// An article from outside. Its channel must exist; its pictures, if they are this site's, too.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Stable where it came from: `source:id`. A second import of the same id changes nothing.
    pub external_id: String,
    pub author: AuthorId,
    /// Where the author says to be.
    pub place: Option<String>,
    pub draft: Draft,
    /// `Live`, `Scheduled` or `Draft`.
    pub state: State,
    pub published_at: Time,
    pub edited_at: Option<Time>,
}

/// Rows in one statement. SQLite looks parameters up by walking a list of them, so a statement's cost grows with the square
/// of their number: 28 columns × 20 are quick, × 200 take most of an import's time.
const ROWS: usize = 20;

impl Imported {
    /// Its draft tidied ([`Draft::tidy`]), or what is wrong with it. Whoever asks first learns of one bad article before it stops
    /// a batch. All tags are kept, however many: an archive is not asked to choose.
    pub fn tidy(mut self) -> Result<Self> {
        let mut seen = HashSet::new();
        let mut tags = std::mem::take(&mut self.draft.tags);
        tags.retain(|tag| seen.insert(tag.folded()));
        self.draft = Draft { tags, ..self.draft.tidy()? };
        Ok(self)
    }
}

impl Articles {
    /// Takes in what is not here yet, in one transaction; returns the new ids (with their outside ids) in the order given.
    pub async fn import(&self, batch: Vec<Imported>) -> Result<Vec<(String, ArticleId)>> {
        let external: Vec<String> = batch.iter().map(|item| item.external_id.clone()).collect();
        let mut known: HashSet<String> = self.known(&external).await?.into_keys().collect();
        let fresh: Vec<Imported> =
            batch.into_iter().filter(|item| known.insert(item.external_id.clone())).collect();
        let mut articles = Vec::with_capacity(fresh.len());
        for item in fresh {
            articles.push(self.imported(item).await?);
        }
        let journal = self.journal.or_by(events::Actor::Import);
        let tx = self.db.write().await?;
        for part in articles.chunks(ROWS) {
            store::save_all(&tx, part, false).await?;
            let live = part.iter().filter(|a| a.state.is_visible());
            let live: Vec<Live> = live.map(|a| Live::of(a, LiveCause::Imported)).collect();
            journal.append_all(&tx, &live).await?;
            for article in part {
                self.schedule(&tx, article).await?;
            }
        }
        tx.commit().await?;
        Ok(articles.into_iter().filter_map(|a| Some((a.external_id?, a.id))).collect())
    }

    /// Those of these outside ids that are here, with the articles they came in as.
    pub async fn known(&self, external: &[String]) -> Result<HashMap<String, ArticleId>> {
        let mut known = HashMap::new();
        for part in external.chunks(1_000) {
            known.extend(store::known(&self.db, part).await?);
        }
        Ok(known)
    }

    /// The article that came in under this outside id.
    pub async fn by_external(&self, external_id: &str) -> Result<Option<ArticleId>> {
        store::by_external(&self.db, external_id).await
    }

    async fn imported(&self, item: Imported) -> Result<Article> {
        let item = item.tidy()?;
        self.check_covers(&item.draft.covers).await?.check()?;
        let body = self.render(Some(By::Author(item.author)), &item.draft).await?;
        let live = item.state.is_visible();
        let mut article = Article {
            state: item.state,
            place: item.place,
            updated_at: item.edited_at.unwrap_or(item.published_at),
            publish_at: (item.state == State::Scheduled).then_some(item.published_at),
            published_at: live.then_some(item.published_at),
            edited_at: item.edited_at,
            external_id: Some(item.external_id),
            ..Article::new(self.env.id(), item.author, item.published_at)
        };
        article.show(item.draft, body, 1);
        Ok(article)
    }
}
