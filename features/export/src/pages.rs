//! What pages of an archive say. How, the theme knows, which stands above.

use kernel::{Locale, Markup, Result, Time};
use serde::Serialize;
use serde_json::Value;

use crate::model::Part;
use crate::parts::Item;

/// What makes a page of it, in the user's language: whole, and without anything that would be fetched.
pub trait Pages: Send + Sync {
    fn index(&self, locale: Locale, index: &Index) -> Result<String>;
    fn part(&self, locale: Locale, page: &PartPage) -> Result<String>;
}

/// The first page.
#[derive(Clone, Debug, Serialize)]
pub struct Index {
    pub name: String,
    pub handle: String,
    pub made_at: Time,
    pub parts: Vec<IndexPart>,
}

#[derive(Clone, Debug, Serialize)]
pub struct IndexPart {
    pub name: &'static str,
    pub count: i64,
    pub page: String,
    pub file: String,
}

/// Some entries of a part.
#[derive(Clone, Debug, Serialize)]
pub struct PartPage {
    pub name: &'static str,
    /// From 1.
    pub number: usize,
    pub previous: Option<String>,
    pub next: Option<String>,
    pub entries: Vec<Shown>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    pub title: String,
    pub facts: Vec<Fact>,
    /// As it was written, in lines.
    pub text: String,
    /// Of an article; its pictures are looked for in the archive.
    #[serde(skip)]
    pub body: Option<Markup>,
    /// A file of the archive.
    pub picture: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    /// `export-field-<name>` in the locale files.
    pub name: &'static str,
    pub kind: FactKind,
    pub value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FactKind {
    Text,
    /// RFC 3339.
    Time,
    Link,
    Yes,
    No,
}

impl Shown {
    pub(crate) fn of(part: Part, item: Item) -> Self {
        let Item { value, body } = item;
        let shape = part.shape();
        let picture = match part {
            Part::Pictures => {
                value["files"].as_array().and_then(|files| files.last()).and_then(Value::as_str)
            }
            _ => None,
        };
        Self {
            title: plain(&value[shape.title]).unwrap_or_default(),
            facts: shape.facts.iter().filter_map(|&name| fact(name, &value[name])).collect(),
            text: plain(&value[shape.text]).unwrap_or_default(),
            body: body.map(|body| body.with_media_in("../media/")),
            picture: picture.map(str::to_owned),
        }
    }
}

fn fact(name: &'static str, value: &Value) -> Option<Fact> {
    let kind = match value {
        Value::Bool(true) => FactKind::Yes,
        Value::Bool(false) => FactKind::No,
        Value::String(_) if name.ends_with("_at") => FactKind::Time,
        Value::String(text) if text.starts_with("https://") || text.starts_with("http://") => FactKind::Link,
        _ => FactKind::Text,
    };
    plain(value).filter(|text| !text.is_empty()).map(|value| Fact { name, kind, value })
}

/// As people read it; nothing of what is not there.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(list) => Some(list.iter().filter_map(plain).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => {
            let field =
                |(name, value): (&String, &Value)| format!("{name}: {}", plain(value).unwrap_or_default());
            Some(fields.iter().map(field).collect::<Vec<_>>().join("; "))
        }
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_entry_shows_what_there_is() {
        let value = json!({"text": "a\nb", "created_at": "2024-06-05T10:00:00Z", "state": "live", "likes": 0, "answers": null});
        let shown = Shown::of(Part::Comments, value.into());
        let facts: Vec<_> =
            shown.facts.iter().map(|fact| (fact.name, fact.kind, fact.value.as_str())).collect();
        assert_eq!(
            facts,
            [
                ("created_at", FactKind::Time, "2024-06-05T10:00:00Z"),
                ("state", FactKind::Text, "live"),
                ("likes", FactKind::Text, "0")
            ]
        );
        assert_eq!((shown.title.as_str(), shown.text.as_str()), ("", "a\nb"));
        let picture = Shown::of(
            Part::Pictures,
            json!({"hash": "ab", "files": ["media/ab/w320.webp", "media/ab/full.jpg"]}).into(),
        );
        assert_eq!(picture.picture.as_deref(), Some("media/ab/full.jpg"));
    }
}
