//! Articles as the API shows and takes them. The one way from a field of [`Draft`] to its name here, and back: structs are taken apart
//! field by field, so that what is new is met by the compiler.

use articles::{COVERS_MAX, Declaration, Draft, Format, TAGS_MAX};
use kernel::{ArticleId, Error, Markup, Slug, Tag, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::codes;
use crate::error::{ApiError, InvalidField, Result};
use crate::show::names;
use crate::view::{Byline, Picture, Region};

/// A list that is longer is not looked into.
const LONG: usize = 50;

/// A whole article.
#[derive(Debug, Serialize, ToSchema)]
pub struct Article {
    #[schema(value_type = String, example = "4T5uJcKzRGx")]
    pub id: ArticleId,
    #[schema(format = "uri", example = "https://news.example/article/4T5uJcKzRGx")]
    pub url: String,
    #[schema(example = "潮汐表是怎样做出来的")]
    pub title: String,
    pub subtitle: Option<String>,
    pub excerpt: String,
    /// The text as sanitised HTML. Addresses of this site begin with `/`.
    #[schema(value_type = String, example = "<p>潮汐表是怎样做出来的？</p>")]
    pub html: Markup,
    /// BCP 47.
    #[schema(example = "zh")]
    pub language: String,
    pub author: Byline,
    /// Null only in a draft.
    #[schema(value_type = Option<String>, example = "tech")]
    pub channel: Option<Slug>,
    pub covers: Vec<Picture>,
    /// `original`, `reprint`, `ai`, `fiction`, `opinion`.
    #[schema(value_type = Vec<String>, example = json!(["original"]))]
    pub declarations: Vec<&'static str>,
    #[schema(value_type = Vec<String>, example = json!(["潮汐"]))]
    pub tags: Vec<Tag>,
    pub reading_minutes: i64,
    /// Where it was written, as the site found out from the address it came from; null where it does not know.
    pub region: Option<Region>,
    /// Where the author says to be.
    pub place: Option<String>,
    /// Where a reprint is from.
    pub source_name: Option<String>,
    #[schema(format = "uri")]
    pub source_url: Option<String>,
    #[schema(format = "uri")]
    pub canonical_url: Option<String>,
    pub comments: i64,
    /// Null before it was published.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub published_at: Option<Time>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub edited_at: Option<Time>,
    /// For those who write for its author, when they ask with their token.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub desk: Option<Desk>,
}

/// How an article stands with its author and the site.
#[derive(Debug, Serialize, ToSchema)]
pub struct Desk {
    /// `draft`, `submitted`, `scheduled`, `live`, `returned` or `retracted`.
    #[schema(example = "draft")]
    pub state: &'static str,
    /// The newest saved version: what an edit is based on.
    pub version: i64,
    /// The version that readers see, or would see.
    pub shown: i64,
    /// Changes to a live article wait for review.
    pub pending: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub publish_at: Option<Time>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Time,
    /// Why a reviewer sent it back, and in the reviewer's words.
    pub return_code: Option<String>,
    pub return_note: Option<String>,
    pub retract_code: Option<String>,
    /// The newest version as it was written.
    pub draft: ArticleInput,
}

/// An article as its author writes it.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({
    "title": "潮汐表是怎样做出来的",
    "body": "从一根刻度尺说起。\n\n![港口](/media/9f86d081884c7d659a2feaa0c55ad015/full.jpg \"清晨的港口\")",
    "format": "markdown",
    "author": "nanpo",
    "channel": "science",
    "tags": ["潮汐", "港口"],
    "covers": ["9f86d081884c7d659a2feaa0c55ad015"],
    "declarations": ["original"]
}))]
pub struct ArticleInput {
    /// The version that this edit is based on, from `desk.version`. Only, and always, in an edit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub version: Option<i64>,
    /// Handle of the author to write for; may be left out by those who write for one only. Only for a new article.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub author: Option<String>,
    #[schema(max_length = 200)]
    pub title: String,
    #[schema(max_length = 300)]
    pub subtitle: Option<String>,
    /// At most 2 MiB. Scripts, styles, frames and forms in it are dropped.
    pub body: String,
    /// `markdown` (CommonMark with tables), `html` or `text`; `markdown` where it is not given.
    #[schema(example = "markdown")]
    pub format: Option<String>,
    /// BCP 47; guessed from the text where it is not given.
    pub language: Option<String>,
    /// Slug of a channel. A draft can do without, a submission cannot.
    pub channel: Option<String>,
    #[schema(max_items = 10)]
    pub tags: Vec<String>,
    /// Hashes of one or three pictures, as their uploads returned them.
    #[schema(max_items = 3)]
    pub covers: Vec<String>,
    /// Any of `original`, `reprint` (needs `source_name`), `ai`, `fiction`, `opinion`.
    pub declarations: Vec<String>,
    /// Where a reprint is from.
    pub source_name: Option<String>,
    #[schema(format = "uri")]
    pub source_url: Option<String>,
    #[schema(format = "uri")]
    pub canonical_url: Option<String>,
}

impl ArticleInput {
    /// The newest version as it was written.
    fn of(draft: Draft) -> Self {
        let Draft {
            title,
            subtitle,
            format,
            body,
            language,
            channel,
            tags,
            covers,
            declarations,
            source_name,
            source_url,
            canonical_url,
            // The site's own finding.
            region: _,
        } = draft;
        Self {
            version: None,
            author: None,
            title,
            subtitle,
            body,
            format: Some(format.name().to_owned()),
            language,
            channel: channel.map(Into::into),
            tags: tags.into_iter().map(Into::into).collect(),
            covers,
            declarations: names(&declarations).into_iter().map(str::to_owned).collect(),
            source_name,
            source_url,
            canonical_url,
        }
    }

    /// What was written, in the features' words. What cannot be read is added to `wrong`.
    pub fn draft(self, errors: &mut Vec<InvalidField>) -> Result<Draft> {
        let Self {
            version: _,
            author: _,
            title,
            subtitle,
            body,
            format,
            language,
            channel,
            tags,
            covers,
            declarations,
            source_name,
            source_url,
            canonical_url,
        } = self;
        // Nobody is told a hundred thousand times what is wrong.
        let long = [
            ("tags", tags.len(), TAGS_MAX, codes::TAGS_MANY),
            ("covers", covers.len(), COVERS_MAX, codes::COVERS_COUNT),
            ("declarations", declarations.len(), Declaration::ALL.len(), codes::DECLARATIONS_MANY),
        ];
        if long.iter().any(|&(_, len, ..)| len > LONG) {
            let long = long.into_iter().filter(|&(_, len, most, _)| len > most);
            errors.extend(long.map(|(field, _, most, code)| InvalidField {
                limit: Some(most as i64),
                ..InvalidField::new(field, code)
            }));
            return Err(ApiError::invalid(std::mem::take(errors)));
        }
        let named = |name: Option<String>| name.filter(|name| !name.is_empty());
        let format = match named(format) {
            Some(name) => Format::named(&name).unwrap_or_else(|| {
                errors.push(InvalidField::new("format", codes::FORMAT_UNKNOWN));
                Format::default()
            }),
            None => Format::default(),
        };
        let channel = named(channel).and_then(|slug| {
            let slug = Slug::new(&slug).ok();
            if slug.is_none() {
                errors.push(InvalidField::new("channel", codes::CHANNEL_UNKNOWN));
            }
            slug
        });
        let tags = each("tags", &tags, codes::TAG_FORM, errors, |tag| Tag::new(tag).ok());
        let declarations =
            each("declarations", &declarations, codes::DECLARATION_UNKNOWN, errors, Declaration::named);
        Ok(Draft {
            title,
            subtitle,
            format,
            body,
            language,
            channel,
            tags,
            covers,
            declarations,
            source_name,
            source_url,
            canonical_url,
            region: None,
        })
    }
}

/// The entries of a list that can be read; the others are added to `wrong`.
fn each<T>(
    field: &str,
    list: &[String],
    code: &'static str,
    errors: &mut Vec<InvalidField>,
    read: impl Fn(&str) -> Option<T>,
) -> Vec<T> {
    let mut found = Vec::with_capacity(list.len());
    for (n, text) in list.iter().enumerate() {
        match read(text) {
            Some(one) => found.push(one),
            None => errors.push(InvalidField::new(format!("{field}[{n}]"), code)),
        }
    }
    found
}

impl Api {
    /// The article as everybody may see it.
    pub async fn article(&self, article: articles::Article) -> kernel::Result<Article> {
        let author = self.bylines([article.author]).await?.remove(&article.author).ok_or(Error::NotFound)?;
        let pictures = self.pictures(&article.draft.covers).await?;
        let comments = self.comments.counts(&[article.id]).await?;
        let Draft {
            title,
            subtitle,
            // What is made of these is shown.
            format: _,
            body: _,
            language: _,
            channel,
            tags,
            covers,
            declarations,
            source_name,
            source_url,
            canonical_url,
            region,
        } = article.draft;
        Ok(Article {
            id: article.id,
            url: self.address(&format!("/article/{}", article.id)),
            title,
            subtitle,
            excerpt: article.excerpt,
            html: article.html,
            language: article.language,
            author,
            channel,
            covers: self.covers(&covers, &pictures),
            declarations: names(&declarations),
            tags,
            reading_minutes: article.reading_minutes,
            region: region.map(Into::into),
            place: article.place,
            source_name,
            source_url,
            canonical_url,
            comments: comments.get(&article.id).copied().unwrap_or(0),
            published_at: article.published_at,
            edited_at: article.edited_at,
            desk: None,
        })
    }

    /// The article with what only those who write for its author may see: the caller has checked.
    pub async fn own_article(&self, article: articles::Article) -> kernel::Result<Article> {
        let newest = self.articles.newest(article.id).await?.unwrap_or_else(|| article.draft.clone());
        let desk = Desk {
            state: article.state.name(),
            version: article.latest,
            shown: article.version,
            pending: article.pending,
            publish_at: article.publish_at,
            created_at: article.created_at,
            updated_at: article.updated_at,
            return_code: article.return_code.clone(),
            return_note: article.return_note.clone(),
            retract_code: article.retract_code.clone(),
            draft: ArticleInput::of(newest),
        };
        Ok(Article { desk: Some(desk), ..self.article(article).await? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_comes_back_from_a_program() {
        let full = Draft::with_every_field(Slug::new("city").unwrap(), vec!["a".into(); 3]);
        let written = serde_json::to_string(&ArticleInput::of(full.clone())).unwrap();
        let read: ArticleInput = serde_json::from_str(&written).unwrap();
        let mut errors = Vec::new();
        let draft = read.draft(&mut errors).unwrap();
        assert!(errors.is_empty(), "{errors:?}");
        // Where it was written is nothing that a program could set.
        assert_eq!(draft, Draft { region: None, ..full });
    }
}
