//! A notification in one line: the same on the page, in mail and on the screen of a device.

use articles::Channel;
use kernel::Locale;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::model::{Decision, Queue};
use crate::reading::{Followed, What};

/// What a step of an address does not hold as it is (RFC 3986, section 2.3).
const RESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Of what somebody said, so much is repeated (characters).
const QUOTE: usize = 140;

/// `notify-<message>` with `name` and `n`, then what it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Line {
    pub message: String,
    /// Who did it, as they call themselves.
    pub name: String,
    pub n: i64,
    /// Where it leads, on the site.
    pub href: Option<String>,
    /// Of the article that it is about.
    pub title: Option<String>,
    /// BCP 47, of the title.
    pub language: String,
    /// The beginning of what was said.
    pub words: Option<String>,
    /// Why: the messages that have it (`return`, `retract`, `reject`) and its code.
    pub reason: Option<(&'static str, String)>,
}

impl Line {
    /// In the language of whoever reads it; `channels` are those of the site, for their names.
    pub fn of(what: What, channels: &[Channel], locale: Locale) -> Self {
        match what {
            What::Answer { article, answer, people } => Self {
                message: if people > 1 { "answers" } else { "answer" }.into(),
                name: answer.name,
                n: people - 1,
                href: Some(format!("/comment/{}", answer.id)),
                words: Some(quote(&answer.text)),
                title: Some(article.title),
                language: article.language,
                reason: None,
            },
            What::Like { article, comment, people } => Self {
                message: "like".into(),
                n: people,
                href: Some(format!("/comment/{}", comment.id)),
                words: Some(quote(&comment.text)),
                title: Some(article.title),
                language: article.language,
                ..Self::default()
            },
            What::Mention { article, comment } => Self {
                message: "mention".into(),
                name: comment.name,
                href: Some(format!("/comment/{}", comment.id)),
                words: Some(quote(&comment.text)),
                title: Some(article.title),
                language: article.language,
                ..Self::default()
            },
            What::Article { article, author } => Self {
                message: "article".into(),
                name: author.name,
                href: Some(format!("/article/{}", article.id)),
                title: Some(article.title),
                language: article.language,
                ..Self::default()
            },
            What::Followed { followed, article, articles } => {
                let about = of_followed(&followed, channels, locale);
                let about = Self { n: articles, ..about };
                // One is read at once, several are looked through.
                match article {
                    Some(article) if articles == 1 => Self {
                        href: Some(format!("/article/{}", article.id)),
                        title: Some(article.title),
                        language: article.language,
                        ..about
                    },
                    _ => about,
                }
            }
            What::OfArticle { article, decision, code } => Self {
                message: format!("decided-{}", decision.name()),
                reason: decision.reasons().zip(code),
                href: Some(format!("/studio/article/{}", article.id)),
                title: Some(article.title),
                language: article.language,
                ..Self::default()
            },
            What::OfOwn { decision, code } => Self {
                message: format!("decided-{}", decision.name()),
                reason: decision.reasons().zip(code),
                href: own_desk(decision).map(str::to_owned),
                ..Self::default()
            },
            What::Waiting { queue, waiting } => Self {
                message: format!("queue-{}", queue.name()),
                n: waiting,
                href: Some(desk(queue).to_owned()),
                ..Self::default()
            },
        }
    }
}

/// What one follows, and where all of it stands.
fn of_followed(followed: &Followed, channels: &[Channel], locale: Locale) -> Line {
    let (message, name, list) = match followed {
        Followed::Channel(slug) => {
            let channel = channels.iter().find(|channel| channel.slug == *slug);
            let name = channel.map_or(slug.as_str(), |channel| channel.name(locale)).to_owned();
            ("channel", name, format!("/channel/{slug}"))
        }
        Followed::Tag(tag) => {
            ("tag", tag.to_string(), format!("/tag/{}", utf8_percent_encode(tag.as_str(), &RESERVED)))
        }
        Followed::Topic(topic) => {
            ("topic", topic.text.title(locale).0.to_owned(), format!("/topic/{}", topic.slug))
        }
    };
    Line { message: message.to_owned(), name, href: Some(list), ..Line::default() }
}

/// Where one goes on after a decision about oneself.
const fn own_desk(decision: Decision) -> Option<&'static str> {
    use Decision as D;
    match decision {
        D::ApplicationApproved => Some("/studio"),
        D::ApplicationRejected => Some("/apply"),
        D::ProfileApproved | D::ProfileReturned => Some("/studio/profile"),
        _ => None,
    }
}

const fn desk(queue: Queue) -> &'static str {
    match queue {
        Queue::Articles => "/admin/review",
        Queue::Comments => "/admin/comments",
        Queue::Reports => "/admin/reports",
        Queue::Applications => "/admin/applications",
        Queue::Profiles => "/admin/profiles",
    }
}

/// The beginning of what was said, on one line.
fn quote(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(QUOTE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_the_beginning_on_one_line() {
        assert_eq!(quote("one\n\n two"), "one two");
        let long = quote(&"长".repeat(200));
        assert_eq!((long.chars().count(), long.ends_with('…')), (QUOTE + 1, true));
    }
}
