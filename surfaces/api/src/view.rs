//! What the API shows and takes, as its description tells it. Ids are texts, times RFC 3339.

use kernel::{ArticleId, AuthorId, CommentId, Handle, Locale, Markup, MediaId, Slug, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Where the list goes on, for `cursor`; null at its end. Opaque: take it as it is.
    #[schema(value_type = Option<String>, example = "iRvCbLq.4T5uJcKzRGx")]
    pub next: Option<kernel::Cursor>,
}

/// A picture and the sizes it comes in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Picture {
    #[schema(value_type = String, example = "4T5uJcKzRGw")]
    pub id: MediaId,
    /// Names the picture in `covers`.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015")]
    pub hash: String,
    /// JPEG, or PNG where something shows through; at most 1920 pixels wide. For `![](…)` in a body, the path alone does too.
    #[schema(
        format = "uri",
        example = "https://news.example/media/9f86d081884c7d659a2feaa0c55ad015/full.jpg"
    )]
    pub url: String,
    /// Of the original, in pixels.
    pub width: u32,
    pub height: u32,
    /// To fill its place until it has loaded.
    #[schema(example = "#7a3b8f")]
    pub colour: String,
    /// The moving picture (GIF or WebP), if it is one.
    #[schema(format = "uri")]
    pub animation: Option<String>,
    /// What was uploaded moved, but too long, too large or damaged: only its first frame was kept.
    pub first_frame_only: bool,
    /// The same as WebP, narrowest first.
    pub variants: Vec<Variant>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Variant {
    /// In pixels.
    pub width: u32,
    #[schema(format = "uri")]
    pub url: String,
}

/// The account that published something.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Byline {
    #[schema(value_type = String, example = "4T5uJcKzRGv")]
    pub id: AuthorId,
    #[schema(value_type = String, example = "nanpo")]
    pub handle: Handle,
    #[schema(example = "南坡观察")]
    pub name: String,
    /// The site has checked who stands behind the name.
    pub verified: bool,
    #[schema(format = "uri")]
    pub url: String,
}

/// A publishing account.
#[derive(Debug, Serialize, ToSchema)]
pub struct Author {
    #[serde(flatten)]
    pub byline: Byline,
    /// `person`, `media`, `company`, `government` or `other`.
    #[schema(example = "media")]
    pub kind: &'static str,
    pub bio: String,
    /// What the author is known to know about.
    pub field: Option<String>,
    /// Where the author says to be.
    pub place: Option<String>,
    pub avatar: Option<Picture>,
    /// How many articles can be read.
    pub articles: i64,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
}

/// A country, or a province of China.
#[derive(Debug, Serialize, ToSchema)]
pub struct Region {
    /// ISO 3166
    #[schema(example = "CN-ZJ")]
    pub code: String,
    #[schema(example = "浙江")]
    pub zh: String,
    #[schema(example = "Zhejiang")]
    pub en: String,
}

impl From<kernel::Region> for Region {
    fn from(region: kernel::Region) -> Self {
        let name = |locale| region.name(locale).to_owned();
        Self { code: region.code().to_owned(), zh: name(Locale::ZhCn), en: name(Locale::En) }
    }
}

/// A subject section.
#[derive(Debug, Serialize, ToSchema)]
pub struct Channel {
    #[schema(value_type = String, example = "tech")]
    pub slug: Slug,
    pub name: Names,
    #[schema(example = "#1f5fbf")]
    pub colour: String,
    #[schema(format = "uri")]
    pub url: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Names {
    #[schema(example = "科技")]
    pub zh: String,
    #[schema(example = "Technology")]
    pub en: String,
}

/// All channels, in the site's order.
#[derive(Debug, Serialize, ToSchema)]
pub struct Channels {
    pub items: Vec<Channel>,
}

/// An article as lists show it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Card {
    #[schema(value_type = String, example = "4T5uJcKzRGx")]
    pub id: ArticleId,
    #[schema(format = "uri", example = "https://news.example/article/4T5uJcKzRGx")]
    pub url: String,
    #[schema(example = "潮汐表是怎样做出来的")]
    pub title: String,
    pub subtitle: Option<String>,
    /// The beginning of the text.
    pub excerpt: String,
    /// BCP 47.
    #[schema(example = "zh")]
    pub language: String,
    pub author: Byline,
    #[schema(value_type = String, example = "tech")]
    pub channel: Slug,
    /// Up to three.
    pub covers: Vec<Picture>,
    /// `original`, `reprint`, `ai`, `fiction`, `opinion`.
    #[schema(value_type = Vec<String>, example = json!(["original"]))]
    pub declarations: Vec<&'static str>,
    /// How many comments can be read.
    pub comments: i64,
    #[schema(value_type = String, format = DateTime)]
    pub published_at: Time,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub edited_at: Option<Time>,
    /// Why it stands in a list of what is hot or related, such as `close`, `together`, `rising`, `talked`, `editor`; null in other lists.
    #[schema(value_type = Option<String>, example = "close")]
    pub why: Option<&'static str>,
}

/// A few articles, best first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cards {
    pub items: Vec<Card>,
}

/// An article that editors put first, and where.
#[derive(Debug, Serialize, ToSchema)]
pub struct Headline {
    /// `home` (the lead of the home page), `headline` (of a channel) or `pinned` (on a channel's page).
    #[schema(example = "headline")]
    pub slot: &'static str,
    /// Null for the home page.
    #[schema(value_type = Option<String>, example = "tech")]
    pub channel: Option<Slug>,
    /// What the editors say of it.
    pub note: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub since: Time,
    /// Null where it stays until it is removed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Time>,
    pub article: Card,
}

/// What editors put first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Headlines {
    pub items: Vec<Headline>,
}

/// A topic, in the languages that it speaks: the other one is empty.
#[derive(Debug, Serialize, ToSchema)]
pub struct TopicCard {
    #[schema(value_type = String, example = "spring-tide")]
    pub slug: Slug,
    #[schema(format = "uri", example = "https://news.example/topic/spring-tide")]
    pub url: String,
    pub title: Names,
    pub summary: Names,
    #[schema(value_type = String, format = DateTime)]
    pub published_at: Time,
}

/// A topic with its articles.
#[derive(Debug, Serialize, ToSchema)]
pub struct Topic {
    #[serde(flatten)]
    pub topic: TopicCard,
    pub sections: Vec<TopicSection>,
}

/// Articles under a heading.
#[derive(Debug, Serialize, ToSchema)]
pub struct TopicSection {
    pub title: String,
    pub items: Vec<Card>,
}

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
    pub tags: Vec<kernel::Tag>,
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

/// When to publish.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({"publish_at": "2030-01-01T08:00:00+08:00"}))]
pub struct Submission {
    /// RFC 3339, in the future; at once where it is not given.
    #[schema(format = DateTime)]
    pub publish_at: Option<String>,
}

/// A comment.
#[derive(Debug, Serialize, ToSchema)]
pub struct Comment {
    #[schema(value_type = String, example = "4T5uJcKzRGz")]
    pub id: CommentId,
    /// The comment that it answers.
    #[schema(value_type = Option<String>)]
    pub parent: Option<CommentId>,
    /// False where it was taken away and only its place is left.
    pub available: bool,
    pub name: String,
    /// Whether it was written by somebody who writes for the article's author.
    pub by_author: bool,
    /// Where it was written, as the site found out from the address it came from; null where it does not know.
    pub region: Option<Region>,
    /// Plain text.
    pub text: String,
    pub likes: i64,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
}

/// A comment and those it answers, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Floor {
    #[serde(flatten)]
    pub comment: Comment,
    pub quotes: Vec<Comment>,
}

/// What a search found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Results {
    pub items: Vec<Hit>,
    /// How many there are in all.
    pub total: usize,
    /// The text index is being made: there may be more in a few minutes.
    pub partial: bool,
    /// How many have everything as it was asked for: they come first.
    pub whole: usize,
    /// How many have what is spelled or pronounced alike: they come next. The rest has some of the words.
    pub alike: usize,
    /// Nothing has all the words; these have some of them.
    pub relaxed: bool,
    /// What may have been meant.
    pub instead: Option<String>,
    /// What else may be searched for.
    pub related: Vec<String>,
    /// Where the list goes on, for `cursor`; null at its end.
    #[schema(value_type = Option<String>)]
    pub next: Option<kernel::Cursor>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Hit {
    pub article: Card,
    /// The title in pieces.
    pub title: Vec<Piece>,
    /// The passage that shows best why it was found.
    pub passage: Vec<Piece>,
    /// Why it is there: what has the words (`title`, `author`, `tag`, `text`), and where that is not all of them as they were
    /// asked for, `pronounced`, `spelled` or `part`.
    #[schema(example = json!(["title", "text"]))]
    pub why: Vec<&'static str>,
}

/// What may be meant by what is being typed, for each kind the likeliest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suggestions {
    /// What many search for.
    pub queries: Vec<String>,
    pub authors: Vec<SuggestedAuthor>,
    pub tags: Vec<String>,
    pub titles: Vec<SuggestedTitle>,
    /// The text index is being made: there may be more in a few minutes.
    pub partial: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestedAuthor {
    pub handle: String,
    pub name: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestedTitle {
    #[schema(value_type = String)]
    pub id: ArticleId,
    pub title: String,
}

/// A piece of a text.
#[derive(Debug, Serialize, ToSchema)]
pub struct Piece {
    pub text: String,
    /// It is what was searched for.
    pub mark: bool,
}
