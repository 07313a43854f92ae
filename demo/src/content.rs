//! Reading the demo's texts.

use std::time::Duration;

use anyhow::{Context, Result};
use include_dir::{Dir, include_dir};
use kernel::Time;
use serde::Deserialize;
use serde::de::DeserializeOwned;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/texts");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelText {
    pub slug: String,
    pub zh: String,
    pub en: String,
    pub colour: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorText {
    pub handle: String,
    pub name: String,
    pub kind: String,
    pub bio: String,
    pub field: Option<String>,
    pub region: String,
    pub owner: String,
    pub owner_name: String,
    /// Publishes without review.
    #[serde(default)]
    pub trusted: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReaderText {
    pub handle: String,
    pub name: String,
    pub region: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArticleText {
    #[serde(skip)]
    pub slug: String,
    #[serde(skip)]
    pub body: String,
    pub author: String,
    pub channel: String,
    pub language: String,
    pub title: String,
    pub subtitle: Option<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    pub days_ago: f64,
    #[serde(default)]
    pub declarations: Vec<String>,
    pub source_name: Option<String>,
    pub source_url: Option<String>,
    pub cover: Option<String>,
    #[serde(default)]
    pub covers: Vec<String>,
    #[serde(default)]
    pub heat: f64,
    #[serde(default)]
    pub comments: Vec<CommentText>,
    /// Of drafts: `draft`, `submitted`, `scheduled` or `returned`, and what belongs to it.
    pub state: Option<String>,
    pub in_hours: Option<f64>,
    pub return_code: Option<String>,
    pub return_note: Option<String>,
}

impl ArticleText {
    pub fn published(&self, now: Time) -> Time {
        now.minus(Duration::from_secs_f64(self.days_ago * 24.0 * 3_600.0))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommentText {
    pub by: String,
    pub hours: f64,
    pub text: String,
    #[serde(default)]
    pub likes: i64,
    pub reply_to: Option<usize>,
}

/// Somebody who wants to become an author.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationText {
    pub by: String,
    pub handle: String,
    pub name: String,
    pub kind: String,
    pub bio: String,
    pub reason: String,
}

/// A report of an article, or of the comment under it that has these words.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportText {
    pub by: String,
    pub article: String,
    pub comment: Option<String>,
    pub reason: String,
    pub text: String,
}

/// A comment that waits for a reviewer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldText {
    pub by: String,
    pub article: String,
    pub text: String,
}

/// A topic and what is in it, by slug.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicText {
    pub slug: String,
    pub zh: String,
    pub en: String,
    pub summary_zh: String,
    pub summary_en: String,
    pub cover: Option<String>,
    pub section: Vec<SectionText>,
    /// Whether it stands on the home page.
    pub home: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionText {
    #[serde(default)]
    pub title: String,
    pub articles: Vec<String>,
}

/// What the editor put where; `from` and `until` are hours from now.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlacementText {
    pub slot: String,
    pub article: String,
    pub note: Option<String>,
    pub from: Option<f64>,
    pub until: Option<f64>,
}

pub fn topics() -> Result<Vec<TopicText>> {
    list("editorial.toml", "topic")
}

pub fn placements() -> Result<Vec<PlacementText>> {
    list("editorial.toml", "place")
}

pub fn applications() -> Result<Vec<ApplicationText>> {
    list("queues.toml", "application")
}

pub fn reports() -> Result<Vec<ReportText>> {
    list("queues.toml", "report")
}

pub fn held() -> Result<Vec<HeldText>> {
    list("queues.toml", "held")
}

pub fn channels() -> Result<Vec<ChannelText>> {
    list("site.toml", "channel")
}

pub fn authors() -> Result<Vec<AuthorText>> {
    Ok([list("authors.zh.toml", "author")?, list("authors.en.toml", "author")?]
        .into_iter()
        .flatten()
        .collect())
}

pub fn readers() -> Result<Vec<ReaderText>> {
    Ok([list("readers.zh.toml", "reader")?, list("readers.en.toml", "reader")?]
        .into_iter()
        .flatten()
        .collect())
}

/// The articles of a folder, by slug.
pub fn articles(folder: &str) -> Result<Vec<ArticleText>> {
    let dir = FILES.get_dir(folder).with_context(|| format!("no folder {folder}"))?;
    dir.files().map(|file| article(file).with_context(|| file.path().display().to_string())).collect()
}

fn article(file: &include_dir::File<'_>) -> Result<ArticleText> {
    let text = file.contents_utf8().context("not UTF-8")?;
    let (head, body) =
        text.strip_prefix("+++\n").and_then(|rest| rest.split_once("\n+++\n")).context("no front matter")?;
    let slug = file.path().file_stem().context("no name")?.to_string_lossy().into_owned();
    Ok(ArticleText { slug, body: body.trim().to_owned(), ..toml::from_str(head)? })
}

fn list<T: DeserializeOwned>(file: &str, key: &str) -> Result<Vec<T>> {
    let text = FILES
        .get_file(file)
        .and_then(include_dir::File::contents_utf8)
        .with_context(|| format!("no file {file}"))?;
    let mut table: toml::Table = toml::from_str(text).with_context(|| file.to_owned())?;
    let rows = table.remove(key).with_context(|| format!("no {key} in {file}"))?;
    rows.try_into().with_context(|| file.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    /// A slip of the pen in the demo's texts shows here, not at an operator's first start.
    #[test]
    fn the_texts_fit_together() {
        let channels: HashSet<String> = super::channels().unwrap().into_iter().map(|c| c.slug).collect();
        let (authors, readers) = (super::authors().unwrap(), super::readers().unwrap());
        let handles: HashSet<&str> = authors.iter().map(|a| a.handle.as_str()).collect();
        let people: HashSet<&str> = authors
            .iter()
            .map(|a| a.owner.as_str())
            .chain(readers.iter().map(|r| r.handle.as_str()))
            .collect();
        let articles = super::articles("articles").unwrap();
        assert!(articles.len() >= 60 && channels.len() == 12 && authors.len() >= 15);
        for report in super::reports().unwrap() {
            let article = articles.iter().find(|article| article.slug == report.article).unwrap();
            let said = |text: String| article.comments.iter().any(|comment| comment.text.contains(&text));
            assert!(report.comment.is_none_or(said), "{}", report.article);
            assert!(
                people.contains(report.by.as_str()) && moderation::Reason::named(&report.reason).is_some()
            );
        }
        assert!(super::held().unwrap().iter().all(|held| articles.iter().any(|a| a.slug == held.article)));
        for place in super::placements().unwrap() {
            let slot = editorial::Slot::named(&place.slot).unwrap();
            assert!(slot.channel().is_none_or(|slug| channels.contains(slug.as_str())), "{}", place.slot);
            assert!(articles.iter().any(|a| a.slug == place.article), "{}", place.article);
        }
        for topic in super::topics().unwrap() {
            let members: Vec<&String> = topic.section.iter().flat_map(|s| &s.articles).collect();
            for slug in &members {
                assert!(articles.iter().any(|a| a.slug == **slug), "{slug}");
            }
            assert!(topic.cover.is_none_or(|cover| members.contains(&&cover)), "{}", topic.slug);
        }
        assert!(super::applications().unwrap().iter().all(|a| people.contains(a.by.as_str())));
        for article in articles.iter().chain(&super::articles("drafts").unwrap()) {
            assert!(channels.contains(&article.channel), "{}", article.slug);
            assert!(handles.contains(article.author.as_str()), "{}", article.slug);
            for name in &article.declarations {
                assert!(articles::Declaration::named(name).is_some(), "{}: {name}", article.slug);
            }
            let pictures =
                article.body.split("](art:").skip(1).filter_map(|rest| rest.split([' ', ')']).next());
            for picture in
                pictures.chain(article.cover.as_deref()).chain(article.covers.iter().map(String::as_str))
            {
                let kind = picture.split(':').next().unwrap_or_default();
                assert!(art::KINDS.contains(&kind), "{}: {picture}", article.slug);
            }
            for (n, comment) in article.comments.iter().enumerate() {
                assert!(people.contains(comment.by.as_str()), "{}: {}", article.slug, comment.by);
                assert!(comment.reply_to.is_none_or(|parent| parent < n), "{}: comment {n}", article.slug);
            }
        }
    }
}
