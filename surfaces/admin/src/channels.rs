//! The sections of the site, in their order.

use accounts::Action;
use articles::{Channel, TypedChannel};
use axum::extract::State;
use kernel::{Error, Invalid, Result, Slug, UserId};
use serde::Deserialize;
use web::render::Form as Filled;
use web::{Form, Path, Query, RequestContext, session};

use crate::codes;
use crate::layout::Asked;
use crate::views::channels::{Channels, Choice, Edited, Row};
use crate::{Admin, Answer};

/// What a new channel begins with: a colour that none of the demo's has, light enough for dark paper.
pub const COLOUR: &str = "#5b6c8f";

/// `GET /admin/channels`
pub async fn list(State(admin): State<Admin>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    context.viewer.require(Action::ManageChannels)?;
    let view = admin.all_channels(&context, &asked.done, None).await?;
    Ok(admin.frame.page(&context, &view).await?)
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    slug: String,
    zh: String,
    en: String,
    colour: String,
    position: String,
}

impl Fields {
    fn form(&self) -> Filled {
        let typed = [
            ("slug", &self.slug),
            ("zh", &self.zh),
            ("en", &self.en),
            ("colour", &self.colour),
            ("position", &self.position),
        ];
        Filled::sent(typed.map(|(name, value)| (name, value.as_str())))
    }

    fn typed(&self) -> TypedChannel {
        let Self { slug, zh, en, colour, position } = self.clone();
        TypedChannel { slug, zh, en, colour, position }
    }
}

/// `POST /admin/channels`: `slug`, `zh`, `en`, `colour`, `position`
pub async fn add(State(admin): State<Admin>, context: RequestContext, Form(fields): Form<Fields>) -> Answer {
    let by = context.viewer.require(Action::ManageChannels)?.id;
    let added = match admin.articles.check_channel(fields.typed()) {
        Ok(channel) => admin.articles.by(by).create_channel(channel).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(()) => Ok(session::see_other("/admin/channels?done=channel")),
        Err(Error::Invalid(errors)) => {
            let view = admin.all_channels(&context, "", Some(fields.form().refused(&errors))).await?;
            Ok(admin.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /admin/channels/{slug}`
pub async fn show(State(admin): State<Admin>, context: RequestContext, Path(slug): Path<Slug>) -> Answer {
    context.viewer.require(Action::ManageChannels)?;
    let channel = admin.channel(&slug).await?;
    let view = admin.edited(&context, &channel, None).await?;
    Ok(admin.frame.page(&context, &view).await?)
}

/// `POST /admin/channels/{slug}`: as for a new one. Another `slug` renames it, and its old addresses lead to the new ones.
pub async fn save(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(slug): Path<Slug>,
    Form(fields): Form<Fields>,
) -> Answer {
    let by = context.viewer.require(Action::ManageChannels)?.id;
    let before = admin.channel(&slug).await?;
    let saved = match admin.articles.check_channel(fields.typed()) {
        Ok(channel) => admin.rename(by, &slug, channel).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(()) => Ok(session::see_other("/admin/channels?done=channel")),
        Err(Error::Invalid(errors)) => {
            let view = admin.edited(&context, &before, Some(fields.form().refused(&errors))).await?;
            Ok(admin.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct End {
    into: String,
    sure: String,
}

/// `POST /admin/channels/{slug}/merge`: `into`, the channel that its articles go to; `sure`
pub async fn merge(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(slug): Path<Slug>,
    Form(end): Form<End>,
) -> Answer {
    let by = context.viewer.require(Action::ManageChannels)?.id;
    let channel = admin.channel(&slug).await?;
    let into = Slug::new(&end.into).ok().filter(|into| *into != slug);
    let form = Filled::sent([("into", end.into.as_str())]);
    let (Some(into), false) = (into, end.sure.is_empty()) else {
        let mut errors = Invalid::default();
        if Slug::new(&end.into).is_err() || end.into == slug.as_str() {
            errors.add("into", codes::CHANNEL_EMPTY);
        }
        if end.sure.is_empty() {
            errors.add("sure", codes::SURE_MISSING);
        }
        let view = Edited { end: form.refused(&errors), ..admin.edited(&context, &channel, None).await? };
        return Ok(admin.frame.refused(&context, &view).await?);
    };
    admin.articles.by(by).merge_channel(&slug, &into).await?;
    admin.moved(by, &slug, &into).await?;
    Ok(session::see_other("/admin/channels?done=channel-merged"))
}

/// `POST /admin/channels/{slug}/remove`: one without articles
pub async fn remove(State(admin): State<Admin>, context: RequestContext, Path(slug): Path<Slug>) -> Answer {
    let by = context.viewer.require(Action::ManageChannels)?.id;
    admin.articles.by(by).delete_channel(&slug).await?;
    Ok(session::see_other("/admin/channels?done=channel-removed"))
}

impl Admin {
    /// As stored, not as the frame remembers it: whoever has just saved wants to see that.
    async fn channel(&self, slug: &Slug) -> Result<Channel> {
        let all = self.articles.channels().await?;
        all.into_iter().find(|channel| channel.slug == *slug).ok_or(Error::NotFound)
    }

    async fn rename(&self, by: UserId, from: &Slug, channel: Channel) -> Result<()> {
        let into = channel.slug.clone();
        self.articles.by(by).rename_channel(from, channel).await?;
        if *from == into { Ok(()) } else { self.moved(by, from, &into).await }
    }

    /// What other rooms hold of a channel that became another.
    async fn moved(&self, by: UserId, from: &Slug, into: &Slug) -> Result<()> {
        self.editorial.move_channel(by, from, into).await?;
        self.personal.move_channel(by, from, into).await
    }

    async fn edited(
        &self,
        context: &RequestContext,
        channel: &Channel,
        form: Option<Filled>,
    ) -> Result<Edited> {
        let (locale, slug) = (context.variant.locale, &channel.slug);
        let position = channel.position.to_string();
        let stored = || {
            Filled::sent([
                ("slug", slug.as_str()),
                ("zh", channel.zh.as_str()),
                ("en", &channel.en),
                ("colour", &channel.colour),
                ("position", &position),
            ])
        };
        let all = self.articles.channels().await?;
        let others = all.iter().filter(|other| other.slug != *slug);
        Ok(Edited {
            layout: self.layout(&context.viewer, "channels", "").await?,
            slug: slug.to_string(),
            articles: self.articles.count_in_channel(slug).await?,
            others: others
                .map(|other| Choice { slug: other.slug.to_string(), name: other.name(locale).to_owned() })
                .collect(),
            form: form.unwrap_or_else(stored),
            end: Filled::default(),
        })
    }

    async fn all_channels(
        &self,
        context: &RequestContext,
        done: &str,
        form: Option<Filled>,
    ) -> Result<Channels> {
        let all = self.articles.channels().await?;
        let last = all.iter().map(|channel| channel.position).max().unwrap_or(0);
        let fresh = || Filled::default().with("colour", COLOUR).with("position", (last + 1).to_string());
        let row = |channel: Channel| Row {
            slug: channel.slug.into(),
            zh: channel.zh,
            en: channel.en,
            colour: channel.colour,
            position: channel.position,
        };
        Ok(Channels {
            layout: self.layout(&context.viewer, "channels", done).await?,
            form: form.unwrap_or_else(fresh),
            rows: all.into_iter().map(row).collect(),
        })
    }
}
