//! Comments that come from elsewhere, with an article or after it.

use std::collections::{BTreeMap, HashMap, VecDeque};

use kernel::{ArticleId, CommentId, Result, Time, UserId, name, text};

use crate::events::{Posted, PostedCause};
use crate::model::{Comment, State};
use crate::service::Comments;
use crate::store;

const NAME_CHARS: usize = 40;
/// Other sites allow longer comments than this one; what was said there is kept.
const IMPORTED_CHARS: usize = 20_000;

/// A comment from outside.
#[derive(Clone, Debug, Default)]
pub struct ImportedComment {
    /// Stable where it came from, and unique under the article: a second import of the same changes nothing.
    pub external: String,
    /// The external id of the comment that this one answers, wherever that stands in the batch or in an earlier one.
    /// One that never came is left out of account.
    pub parent_external: Option<String>,
    pub by: Option<UserId>,
    pub name: String,
    pub text: String,
    pub likes: i64,
    pub at: Time,
}

impl Comments {
    /// Takes in what is not here yet, in one transaction, and says how much that was. Empty texts are left out, too long ones cut.
    pub async fn import(&self, article: ArticleId, batch: Vec<ImportedComment>) -> Result<usize> {
        self.import_all(vec![(article, batch)]).await
    }

    /// The same for many articles at once.
    pub async fn import_all(&self, batch: Vec<(ArticleId, Vec<ImportedComment>)>) -> Result<usize> {
        let articles: Vec<ArticleId> = batch.iter().map(|(article, _)| *article).collect();
        let tx = self.db.write().await?;
        let known = store::known(&tx, &articles).await?;
        let mut ids: HashMap<(ArticleId, String), (CommentId, i64, Option<CommentId>)> =
            known.into_iter().map(|k| ((k.article_id, k.external_id), (k.id, k.floor, k.root_id))).collect();
        let mut fresh = Vec::new();
        let mut counts = BTreeMap::<ArticleId, i64>::new();
        let items = batch
            .into_iter()
            .flat_map(|(article, items)| parents_first(items).into_iter().map(move |i| (article, i)));
        for (article, item) in items {
            let text: String = text::lines(&item.text).chars().take(IMPORTED_CHARS).collect();
            if text.is_empty() || ids.contains_key(&(article, item.external.clone())) {
                continue;
            }
            let parent = item.parent_external.and_then(|parent| ids.get(&(article, parent)).copied());
            let comment = Comment {
                id: self.env.id(),
                article,
                parent: parent.map(|(id, ..)| id),
                floor: parent.map_or(1, |(_, floor, _)| floor + 1),
                root: parent.map(|(id, _, root)| root.unwrap_or(id)),
                by: item.by,
                name: name::one_line(&item.name).chars().take(NAME_CHARS).collect(),
                region: None,
                text,
                state: State::Live,
                likes: item.likes.max(0),
                created_at: item.at,
                removed_for: None,
            };
            ids.insert((article, item.external.clone()), (comment.id, comment.floor, comment.root));
            *counts.entry(article).or_default() += 1;
            fresh.push((comment, Some(item.external)));
        }
        if fresh.is_empty() {
            return Ok(0);
        }
        store::insert_all(&tx, &fresh).await?;
        store::add_to_counts(&tx, &counts.into_iter().collect::<Vec<_>>()).await?;
        let posted: Vec<Posted> = fresh.iter().map(|(c, _)| Posted::of(c, PostedCause::Imported)).collect();
        self.journal.or_by(events::Actor::Import).append_all(&tx, &posted).await?;
        tx.commit().await?;
        Ok(fresh.len())
    }
}

/// The batch in an order in which every comment comes after the one it answers. Those that answer each other in a ring come last.
fn parents_first(batch: Vec<ImportedComment>) -> Vec<ImportedComment> {
    let places: HashMap<&str, usize> =
        batch.iter().enumerate().rev().map(|(n, item)| (item.external.as_str(), n)).collect();
    let mut answers = vec![Vec::new(); batch.len()];
    let mut next = VecDeque::new();
    for (n, item) in batch.iter().enumerate() {
        match item.parent_external.as_deref().and_then(|parent| places.get(parent)) {
            Some(&parent) => answers[parent].push(n),
            None => next.push_back(n),
        }
    }
    let mut items: Vec<Option<ImportedComment>> = batch.iter().cloned().map(Some).collect();
    let mut ordered = Vec::with_capacity(items.len());
    let mut rings = 0..items.len();
    loop {
        while let Some(n) = next.pop_front() {
            if let Some(item) = items[n].take() {
                ordered.push(item);
                next.extend(&answers[n]);
            }
        }
        match rings.next() {
            Some(n) => next.push_back(n),
            None => return ordered,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(batch: &[(&str, Option<&str>)]) -> String {
        let item = |&(external, parent): &(&str, Option<&str>)| ImportedComment {
            external: external.into(),
            parent_external: parent.map(Into::into),
            ..ImportedComment::default()
        };
        parents_first(batch.iter().map(item).collect()).into_iter().map(|item| item.external).collect()
    }

    #[test]
    fn parents_come_first_and_nothing_is_lost() {
        assert_eq!(order(&[("c", Some("b")), ("b", Some("a")), ("a", None), ("d", Some("gone"))]), "adbc");
        assert_eq!(order(&[("a", Some("b")), ("b", Some("a")), ("c", Some("c"))]), "abc");
        assert_eq!(order(&[("b", Some("a")), ("a", Some("b")), ("x", None)]), "xba");
        assert_eq!(order(&[]), "");
    }
}
