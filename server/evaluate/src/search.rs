//! How well questions find what answers them: `byline search evaluate`.

use std::collections::HashMap;
use std::path::Path;
use std::time::Instant;

use index::{Document, Index, Order, Query, Wanted};
use kernel::{ArticleId, AuthorId, Slug, Time};
use serde::{Deserialize, Serialize};

use crate::files::{EvaluationError, lines};

/// What a question may find; the rest of the list is not looked at.
const LIMIT: usize = 10;

#[derive(Deserialize)]
struct Entry {
    id: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    tags: Vec<String>,
}

#[derive(Deserialize)]
struct Question {
    #[serde(alias = "query")]
    text: String,
    #[serde(alias = "paragraph", alias = "document")]
    documents: OneOrMany,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn list(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct Figures {
    pub documents: usize,
    pub queries: usize,
    /// The mean of one over the place of the first right document, nothing where it is not among the first ten.
    pub mrr_10: f64,
    /// The share of the right documents that are among the first ten.
    pub recall_10: f64,
    /// Milliseconds a query takes, half of them and 95 % at most.
    pub p50_ms: f64,
    pub p95_ms: f64,
}

/// Puts `documents` (a JSON object a line: `id`, `title`, `text`, `tags`) into an index of their own in `folder`, and asks it each of
/// `queries` (`text`, and in `documents` the id, or a list of the ids, that it should find). Both names of the fields in use elsewhere,
/// `query` and `paragraph` or `document`, are taken too.
pub fn evaluate(documents: &Path, queries: &Path, folder: &Path) -> Result<Figures, EvaluationError> {
    let texts: Vec<Entry> = lines(documents)?;
    let questions: Vec<Question> = lines(queries)?;
    let mut numbers: HashMap<&str, ArticleId> = HashMap::new();
    for (number, text) in (1..).zip(&texts) {
        if numbers.insert(&text.id, ArticleId::new(number)).is_some() {
            return Err(EvaluationError::new(documents, None, format!("the id `{}` comes twice", text.id)));
        }
    }
    let unknown = questions
        .iter()
        .flat_map(|question| question.documents.list())
        .find(|id| !numbers.contains_key(id.as_str()));
    if let Some(id) = unknown {
        return Err(EvaluationError::new(queries, None, format!("no document has the id `{id}`")));
    }
    if questions.is_empty() {
        return Err(EvaluationError::new(queries, None, "there are no queries"));
    }

    let index = filled(&texts, folder).map_err(|error| EvaluationError::new(folder, None, error))?;
    let (mut reciprocal, mut recall) = (0.0, 0.0);
    let mut took = Vec::with_capacity(questions.len());
    for question in &questions {
        let right: Vec<ArticleId> = question.documents.list().iter().map(|id| numbers[id.as_str()]).collect();
        let asked = Query {
            wanted: Wanted::read(&question.text),
            author: None,
            channel: None,
            tag: None,
            kind: None,
            since: None,
            order: Order::Best,
            now: Time::from_millis(0),
            offset: 0,
            limit: LIMIT,
        };
        let begun = Instant::now();
        let found = index.search(&asked).map_err(|error| EvaluationError::new(folder, None, error))?;
        took.push(begun.elapsed().as_secs_f64() * 1e3);
        let place = found.hits.iter().position(|hit| right.contains(&hit.id));
        reciprocal += place.map_or(0.0, |place| 1.0 / (place + 1) as f64);
        let got = found.hits.iter().filter(|hit| right.contains(&hit.id)).count();
        recall += got as f64 / right.len().max(1) as f64;
    }
    took.sort_by(f64::total_cmp);
    let share = |part: f64| took[((took.len() - 1) as f64 * part).round() as usize];
    Ok(Figures {
        documents: texts.len(),
        queries: questions.len(),
        mrr_10: reciprocal / questions.len() as f64,
        recall_10: recall / questions.len() as f64,
        p50_ms: share(0.5),
        p95_ms: share(0.95),
    })
}

fn filled(texts: &[Entry], folder: &Path) -> kernel::Result<Index> {
    let index = Index::open(folder)?;
    let channel = Slug::new("general")?;
    let documents: Vec<Document> = (1..)
        .zip(texts)
        .map(|(number, text)| Document {
            id: ArticleId::new(number),
            author: AuthorId::new(1),
            author_name: String::new(),
            handle: String::new(),
            channel: channel.clone(),
            title: text.title.clone(),
            text: text.text.clone(),
            tags: text.tags.clone(),
            kinds: Vec::new(),
            published_at: Time::from_millis(0),
        })
        .collect();
    index.put(&documents)?;
    index.commit(None)?;
    Ok(index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn run(documents: &str, queries: &str) -> Result<Figures, EvaluationError> {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("documents.jsonl"), folder.path().join("queries.jsonl"));
        fs::write(&a, documents).unwrap();
        fs::write(&b, queries).unwrap();
        evaluate(&a, &b, &folder.path().join("index"))
    }

    const DOCUMENTS: &str = r#"{"id": "a", "title": "桥", "text": "石埠桥下住着四百只雨燕。"}
{"id": "b", "title": "Tides", "text": "The harbour empties twice a day."}
{"id": "c", "title": "Ferries", "text": "The ferry crosses the harbour at noon."}
"#;

    #[test]
    fn the_place_of_the_right_document_counts() {
        let queries = r#"{"text": "雨燕住在哪里", "paragraph": "a"}
{"query": "harbour", "documents": ["b", "c"]}
{"text": "volcano", "document": "c"}
"#;
        let found = run(DOCUMENTS, queries).unwrap();
        assert_eq!((found.documents, found.queries), (3, 3));
        assert!((found.mrr_10 - 2.0 / 3.0).abs() < 1e-9, "{found:?}");
        assert!((found.recall_10 - 2.0 / 3.0).abs() < 1e-9, "{found:?}");
        assert!(found.p50_ms > 0.0 && found.p95_ms >= found.p50_ms);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let says = |documents, queries, words: &str| {
            let said = run(documents, queries).unwrap_err().to_string();
            assert!(said.contains(words), "{said}");
        };
        says(DOCUMENTS, "{\"text\": \"x\", \"document\": \"z\"}\n", "no document has the id `z`");
        says(DOCUMENTS, "\n{\"text\": \"x\"}\n", "queries.jsonl, line 2");
        says(DOCUMENTS, "", "there are no queries");
        says("{\"id\": \"a\"}\n{\"id\": \"a\"}\n", "{\"text\": \"x\", \"document\": \"a\"}\n", "comes twice");
    }
}
