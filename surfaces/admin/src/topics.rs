//! 专题: made, filled, published.

use accounts::Action;
use axum::body::Body;
use axum::extract::State;
use editorial::{Member, SlotItem, Topic, TopicText};
use http::Response;
use kernel::{ArticleId, Error, Result, TopicId};
use serde::Deserialize;
use web::render::Form as Filled;
use web::{Form, Path, Query, RequestContext, session};

use crate::codes;
use crate::layout::Asked;
use crate::placed::To;
use crate::views::topics::{Entry, Row, TopicEdited, Topics};
use crate::{Admin, Answer};

const PAGE: usize = 50;

/// `GET /admin/topics?cursor=`
pub async fn list(State(admin): State<Admin>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    context.viewer.require(Action::CurateTopics)?;
    let view = admin.all_topics(&context, &asked, Filled::default()).await?;
    Ok(admin.frame.page(&context, &view).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    slug: String,
    zh: String,
    en: String,
    summary_zh: String,
    summary_en: String,
    cover: String,
}

impl Fields {
    fn of(topic: &Topic) -> Self {
        let TopicText { zh, en, summary_zh, summary_en } = topic.text.clone();
        let cover = topic.cover.map(|id| id.to_string()).unwrap_or_default();
        Self { slug: topic.slug.to_string(), zh, en, summary_zh, summary_en, cover }
    }

    fn text(&self) -> TopicText {
        TopicText {
            zh: self.zh.clone(),
            en: self.en.clone(),
            summary_zh: self.summary_zh.clone(),
            summary_en: self.summary_en.clone(),
        }
    }

    fn form(&self) -> Filled {
        Filled::sent([
            ("slug", self.slug.as_str()),
            ("zh", self.zh.as_str()),
            ("en", self.en.as_str()),
            ("summary_zh", self.summary_zh.as_str()),
            ("summary_en", self.summary_en.as_str()),
            ("cover", self.cover.as_str()),
        ])
    }
}

/// `POST /admin/topics`: `slug`, `zh`, `en`, `summary_zh`, `summary_en`
pub async fn add(State(admin): State<Admin>, context: RequestContext, Form(fields): Form<Fields>) -> Answer {
    context.viewer.require(Action::CurateTopics)?;
    match admin.editorial.create_topic(&context.viewer, &fields.slug, fields.text()).await {
        Ok(id) => Ok(session::see_other(&format!("/admin/topics/{id}?done=topic"))),
        Err(Error::Invalid(errors)) => {
            let form = fields.form().refused(&errors);
            let view = admin.all_topics(&context, &Asked::default(), form).await?;
            Ok(admin.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /admin/topics/{id}?q=`: a topic, what is in it, and what could be
pub async fn show(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<TopicId>,
    Query(asked): Query<Asked>,
) -> Answer {
    context.viewer.require(Action::CurateTopics)?;
    let view = admin.topic_page(&context, id, &asked.q, &asked.done).await?;
    Ok(admin.frame.page(&context, &view).await?)
}

/// `POST /admin/topics/{id}`: as for a new one, without `slug`; `cover` the article whose cover is the topic's
pub async fn save(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<TopicId>,
    Form(fields): Form<Fields>,
) -> Answer {
    context.viewer.require(Action::CurateTopics)?;
    let cover = fields.cover.parse().ok();
    match admin.editorial.rewrite_topic(&context.viewer, id, fields.text(), cover).await {
        Ok(()) => Ok(back(id, "saved")),
        Err(Error::Invalid(errors)) => {
            let mut view = admin.topic_page(&context, id, "", "").await?;
            view.form = fields.form().refused(&errors);
            Ok(admin.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/topics/{id}/publish`
pub async fn publish(State(admin): State<Admin>, context: RequestContext, Path(id): Path<TopicId>) -> Answer {
    context.viewer.require(Action::CurateTopics)?;
    match admin.editorial.publish_topic(&context.viewer, id).await {
        Ok(()) => Ok(back(id, "topic-published")),
        Err(Error::Invalid(errors)) => {
            let mut view = admin.topic_page(&context, id, "", "").await?;
            view.adding = view.adding.refused(&errors);
            Ok(admin.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/topics/{id}/withdraw`
pub async fn withdraw(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<TopicId>,
) -> Answer {
    context.viewer.require(Action::CurateTopics)?;
    admin.editorial.withdraw_topic(&context.viewer, id).await?;
    Ok(back(id, "topic-withdrawn"))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Added {
    q: String,
    thing: String,
    section: String,
}

/// `POST /admin/topics/{id}/articles`: `thing` an article's id, `section`; `q` as it was asked
pub async fn add_article(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<TopicId>,
    Form(fields): Form<Added>,
) -> Answer {
    context.viewer.require(Action::CurateTopics)?;
    let added = match fields.thing.parse() {
        Ok(article) => admin.editorial.add_to_topic(&context.viewer, id, article, &fields.section).await,
        Err(_) => Err(Error::invalid("thing", codes::THING_EMPTY)),
    };
    match added {
        Ok(()) => Ok(back(id, "topic-added")),
        Err(Error::Invalid(errors)) => {
            let mut view = admin.topic_page(&context, id, &fields.q, "").await?;
            let typed = [("thing", fields.thing.as_str()), ("section", fields.section.as_str())];
            view.adding = Filled::sent(typed).refused(&errors);
            Ok(admin.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/topics/{id}/articles/{article}/move`: `to` a place, counted from one
pub async fn move_article(
    State(admin): State<Admin>,
    context: RequestContext,
    Path((id, article)): Path<(TopicId, ArticleId)>,
    Form(fields): Form<To>,
) -> Answer {
    context.viewer.require(Action::CurateTopics)?;
    admin.editorial.move_in_topic(&context.viewer, id, article, fields.position()?).await?;
    Ok(back(id, "moved"))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Under {
    section: String,
}

/// `POST /admin/topics/{id}/articles/{article}/section`: `section`, or nothing
pub async fn set_section(
    State(admin): State<Admin>,
    context: RequestContext,
    Path((id, article)): Path<(TopicId, ArticleId)>,
    Form(fields): Form<Under>,
) -> Answer {
    context.viewer.require(Action::CurateTopics)?;
    match admin.editorial.set_section(&context.viewer, id, article, &fields.section).await {
        Ok(()) => Ok(back(id, "saved")),
        Err(Error::Invalid(errors)) => {
            let mut view = admin.topic_page(&context, id, "", "").await?;
            for entry in view.entries.iter_mut().filter(|entry| entry.id == article) {
                entry.form = Filled::sent([("section", fields.section.as_str())]).refused(&errors);
            }
            Ok(admin.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/topics/{id}/articles/{article}/remove`
pub async fn remove_article(
    State(admin): State<Admin>,
    context: RequestContext,
    Path((id, article)): Path<(TopicId, ArticleId)>,
) -> Answer {
    context.viewer.require(Action::CurateTopics)?;
    admin.editorial.drop_from_topic(&context.viewer, id, article).await?;
    Ok(back(id, "topic-dropped"))
}

fn back(id: TopicId, done: &str) -> Response<Body> {
    session::see_other(&format!("/admin/topics/{id}?done={done}"))
}

impl Admin {
    async fn all_topics(&self, context: &RequestContext, asked: &Asked, form: Filled) -> Result<Topics> {
        let page = self.editorial.topics(asked.from(), PAGE).await?;
        let ids: Vec<TopicId> = page.items.iter().map(|topic| topic.id).collect();
        let members = self.editorial.members(&ids).await?;
        let row = |topic: &Topic| {
            let (title, language) = topic.text.title(context.variant.locale);
            Row {
                id: topic.id,
                slug: topic.slug.to_string(),
                title: title.to_owned(),
                language,
                live: topic.live,
                articles: members.get(&topic.id).map_or(0, Vec::len) as i64,
                changed: topic.changed_at,
            }
        };
        Ok(Topics {
            layout: self.layout(&context.viewer, "topics", &asked.done).await?,
            rows: page.items.iter().map(row).collect(),
            form,
            paging: asked.paging("/admin/topics", &page),
        })
    }

    async fn topic_page(
        &self,
        context: &RequestContext,
        id: TopicId,
        q: &str,
        done: &str,
    ) -> Result<TopicEdited> {
        let topic = self.editorial.topic(id).await?;
        let members = self.editorial.members(&[id]).await?.remove(&id).unwrap_or_default();
        let locale = context.variant.locale;
        let articles = members.iter().map(|member| SlotItem::Article(member.article));
        let things = self.named_items(articles, locale).await?;
        let entry = |(place, member): (i64, &Member)| {
            let named = things.get(&SlotItem::Article(member.article))?.clone();
            Some(Entry {
                id: member.article,
                place,
                title: named.title,
                language: named.language,
                href: named.href,
                seen: named.seen,
                form: Filled::default().with("section", member.section.clone()),
            })
        };
        let mut sections: Vec<String> = members.iter().map(|member| member.section.clone()).collect();
        sections.retain(|section| !section.is_empty());
        sections.sort_unstable();
        sections.dedup();
        let found = self.articles_to_place(context, q).await?;
        let mut adding = Filled::default();
        if let [only] = found.as_slice() {
            adding = adding.with("thing", only.id.clone());
        }
        let (title, language) = topic.text.title(locale);
        Ok(TopicEdited {
            layout: self.layout(&context.viewer, "topics", done).await?,
            id,
            slug: topic.slug.to_string(),
            title: title.to_owned(),
            language,
            live: topic.live,
            entries: (1..).zip(&members).filter_map(entry).collect(),
            sections,
            form: Fields::of(&topic).form(),
            q: q.to_owned(),
            found,
            adding,
        })
    }
}
