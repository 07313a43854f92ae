//! What an author writes: its fields, and the rules that each must keep.
//!
//! A field of one line that may be left out is one row of [`Draft::LINES`]: cleaning and limits, the desk's form and the list of what
//! changed follow it. CONTRIBUTING.md, "Add an article field".

use std::collections::HashSet;

use kernel::text::{one_line, shows_nothing};
use kernel::{Invalid, Region, Result, Slug, Tag};
use serde::{Deserialize, Serialize};

use crate::codes;

/// Longest title, in characters. News titles run to 30 Chinese characters; imports bring worse.
const TITLE_MAX: usize = 200;
/// Longest body source, in bytes (2 MiB).
const BODY_MAX: usize = 2 << 20;
pub const TAGS_MAX: usize = 10;
pub const COVERS_MAX: usize = 3;
/// The longest name of a picture, which is a hash.
const COVER_MAX: usize = 64;

/// What the author declares about an article (声明).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Declaration {
    Original,
    Reprint,
    Ai,
    Fiction,
    Opinion,
}

impl Declaration {
    pub const ALL: [Self; 5] = [Self::Original, Self::Reprint, Self::Ai, Self::Fiction, Self::Opinion];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Reprint => "reprint",
            Self::Ai => "ai",
            Self::Fiction => "fiction",
            Self::Opinion => "opinion",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.name() == name)
    }
}

/// How a body is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    #[default]
    Markdown,
    Html,
    Text,
}

impl Format {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Text => "text",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        [Self::Markdown, Self::Html, Self::Text].into_iter().find(|f| f.name() == name)
    }
}

/// What an author writes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    pub title: String,
    pub subtitle: Option<String>,
    pub format: Format,
    pub body: String,
    /// Guessed from the text where it is not given.
    pub language: Option<String>,
    pub channel: Option<Slug>,
    pub tags: Vec<Tag>,
    pub covers: Vec<String>,
    pub declarations: Vec<Declaration>,
    pub source_name: Option<String>,
    pub source_url: Option<String>,
    pub canonical_url: Option<String>,
    /// Where it was written, as the site found out from the address it came from: nothing that an author could set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
}

/// A field of one line that may be left out.
#[derive(Debug)]
pub struct Line {
    /// As in the form of the desk and in errors.
    pub name: &'static str,
    pub kind: LineKind,
    /// In characters.
    pub max: usize,
    /// What it is called where changes are listed (`changed-…` in the locale files); several fields may be one part.
    pub part: &'static str,
    get: fn(&Draft) -> &Option<String>,
    get_mut: fn(&mut Draft) -> &mut Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// Any text; the code says that it is too long (`error-…`).
    Text(&'static str),
    Url,
    /// BCP 47
    Language,
}

impl Line {
    pub fn get<'a>(&self, draft: &'a Draft) -> Option<&'a str> {
        (self.get)(draft).as_deref()
    }

    pub fn set(&self, draft: &mut Draft, text: Option<String>) {
        *(self.get_mut)(draft) = text;
    }

    fn check(&self, text: &str, errors: &mut Invalid) {
        let fits = text.chars().count() <= self.max;
        match self.kind {
            LineKind::Text(long) if !fits => errors.add_limit(self.name, long, self.max as i64),
            LineKind::Url if !fits || !is_web_address(text) => errors.add(self.name, codes::URL_FORM),
            LineKind::Language if !fits || !is_language_tag(text) => {
                errors.add(self.name, codes::LANGUAGE_FORM);
            }
            _ => {}
        }
    }

    fn differs(&self, now: &Draft, before: &Draft) -> bool {
        let (now, before) = (self.get(now), self.get(before));
        match self.kind {
            // Left out is guessed from the text, and that has changed then.
            LineKind::Language => now.is_some() && before.is_some() && now != before,
            _ => now != before,
        }
    }
}

macro_rules! line {
    ($field:ident, $kind:expr, $max:expr, $part:literal) => {
        Line {
            name: stringify!($field),
            kind: $kind,
            max: $max,
            part: $part,
            get: |draft| &draft.$field,
            get_mut: |draft| &mut draft.$field,
        }
    };
}

impl Draft {
    pub const LINES: &[Line] = &[
        line!(subtitle, LineKind::Text(codes::SUBTITLE_LONG), 300, "subtitle"),
        line!(source_name, LineKind::Text(codes::SOURCE_LONG), 200, "source"),
        line!(source_url, LineKind::Url, 2_000, "source"),
        line!(canonical_url, LineKind::Url, 2_000, "source"),
        // BCP 47 (4.4.1) asks for room for 35 characters.
        line!(language, LineKind::Language, 35, "language"),
    ];

    /// Trims, drops empty options and whatever is listed twice, and refuses what can't be kept. A draft may still be incomplete.
    pub fn tidy(self) -> Result<Self> {
        let (draft, errors) = self.tidied();
        errors.check().map(|()| draft)
    }

    /// The same, with all that is wrong with it.
    pub(crate) fn tidied(mut self) -> (Self, Invalid) {
        let mut errors = Invalid::default();
        self.title = one_line(&self.title);
        if self.title.chars().count() > TITLE_MAX {
            errors.add_limit("title", codes::TITLE_LONG, TITLE_MAX as i64);
        }
        if self.body.len() > BODY_MAX {
            errors.add_limit("body", codes::BODY_LONG, (BODY_MAX >> 20) as i64);
        }
        let mut seen = HashSet::new();
        self.tags.retain(|tag| seen.insert(tag.folded()));
        if self.tags.len() > TAGS_MAX {
            errors.add_limit("tags", codes::TAGS_MANY, TAGS_MAX as i64);
        }
        let mut seen = HashSet::new();
        self.declarations.retain(|&declaration| seen.insert(declaration));
        if !matches!(self.covers.len(), 0 | 1 | COVERS_MAX) {
            errors.add("covers", codes::COVERS_COUNT);
        } else if self.covers.iter().any(|hash| hash.len() > COVER_MAX) {
            errors.add("covers", codes::COVER_UNKNOWN);
        }
        for line in Self::LINES {
            let text = line.get(&self).map(one_line).filter(|text| !text.is_empty());
            if let Some(text) = &text {
                line.check(text, &mut errors);
            }
            line.set(&mut self, text);
        }
        (self, errors)
    }

    /// What an article needs before it can be submitted.
    pub fn complete(&self) -> Result<()> {
        let mut errors = Invalid::default();
        if shows_nothing(&self.title) {
            errors.add("title", codes::TITLE_EMPTY);
        }
        if shows_nothing(&self.body) {
            errors.add("body", codes::BODY_EMPTY);
        }
        if self.channel.is_none() {
            errors.add("channel", codes::CHANNEL_EMPTY);
        }
        if self.declarations.contains(&Declaration::Reprint) && self.source_name.is_none() {
            errors.add("source_name", codes::SOURCE_EMPTY);
        }
        errors.check()
    }

    /// In what this differs from an earlier one: names of parts (`changed-…` in the locale files).
    pub fn changes(&self, before: &Self) -> Vec<&'static str> {
        let differ = Self::differences(self, before).filter(|(_, differs)| *differs);
        once_each(differ.map(|(part, _)| part))
    }

    /// Names of all parts that [`Draft::changes`] can tell of.
    pub fn parts() -> Vec<&'static str> {
        let none = Self::default();
        once_each(Self::differences(&none, &none).map(|(part, _)| part))
    }

    fn differences(now: &Self, before: &Self) -> impl Iterator<Item = (&'static str, bool)> {
        let first = [
            ("title", now.title != before.title),
            ("body", (now.format, &now.body) != (before.format, &before.body)),
            ("covers", now.covers != before.covers),
            ("channel", now.channel != before.channel),
            ("tags", now.tags != before.tags),
            ("declarations", now.declarations != before.declarations),
        ];
        let lines = Self::LINES.iter().map(move |line| (line.part, line.differs(now, before)));
        first.into_iter().chain(lines)
    }

    /// A draft with something in every field, as it comes back from wherever it was kept. Written out without `..`, so that a new field
    /// is in every test of a way there and back.
    #[cfg(any(test, feature = "testing"))]
    pub fn with_every_field(channel: Slug, covers: Vec<String>) -> Self {
        Self {
            title: "潮汐表 \"&\" <b>tides</b>".into(),
            subtitle: Some("三百年".into()),
            format: Format::Html,
            body: "<p>At five, <em>every</em> morning.</p>".into(),
            language: Some("pt-BR".into()),
            channel: Some(channel),
            tags: ["潮汐", "Tide tables"].into_iter().filter_map(|tag| Tag::new(tag).ok()).collect(),
            covers,
            declarations: vec![Declaration::Reprint, Declaration::Opinion],
            source_name: Some("The Gazette".into()),
            source_url: Some("https://gazette.example/1?a=b&c".into()),
            canonical_url: Some("https://first.example/1".into()),
            region: Region::new("CN-ZJ", Some("浙江"), Some("Zhejiang")),
        }
    }
}

fn once_each(parts: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut seen = HashSet::new();
    parts.filter(|&part| seen.insert(part)).collect()
}

fn is_web_address(text: &str) -> bool {
    ["http://", "https://"]
        .iter()
        .any(|scheme| text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()))
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"'))
}

/// Roughly BCP 47: 2 to 8 letters, then groups of 1 to 8 letters or digits.
fn is_language_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    parts
        .next()
        .is_some_and(|first| (2..=8).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic()))
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Error;

    #[test]
    fn drafts_are_tidied_and_refused() {
        let draft = Draft {
            title: "  a \n b ".into(),
            subtitle: Some(" ".into()),
            tags: vec![Tag::new("Rust").unwrap(), Tag::new("rust").unwrap()],
            ..Draft::default()
        };
        let tidy = draft.tidy().unwrap();
        assert_eq!((tidy.title.as_str(), tidy.subtitle, tidy.tags.len()), ("a b", None, 1));

        let errors = Draft {
            title: "长".repeat(201),
            source_url: Some("javascript:x".into()),
            covers: vec!["a".into(); 2],
            ..Draft::default()
        };
        let Err(Error::Invalid(errors)) = errors.tidy() else { panic!("accepted") };
        assert_eq!(errors.0.iter().map(|e| e.field).collect::<Vec<_>>(), ["title", "covers", "source_url"]);
        // Nothing that is typed is without end.
        let endless = Draft {
            covers: vec!["a".repeat(1_000)],
            source_name: Some("长".repeat(201)),
            language: Some(format!("zh{}", "-hans".repeat(1_000))),
            canonical_url: Some(format!("https://{}", "a".repeat(3_000))),
            ..Draft::default()
        };
        let Err(Error::Invalid(errors)) = endless.tidy() else { panic!("accepted") };
        assert_eq!(
            errors.0.iter().map(|e| e.code).collect::<Vec<_>>(),
            ["cover-unknown", "source-long", "url-form", "language-form"]
        );
    }

    #[test]
    fn a_submission_is_complete() {
        let Err(Error::Invalid(errors)) =
            (Draft { declarations: vec![Declaration::Reprint], ..Draft::default() }).complete()
        else {
            panic!("accepted")
        };
        assert_eq!(
            errors.0.iter().map(|e| e.code).collect::<Vec<_>>(),
            ["title-empty", "body-empty", "channel-empty", "source-empty"]
        );
        // What shows nothing is not there.
        let blank = || "\u{3164}\u{200b}\u{2800}".to_owned();
        let draft = Draft { title: blank(), subtitle: Some(blank()), body: blank(), ..Draft::default() };
        let draft = draft.tidy().unwrap();
        assert_eq!((draft.title.as_str(), &draft.subtitle), ("", &None));
        let Err(Error::Invalid(errors)) = draft.complete() else { panic!("accepted") };
        assert_eq!(errors.0[..2].iter().map(|e| e.code).collect::<Vec<_>>(), ["title-empty", "body-empty"]);
    }

    #[test]
    fn every_line_is_cleaned_and_has_an_end() {
        for line in Draft::LINES {
            let with = |text: &str| {
                let mut draft = Draft::default();
                line.set(&mut draft, Some(text.to_owned()));
                draft
            };
            let (good, unit) = match line.kind {
                LineKind::Text(_) => ("a b", "a"),
                LineKind::Url => ("https://a.example/b", "b"),
                LineKind::Language => ("zh-hans", "-hans"),
            };
            let typed = format!("\u{200b} {} \n", good.replace(' ', "\t\u{7} "));
            assert_eq!(line.get(&with(&typed).tidy().unwrap()), Some(good), "{}", line.name);
            assert_eq!(line.get(&with(" \u{3164}\n").tidy().unwrap()), None, "{}", line.name);
            let long = format!("{good}{}", unit.repeat(line.max));
            let Err(Error::Invalid(errors)) = with(&long).tidy() else { panic!("{} has no end", line.name) };
            assert_eq!(errors.0.iter().map(|e| e.field).collect::<Vec<_>>(), [line.name]);
        }
    }

    #[test]
    fn what_is_declared_twice_is_declared_once() {
        use Declaration::{Ai, Opinion, Original};
        let declarations = vec![Original, Ai, Original, Opinion, Ai];
        let tidy = Draft { declarations, ..Draft::default() }.tidy().unwrap();
        assert_eq!(tidy.declarations, [Original, Ai, Opinion]);
    }

    /// Fields that an author fills in: each is a part that a reviewer is told of when it changes.
    #[test]
    fn a_change_of_any_field_is_told() {
        let full = Draft::with_every_field(Slug::new("city").unwrap(), vec!["a".into()]);
        let all = serde_json::to_value(&full).unwrap();
        let none = serde_json::to_value(Draft::default()).unwrap();
        let mut parts = HashSet::new();
        for (field, value) in all.as_object().unwrap() {
            assert_ne!(none.get(field), Some(value), "{field} is not filled in");
            let mut changed = all.clone();
            changed[field] = match value {
                serde_json::Value::Array(list) => list[1..].into(),
                _ if field == "format" => "text".into(),
                serde_json::Value::Object(_) => serde_json::to_value(Region::new("DE", None, None)).unwrap(),
                _ => format!("{}x", value.as_str().unwrap()).into(),
            };
            let Ok(changed) = serde_json::from_value::<Draft>(changed) else { panic!("{field}") };
            // Where it was written is the site's own finding.
            let parts_changed = usize::from(field != "region");
            assert_eq!(changed.changes(&full).len(), parts_changed, "{field}");
            parts.extend(changed.changes(&full));
        }
        assert_eq!(parts, Draft::parts().into_iter().collect());
    }
}
