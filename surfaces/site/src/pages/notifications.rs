//! What somebody was told, and what they want to be told of. Each handler begins by asking who it is.

use std::collections::HashMap;

use axum::extract::State;
use kernel::{Error, Locale, Time};
use notify::{Followed, Kind, Notification, NotificationId, Quiet, Way, What};
use serde::Deserialize;
use web::render::{Form as Filled, tag_path};
use web::session::see_other;
use web::{Channels, Form, Path, Query, RequestContext, local};

use super::From;
use crate::picks::topic_ref;
use crate::views::notifications::{Choice, Item, NotificationSettings, NotificationsPage};
use crate::{Answer, Site};

const PAGE: usize = 30;
/// Of what somebody said, so much is repeated (characters).
const QUOTE: usize = 140;

pub async fn list(State(site): State<Site>, context: RequestContext, Query(from): Query<From>) -> Answer {
    let user = context.viewer.signed_in()?;
    let until = site.env.now();
    let page = site.notify.list(&context.viewer, from.cursor(), PAGE).await?;
    let pager = from.pager("/notifications", &page);
    let (channels, locale) = (site.frame.channels().await?, context.variant.locale);
    let view = NotificationsPage {
        unread: site.notify.unread(user.id).await?,
        items: page.items.into_iter().map(|one| item(one, &channels, locale)).collect(),
        until: until.millis(),
        at: context.here().to_owned(),
        pager,
    };
    Ok(site.frame.page(&context, &view).await?)
}

fn item(one: Notification, channels: &Channels, locale: Locale) -> Item {
    let Notification { id, at, unread, what } = one;
    let plain = Item { id, unread, at, ..Item::default() };
    match what {
        What::Answer { article, answer, people } => Item {
            message: if people > 1 { "answers" } else { "answer" }.into(),
            name: answer.name,
            n: people - 1,
            href: Some(format!("/comment/{}", answer.id)),
            words: Some(quote(&answer.text)),
            title: Some(article.title),
            language: article.language,
            ..plain
        },
        What::Like { article, comment, people } => Item {
            message: "like".into(),
            n: people,
            href: Some(format!("/comment/{}", comment.id)),
            words: Some(quote(&comment.text)),
            title: Some(article.title),
            language: article.language,
            ..plain
        },
        What::Mention { article, comment } => Item {
            message: "mention".into(),
            name: comment.name,
            href: Some(format!("/comment/{}", comment.id)),
            words: Some(quote(&comment.text)),
            title: Some(article.title),
            language: article.language,
            ..plain
        },
        What::Article { article, author } => Item {
            message: "article".into(),
            name: author.name,
            href: Some(format!("/article/{}", article.id)),
            title: Some(article.title),
            language: article.language,
            ..plain
        },
        What::Followed { followed, article, articles } => {
            let (message, name, list) = match followed {
                Followed::Channel(slug) => {
                    let channel = channels.list.iter().find(|channel| channel.slug == slug);
                    let name = channel.map_or(slug.as_str(), |channel| channel.name(locale)).to_owned();
                    ("channel", name, format!("/channel/{slug}"))
                }
                Followed::Tag(tag) => ("tag", tag.to_string(), tag_path(tag.as_str())),
                Followed::Topic(topic) => {
                    let topic = topic_ref(&topic, locale);
                    ("topic", topic.title, format!("/topic/{}", topic.slug))
                }
            };
            let about = Item { message: message.into(), name, n: articles, ..plain };
            // One is read at once, several are looked through.
            match article {
                Some(article) if articles == 1 => Item {
                    href: Some(format!("/article/{}", article.id)),
                    title: Some(article.title),
                    language: article.language,
                    ..about
                },
                _ => Item { href: Some(list), ..about },
            }
        }
        What::OfArticle { article, decision, code } => Item {
            message: format!("decided-{}", decision.name()),
            reason: decision.reasons().zip(code),
            href: Some(format!("/studio/article/{}", article.id)),
            title: Some(article.title),
            language: article.language,
            ..plain
        },
        What::OfOwn { decision, code } => Item {
            message: format!("decided-{}", decision.name()),
            reason: decision.reasons().zip(code),
            href: own_desk(decision).map(str::to_owned),
            ..plain
        },
        What::Waiting { queue, waiting } => Item {
            message: format!("queue-{}", queue.name()),
            n: waiting,
            href: Some(desk(queue).to_owned()),
            ..plain
        },
    }
}

/// Where one goes on after a decision about oneself.
const fn own_desk(decision: notify::Decision) -> Option<&'static str> {
    use notify::Decision as D;
    match decision {
        D::ApplicationApproved => Some("/studio"),
        D::ApplicationRejected => Some("/apply"),
        D::ProfileApproved | D::ProfileReturned => Some("/studio/profile"),
        _ => None,
    }
}

const fn desk(queue: notify::Queue) -> &'static str {
    use notify::Queue as Q;
    match queue {
        Q::Articles => "/admin/review",
        Q::Comments => "/admin/comments",
        Q::Reports => "/admin/reports",
        Q::Applications => "/admin/applications",
        Q::Profiles => "/admin/profiles",
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

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Back {
    #[serde(rename = "return")]
    back: String,
    /// Milliseconds: when the page was drawn.
    until: String,
}

impl Back {
    fn back(&self) -> &str {
        if self.back.is_empty() { "/notifications" } else { local(&self.back) }
    }
}

/// One of one's own; the browser may be led on to what it is about.
pub async fn read(
    State(site): State<Site>,
    context: RequestContext,
    Path(id): Path<NotificationId>,
    Form(sent): Form<Back>,
) -> Answer {
    let user = context.viewer.signed_in()?;
    site.notify.mark_read(user.id, id).await?;
    Ok(see_other(sent.back()))
}

/// All that the page showed, or that there is.
pub async fn read_all(State(site): State<Site>, context: RequestContext, Form(sent): Form<Back>) -> Answer {
    let user = context.viewer.signed_in()?;
    let until = sent.until.parse().map_or_else(|_| site.env.now(), Time::from_millis);
    site.notify.mark_all_read(user.id, until).await?;
    Ok(see_other(sent.back()))
}

/// What one wants to be told of.
pub async fn settings(State(site): State<Site>, context: RequestContext) -> Answer {
    let user = context.viewer.signed_in()?;
    let choices = site.notify.choices(user.id).await?;
    let mut form = Filled::default();
    for kind in Kind::ALL {
        for way in Way::ALL.into_iter().filter(|way| choices.wants(kind, *way)) {
            form = form.with(&field(kind, way), "1");
        }
    }
    if let Some(quiet) = choices.quiet {
        form =
            form.with("quiet_from", Quiet::clock(quiet.from)).with("quiet_until", Quiet::clock(quiet.until));
    }
    Ok(site.frame.page(&context, &settings_view(&context, form)).await?)
}

/// Boxes that are not ticked are not sent.
pub async fn choose(
    State(site): State<Site>,
    context: RequestContext,
    Form(sent): Form<HashMap<String, String>>,
) -> Answer {
    let user = context.viewer.signed_in()?;
    let typed = |field: &str| sent.get(field).map(String::as_str).unwrap_or_default();
    let quiet = match Quiet::typed(typed("quiet_from"), typed("quiet_until")) {
        Ok(quiet) => quiet,
        Err(Error::Invalid(errors)) => {
            let pairs = sent.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let view = settings_view(&context, Filled::sent(pairs).refused(&errors));
            return Ok(site.frame.refused(&context, &view).await?);
        }
        Err(error) => return Err(error.into()),
    };
    let mut choices = site.notify.choices(user.id).await?;
    choices.quiet = quiet;
    // What the form did not ask about stays.
    for kind in Kind::ALL.into_iter().filter(|kind| asks(&context, *kind)) {
        for way in Way::ALL {
            choices.set(kind, way, sent.contains_key(&field(kind, way)));
        }
    }
    site.notify.choose(user.id, &choices).await?;
    Ok(see_other("/settings/notifications"))
}

fn field(kind: Kind, way: Way) -> String {
    format!("{}-{}", kind.name(), way.name())
}

/// Only those who look after the site are told of what waits there.
fn asks(context: &RequestContext, kind: Kind) -> bool {
    !kind.is_for_staff() || context.viewer.user().is_some_and(accounts::User::is_staff)
}

fn settings_view(context: &RequestContext, form: Filled) -> NotificationSettings {
    let kinds = Kind::ALL.into_iter().filter(|kind| asks(context, *kind));
    let choice = |kind: Kind| Choice {
        kind: kind.name(),
        fields: Way::ALL.into_iter().map(|way| field(kind, way)).collect(),
    };
    NotificationSettings {
        ways: Way::ALL.map(Way::name).to_vec(),
        choices: kinds.map(choice).collect(),
        form,
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
