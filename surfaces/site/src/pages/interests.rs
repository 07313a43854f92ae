//! What a reader is interested in, as they see and change it; their history; and the switch.
//!
//! All of it is the reader's own: each handler begins by asking who it is.

use std::collections::HashMap;

use axum::extract::State;
use kernel::{ArticleId, AuthorId, Error, Handle, Invalid};
use recommend::{Reader, Subject};
use serde::Deserialize;
use web::render::Form as Filled;
use web::session::see_other;
use web::{Form, RequestContext, local};

use crate::codes;
use crate::compose::plain;
use crate::views::interests::{Interest, Interests};
use crate::views::lists::{Kind, ListPage};
use crate::views::parts::Pager;
use crate::{Answer, Site};

const PAGE: &str = "/settings/interests";
/// The strongest interests that are shown of each kind.
const SHOWN: usize = 12;
const HISTORY: usize = 100;

pub async fn show(State(site): State<Site>, context: RequestContext) -> Answer {
    let view = site.interests(&context).await?;
    Ok(site.frame.page(&context, &view).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Switch {
    learns: String,
}

pub async fn switch(State(site): State<Site>, context: RequestContext, Form(sent): Form<Switch>) -> Answer {
    let user = context.viewer.signed_in()?;
    site.for_you.set_learns(user.id, sent.learns == "yes").await?;
    Ok(see_other(PAGE))
}

/// `subject`: author, channel, tag or article; `name`: handle, slug, tag or id; `wish`: more or none.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Said {
    subject: String,
    name: String,
    wish: String,
    #[serde(rename = "return")]
    back: String,
}

impl Said {
    fn back(&self) -> &str {
        if self.back.is_empty() { PAGE } else { local(&self.back) }
    }
}

pub async fn wish(State(site): State<Site>, context: RequestContext, Form(sent): Form<Said>) -> Answer {
    let user = context.viewer.signed_in()?;
    let done = async {
        let subject = Subject::of(&sent.subject).ok_or(Error::invalid("subject", codes::WISH_FORM))?;
        let name = site.name_of(subject, sent.name.trim()).await?;
        let wanted = match sent.wish.as_str() {
            "more" => true,
            "none" => false,
            _ => return Err(Error::invalid("wish", codes::WISH_FORM)),
        };
        site.personal.wish(user.id, subject, &name, wanted).await
    };
    match done.await {
        Ok(()) => Ok(see_other(sent.back())),
        Err(Error::Invalid(errors)) => {
            let form = Filled::sent([("subject", sent.subject.as_str()), ("name", &sent.name)]);
            let errors = errors.0.iter().fold(Invalid::default(), |all, error| all.with("name", error.code));
            let view = Interests { form: form.refused(&errors), ..site.interests(&context).await? };
            Ok(site.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn unwish(State(site): State<Site>, context: RequestContext, Form(sent): Form<Said>) -> Answer {
    let user = context.viewer.signed_in()?;
    let subject = Subject::of(&sent.subject).ok_or(Error::invalid("subject", codes::WISH_FORM))?;
    site.personal.unwish(user.id, subject, &sent.name).await?;
    Ok(see_other(sent.back()))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Forget {
    article: String,
    sure: String,
}

/// One article of the history.
pub async fn forget(State(site): State<Site>, context: RequestContext, Form(sent): Form<Forget>) -> Answer {
    let user = context.viewer.signed_in()?;
    let article: ArticleId = sent.article.parse().map_err(|_| Error::NotFound)?;
    site.personal.forget_read(user.id, article).await?;
    Ok(see_other("/history"))
}

/// Everything that was learned.
pub async fn reset(State(site): State<Site>, context: RequestContext, Form(sent): Form<Forget>) -> Answer {
    let user = context.viewer.signed_in()?;
    if sent.sure != "yes" {
        let form = Filled::default().with("subject", "tag").with_error("sure", codes::RESET_SURE);
        let view = Interests { form, ..site.interests(&context).await? };
        return Ok(site.frame.refused(&context, &view).await?);
    }
    site.personal.reset(user.id).await?;
    Ok(see_other(PAGE))
}

/// What the reader read.
pub async fn history(State(site): State<Site>, context: RequestContext) -> Answer {
    let user = context.viewer.signed_in()?;
    let ids: Vec<ArticleId> =
        site.personal.history(user.id, HISTORY).await?.into_iter().map(|(article, _)| article).collect();
    let cards = site.articles.cards(&ids).await?;
    let view = ListPage {
        kind: Kind::History,
        cards: site.cards(plain(&cards), context.variant.locale).await?,
        pager: Pager { next: None, first: true },
    };
    Ok(site.frame.page(&context, &view).await?)
}

impl Site {
    /// The name by which recommendation knows what a form names.
    async fn name_of(&self, subject: Subject, name: &str) -> kernel::Result<String> {
        if subject != Subject::Author {
            return Ok(name.to_owned());
        }
        let unknown = || Error::invalid("name", codes::WISH_AUTHOR);
        let handle = Handle::new(name).map_err(|_| unknown())?;
        let author = self.authors.find_by_handle(&handle).await?.ok_or_else(unknown)?;
        Ok(author.id.to_string())
    }

    async fn interests(&self, context: &RequestContext) -> kernel::Result<Interests> {
        let user = context.viewer.signed_in()?;
        let channels = self.frame.channels().await?;
        let locale = context.variant.locale;
        let mut view = Interests {
            learns: false,
            liked: Vec::new(),
            muted: Vec::new(),
            form: Filled::default().with("subject", "tag"),
        };
        let Some(reader) = self.personal.reader(user.id).await? else { return Ok(view) };
        view.learns = true;
        let labels = self.labels(&reader).await?;
        let channel = |slug: &str| {
            let named = channels.list.iter().find(|channel| channel.slug.as_str() == slug);
            named.map_or_else(|| slug.to_owned(), |channel| channel.name(locale).to_owned())
        };
        view.liked = liked(&reader, &labels, channel);
        for wish in self.personal.wishes(user.id).await?.into_iter().filter(|wish| !wish.wanted) {
            let Some(subject) = Subject::of(&wish.kind) else { continue };
            let label = match subject {
                Subject::Channel => channel(&wish.name),
                Subject::Tag => wish.name.clone(),
                Subject::Author => wish
                    .name
                    .parse()
                    .ok()
                    .and_then(|id| labels.authors.get(&id))
                    .map(|a| a.0.clone())
                    .unwrap_or_default(),
                Subject::Article => labels.articles.get(&wish.name).cloned().unwrap_or_default(),
            };
            if !label.is_empty() {
                let subject = subject.name();
                view.muted.push(Interest {
                    subject,
                    name: wish.name,
                    handle: String::new(),
                    label,
                    share: 0,
                    wanted: false,
                });
            }
        }
        Ok(view)
    }

    /// The names of what the reader likes or mutes.
    async fn labels(&self, reader: &Reader) -> kernel::Result<Labels> {
        let named = |subject| reader.wishes.muted.get(&subject).into_iter().flatten();
        let mut authors: Vec<AuthorId> = reader.top_authors(SHOWN);
        authors.extend(named(Subject::Author).filter_map(|name| name.parse::<AuthorId>().ok()));
        let authors = self.authors_by_id(&authors).await?;
        let ids: Vec<ArticleId> = named(Subject::Article).filter_map(|name| name.parse().ok()).collect();
        let cards = self.articles.cards(&ids).await?;
        Ok(Labels {
            authors: authors.into_values().map(|a| (a.id, (a.name, a.handle.to_string()))).collect(),
            articles: cards.into_iter().map(|card| (card.id.to_string(), card.title)).collect(),
        })
    }
}

struct Labels {
    authors: HashMap<AuthorId, (String, String)>,
    articles: HashMap<String, String>,
}

/// The strongest interests of each kind, with the share of the strongest of all.
fn liked(reader: &Reader, labels: &Labels, channel: impl Fn(&str) -> String) -> Vec<Interest> {
    let weights = reader.channels.values().chain(reader.authors.values());
    let most = weights.chain(reader.tags.values().map(|(_, weight)| weight)).copied().fold(1e-9, f64::max);
    let share = |weight: f64| ((100.0 * weight / most).round() as i64).clamp(1, 100);
    let mut liked = Vec::new();
    for slug in reader.top_channels(SHOWN) {
        let name = slug.to_string();
        let wanted = reader.wishes.wants(Subject::Channel, &name);
        let (label, share) = (channel(&name), share(reader.channels[&slug]));
        liked.push(Interest { subject: "channel", handle: name.clone(), name, label, share, wanted });
    }
    for tag in reader.top_tags(SHOWN) {
        let name = tag.folded();
        let wanted = reader.wishes.wants(Subject::Tag, &name);
        let (label, share) = (tag.to_string(), share(reader.tags[&name].1));
        liked.push(Interest { subject: "tag", handle: name.clone(), name, label, share, wanted });
    }
    for author in reader.top_authors(SHOWN).into_iter().filter(|&author| !reader.hides(author)) {
        let Some((label, handle)) = labels.authors.get(&author).cloned() else { continue };
        let name = author.to_string();
        let wanted = reader.wishes.wants(Subject::Author, &name);
        liked.push(Interest {
            subject: "author",
            handle,
            name,
            label,
            share: share(reader.authors[&author]),
            wanted,
        });
    }
    liked
}
