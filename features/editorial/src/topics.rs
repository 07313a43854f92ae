//! 专题: what a topic is, and what it must hold.

use articles::Card;
use kernel::{ArticleId, Error, Invalid, Locale, Result, Slug, Time, TopicId, name};

use crate::codes;

const TITLE_MAX: usize = 60;
const SUMMARY_MAX: usize = 300;
const SECTION_MAX: usize = 40;

/// Articles about one thing, put together by an editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    pub id: TopicId,
    pub slug: Slug,
    pub text: TopicText,
    /// The article whose cover is the topic's.
    pub cover: Option<ArticleId>,
    pub live: bool,
    pub created_at: Time,
    pub changed_at: Time,
    /// When it went live first.
    pub published_at: Option<Time>,
}

/// What a topic says of itself, in both languages or in one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TopicText {
    pub zh: String,
    pub en: String,
    pub summary_zh: String,
    pub summary_en: String,
}

impl TopicText {
    /// In the page's language where there is one, and the language it is in.
    pub fn title(&self, locale: Locale) -> (&str, &'static str) {
        either(locale, &self.zh, &self.en)
    }

    pub fn summary(&self, locale: Locale) -> (&str, &'static str) {
        either(locale, &self.summary_zh, &self.summary_en)
    }

    pub(crate) fn tidy(mut self) -> Result<Self> {
        let mut errors = Invalid::default();
        for (field, text, most) in [
            ("zh", &mut self.zh, TITLE_MAX),
            ("en", &mut self.en, TITLE_MAX),
            ("summary_zh", &mut self.summary_zh, SUMMARY_MAX),
            ("summary_en", &mut self.summary_en, SUMMARY_MAX),
        ] {
            *text = name::one_line(text);
            if text.chars().count() > most {
                errors.add_limit(field, codes::FIELD_LONG, most as i64);
            }
        }
        if self.zh.is_empty() && self.en.is_empty() {
            errors.add("zh", codes::TOPIC_TITLE_EMPTY);
        }
        errors.check().map(|()| self)
    }
}

fn either<'a>(locale: Locale, zh: &'a str, en: &'a str) -> (&'a str, &'static str) {
    let chinese = match locale {
        Locale::ZhCn => !zh.is_empty() || en.is_empty(),
        Locale::En => en.is_empty() && !zh.is_empty(),
    };
    if chinese { (zh, "zh") } else { (en, "en") }
}

/// An article in a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub article: ArticleId,
    /// Under which heading it stands; empty for those before all sections.
    pub section: String,
}

/// A new topic's slug and text, or all that is wrong with both.
pub(crate) fn named(slug: &str, text: TopicText) -> Result<(Slug, TopicText)> {
    match (Slug::new(slug.trim()), text.tidy()) {
        (Ok(slug), Ok(text)) => Ok((slug, text)),
        (Err(Error::Invalid(slug)), Err(Error::Invalid(text))) => {
            Err(Error::Invalid(Invalid([slug.0, text.0].concat())))
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

pub(crate) fn section(text: &str) -> Result<String> {
    let text = name::one_line(text);
    let mut errors = Invalid::default();
    if text.chars().count() > SECTION_MAX {
        errors.add_limit("section", codes::FIELD_LONG, SECTION_MAX as i64);
    }
    errors.check().map(|()| text)
}

/// The articles that may be seen, under their headings. Those of one section stand together, where the first of them stands.
pub fn sections(members: &[Member], cards: &[Card]) -> Vec<(String, Vec<Card>)> {
    let mut sections: Vec<(String, Vec<Card>)> = Vec::new();
    for member in members {
        let Some(card) = cards.iter().find(|card| card.id == member.article) else { continue };
        match sections.iter_mut().find(|(section, _)| *section == member.section) {
            Some((_, cards)) => cards.push(card.clone()),
            None => sections.push((member.section.clone(), vec![card.clone()])),
        }
    }
    // What stands under no heading would seem to belong to the one above it.
    sections.sort_by_key(|(section, _)| !section.is_empty());
    sections
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::AuthorId;

    #[test]
    fn a_topic_speaks_the_language_it_has() {
        let text = |zh: &str, en: &str| TopicText { zh: zh.into(), en: en.into(), ..TopicText::default() };
        let both = text("潮汐", "Tides");
        assert_eq!((both.title(Locale::ZhCn), both.title(Locale::En)), (("潮汐", "zh"), ("Tides", "en")));
        assert_eq!(text("潮汐", "").title(Locale::En), ("潮汐", "zh"));
        assert_eq!(text("", "Tides").title(Locale::ZhCn), ("Tides", "en"));
        assert_eq!(text("", "").tidy().unwrap_err().to_string(), "zh: topic-title-empty");
        let long = text("潮", &"a".repeat(61)).tidy().unwrap_err();
        assert_eq!(long.to_string(), "en: field-long (60)");
        let both = named("Sea!", text("", "")).unwrap_err();
        assert_eq!(both.to_string(), "slug: slug-form; zh: topic-title-empty");
    }

    #[test]
    fn sections_hold_together_and_show_only_what_is_seen() {
        let member = |id: i64, section: &str| Member { article: ArticleId::new(id), section: section.into() };
        let card = |id: i64| Card {
            id: ArticleId::new(id),
            author: AuthorId::new(1),
            channel: Slug::new("city").unwrap(),
            title: id.to_string(),
            subtitle: None,
            excerpt: String::new(),
            language: "zh".into(),
            covers: vec![],
            declarations: vec![],
            published_at: Time::from_millis(0),
            edited_at: None,
        };
        let members =
            [member(1, "Then"), member(2, "Now"), member(3, "Then"), member(4, ""), member(5, "Gone")];
        let cards = [card(4), card(3), card(2), card(1)];
        let found = sections(&members, &cards);
        let grouped: Vec<_> = found
            .iter()
            .map(|(section, cards)| {
                (section.as_str(), cards.iter().map(|card| card.id.raw()).collect::<Vec<_>>())
            })
            .collect();
        assert_eq!(grouped, [("", vec![4]), ("Then", vec![1, 3]), ("Now", vec![2])]);
    }
}
