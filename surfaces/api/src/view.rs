//! What the API shows and takes, as its description tells it. Ids are texts, times RFC 3339.

use kernel::{ArticleId, AuthorId, CommentId, Handle, Locale, MediaId, Slug, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use crate::article::{Article, ArticleInput};

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
