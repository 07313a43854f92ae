//! The article page.

use kernel::{ArticleId, Locale, Markup, Region, Time, lang};
use serde::Serialize;
use serde_json::{Value, json};
use web::path_segment;
use web::render::{ArticleText, Html, PageLayout, Source, View, handle_path};

use super::blocks::{Features, Headlines, HotLine, HotWhy};
use super::comments::Thread;
use super::parts::{AuthorCard, AuthorRef, Card, CardList, ChannelRef, Cover, Reason};
use super::samples;
use super::slots::{Actions, MyComments};
use super::topics::{TopicRef, sample_cards};

/// The article itself.
#[derive(Clone, Debug, Serialize)]
pub struct Article {
    pub id: ArticleId,
    #[serde(flatten)]
    pub text: ArticleText,
    /// For the head: what the article is about, in plain words.
    pub excerpt: String,
    pub author: AuthorRef,
    pub channel: ChannelRef,
    /// Nothing where it came from elsewhere without a date.
    pub published: Option<Time>,
    /// When it was last changed for all to see.
    pub updated: Option<Time>,
    /// IP属地, in the languages that there are: `zh`, `en`.
    pub region: Option<Region>,
    /// Where the author says to be.
    pub place: Option<String>,
    /// Minutes
    pub reading: i64,
    /// Pictures for link previews, the best first.
    pub covers: Vec<Cover>,
}

impl Article {
    pub fn path(&self) -> String {
        format!("/article/{}", self.id)
    }
}

/// `/article/{id}`
#[derive(Clone, Debug, Serialize)]
pub struct ArticlePage {
    pub article: Article,
    /// The topics that it is in.
    pub topics: Vec<TopicRef>,
    pub actions: Actions,
    pub thread: Thread,
    /// At most ten.
    pub related: CardList,
    /// About twenty lines ([`super::blocks::HotLine`]), and why they are there ([`super::blocks::HotWhy`]).
    pub hot: Vec<Html>,
    pub hot_why: Html,
    pub author: AuthorCard,
    /// The author's latest five but this one.
    pub archive: Vec<Card>,
    /// [`super::blocks::Headlines`]
    pub headlines: Html,
    /// [`super::blocks::Features`]
    pub features: Html,
}

impl View for ArticlePage {
    const TEMPLATE: &'static str = "article.html";

    fn samples(locale: Locale) -> Vec<Self> {
        vec![full_sample(locale), bare_sample(locale), foreign_sample(locale)]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        let article = &self.article;
        let url = page.absolute(&article.path());
        page.kind = "article";
        page.title = Some(article.text.title.clone());
        let summary = article.text.subtitle.as_ref().unwrap_or(&article.excerpt);
        page.description = Some(summary.clone()).filter(|summary| !summary.is_empty());
        page.image = article.covers.first().map(|cover| page.absolute(&cover.src));
        page.channel = Some(article.channel.slug.clone());
        page.feeds_of(&article.author.name, &handle_path(&article.author.handle));
        page.oembed = Some(page.absolute(&format!("/oembed?url={}&format=json", path_segment(&url))));
        page.json_ld = vec![self.news_article(page, &url), self.breadcrumb(page)];
        page.canonical = Some(article.text.canonical.clone().unwrap_or(url));
    }
}

impl ArticlePage {
    /// <https://schema.org/NewsArticle>
    fn news_article(&self, page: &PageLayout, url: &str) -> Value {
        let article = &self.article;
        let author_url = page.absolute(&handle_path(&article.author.handle));
        let images: Vec<String> = article.covers.iter().map(|cover| page.absolute(&cover.src)).collect();
        let mut value = json!({
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "@id": format!("{url}#article"),
            "mainEntityOfPage": url,
            "headline": article.text.title,
            "author": { "@type": if self.author.kind == "person" { "Person" } else { "Organization" },
                        "name": article.author.name, "url": author_url },
            "publisher": { "@type": "Organization", "name": page.site.name, "url": page.absolute("/") },
            "articleSection": article.channel.name,
            "keywords": article.text.tags,
            "timeRequired": format!("PT{}M", article.reading),
            "commentCount": self.thread.total,
            "isAccessibleForFree": true,
            "interactionStatistic": {
                "@type": "InteractionCounter",
                "interactionType": "https://schema.org/LikeAction",
                "userInteractionCount": self.actions.likes,
            },
        });
        if let Some(published) = article.published {
            value["datePublished"] = json!(published);
        }
        if let Some(modified) = article.updated.or(article.published) {
            value["dateModified"] = json!(modified);
        }
        if !article.excerpt.is_empty() {
            value["description"] = json!(article.excerpt);
        }
        if article.text.language != lang::UNKNOWN {
            value["inLanguage"] = json!(article.text.language);
        }
        if !images.is_empty() {
            value["image"] = json!(images);
        }
        if let Some(subtitle) = &article.text.subtitle {
            value["alternativeHeadline"] = json!(subtitle);
        }
        if let Some(source) = &article.text.source {
            value["isBasedOn"] = json!(source.url.as_ref().unwrap_or(&source.name));
        }
        value
    }

    /// 首页 › 号 › 正文; <https://schema.org/BreadcrumbList>
    fn breadcrumb(&self, page: &PageLayout) -> Value {
        let steps = [
            (page.site.name.as_str(), page.absolute("/")),
            (&self.article.author.name, page.absolute(&handle_path(&self.article.author.handle))),
            (&self.article.text.title, page.absolute(&self.article.path())),
        ];
        let step = |(at, (name, item)): (usize, (&str, String))| json!({ "@type": "ListItem", "position": at + 1, "name": name, "item": item });
        let items: Vec<Value> = steps.into_iter().enumerate().map(step).collect();
        json!({ "@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items })
    }
}

/// The page as it is on a good day.
fn full_sample(locale: Locale) -> ArticlePage {
    let body = match locale {
        Locale::ZhCn => samples::BODY_ZH,
        Locale::En => samples::BODY_EN,
    };
    let (title, subtitle, excerpt, of, _) = samples::text(locale, 0);
    ArticlePage {
        topics: sample_cards(locale).into_iter().take(2).map(|card| card.topic).collect(),
        article: Article {
            id: samples::ARTICLE,
            text: ArticleText {
                title: title.to_owned(),
                subtitle: Some(subtitle.to_owned()),
                html: Markup::sanitise(body).into(),
                tags: samples::tags(locale),
                declarations: vec!["original", "opinion"],
                source: None,
                canonical: None,
                ..ArticleText::sample(locale)
            },
            excerpt: excerpt.to_owned(),
            author: samples::author(locale, 0),
            channel: samples::channel(locale, of),
            published: Some(samples::before(128)),
            updated: Some(samples::before(40)),
            region: Region::new("CN-ZJ", Some("浙江"), Some("Zhejiang")),
            place: samples::author_card(locale).region,
            reading: 6,
            covers: vec![samples::cover(3)],
        },
        actions: Actions::sample(locale),
        thread: Thread {
            article: samples::ARTICLE,
            total: 312,
            hot: samples::floors(locale, 3),
            new: samples::floors(locale, 12).split_off(3),
            all: Some(format!("/article/{}/comments?sort=new", samples::ARTICLE)),
            mine: MyComments::sample(),
            reply: None,
        },
        related: CardList::new(samples::heated(locale, 10)),
        hot: (0..20).map(|n| samples::drawn(locale, &HotLine { card: samples::card(locale, n) })).collect(),
        hot_why: samples::drawn(
            locale,
            &HotWhy { why: Some(Reason { code: "hot", ..Reason::default() }), mixed: false },
        ),
        author: samples::author_card(locale),
        archive: samples::cards(locale, 5),
        headlines: samples::drawn(
            locale,
            &Headlines { headlines: samples::headlines(locale), ..Headlines::default() },
        ),
        features: samples::drawn(locale, &Features { features: samples::strips(locale, 5) }),
    }
}

/// The longest title, no picture, no comments, nothing to go on to.
fn bare_sample(locale: Locale) -> ArticlePage {
    let n = if locale == Locale::ZhCn { 4 } else { 2 };
    let full = full_sample(locale);
    ArticlePage {
        topics: vec![],
        article: Article {
            text: ArticleText {
                title: samples::text(locale, n).0.to_owned(),
                language: full.article.text.language,
                html: Markup::from_text(samples::text(locale, n).2).into(),
                declarations: vec!["reprint", "ai", "fiction"],
                source: Some(Source {
                    name: "<i>临江晚报</i>".into(),
                    url: Some("https://www.example.org/a?b&c".into()),
                }),
                canonical: Some("https://www.example.org/a?b&c".into()),
                ..ArticleText::bare(locale)
            },
            updated: None,
            region: None,
            place: None,
            covers: vec![],
            ..full.article
        },
        actions: Actions { likes: 0, ..full.actions },
        thread: Thread { total: 0, hot: vec![], new: vec![], all: None, ..full.thread },
        related: CardList::default(),
        hot: vec![],
        hot_why: Html::default(),
        author: AuthorCard {
            avatar: None,
            field: None,
            bio: String::new(),
            region: None,
            articles: 1,
            followers: 0,
            ..full.author
        },
        archive: vec![],
        headlines: samples::drawn(locale, &Headlines::default()),
        features: samples::drawn(locale, &Features { features: vec![] }),
    }
}

/// An article in the language that the page is not in.
fn foreign_sample(locale: Locale) -> ArticlePage {
    let other = if locale == Locale::ZhCn { Locale::En } else { Locale::ZhCn };
    let foreign = full_sample(other);
    ArticlePage {
        article: Article { channel: samples::channel(locale, 2), ..foreign.article },
        related: CardList::new(samples::cards(locale, 4)),
        author: foreign.author,
        ..full_sample(locale)
    }
}
