//! An article as readers see it.

use articles::Draft;
use kernel::{Locale, Markup};
use serde::Serialize;

use super::Html;

/// What an article itself says: the same on its page, in previews and for reviewers. Drawn by `parts/article.html`.
#[derive(Clone, Debug, Serialize)]
pub struct ArticleText {
    pub title: String,
    pub subtitle: Option<String>,
    /// BCP 47
    pub language: String,
    pub html: Html,
    pub tags: Vec<String>,
    /// `articles::Declaration::name`
    pub declarations: Vec<&'static str>,
    pub source: Option<Source>,
    /// Full address where it was first published, if not here.
    pub canonical: Option<String>,
}

/// Where a reprinted article comes from.
#[derive(Clone, Debug, Serialize)]
pub struct Source {
    pub name: String,
    pub url: Option<String>,
}

impl ArticleText {
    /// `html` is what became of the draft's body, `language` what was given or guessed.
    pub fn new(draft: Draft, html: Markup, language: String) -> Self {
        // Field by field, so that what is new is met by the compiler.
        let Draft {
            title,
            subtitle,
            format: _,
            body: _,
            language: _,
            // Shown in each place's own way.
            channel: _,
            covers: _,
            region: _,
            tags,
            declarations,
            source_name,
            source_url,
            canonical_url,
        } = draft;
        Self {
            title,
            subtitle,
            language,
            html: html.into(),
            tags: tags.into_iter().map(Into::into).collect(),
            declarations: declarations.iter().map(|declaration| declaration.name()).collect(),
            source: source_name.map(|name| Source { name, url: source_url }),
            canonical: canonical_url,
        }
    }

    /// With something in every field.
    pub fn sample(locale: Locale) -> Self {
        let (title, subtitle, html) = match locale {
            Locale::ZhCn => (
                "潮汐表是怎样做出来的？",
                "一张表背后的三百年",
                "<p>每天清晨五点，值班员会先看一眼海面，再看仪器。</p><h2>三十七个分潮</h2><blockquote><p>海不会迟到。</p></blockquote>",
            ),
            Locale::En => (
                "How a tide table is made",
                "Three centuries behind one page",
                "<p>At five every morning the officer on duty looks at the sea first, then at the instruments.</p><h2>Thirty-seven constituents</h2>",
            ),
        };
        Self {
            title: title.into(),
            subtitle: Some(subtitle.into()),
            language: locale.tag().into(),
            html: Markup::sanitise(html).into(),
            tags: vec!["潮汐".into(), "tides".into()],
            declarations: vec!["reprint", "ai", "opinion"],
            source: Some(Source {
                name: "<i>水文月刊</i>".into(),
                url: Some("https://www.example.org/a?b&c".into()),
            }),
            canonical: Some("https://www.example.org/a?b&c".into()),
        }
    }

    /// With nothing in it that may be left out.
    pub fn bare(locale: Locale) -> Self {
        let full = Self::sample(locale);
        Self::new(Draft { title: full.title, ..Draft::default() }, Markup::default(), full.language)
    }
}
