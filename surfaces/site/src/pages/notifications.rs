//! What somebody was told, and what they want to be told of. Each handler begins by asking who it is.

use std::collections::HashMap;

use accounts::Accounts;
use axum::extract::State;
use kernel::{Error, Locale, Time};
use notify::{DeviceId, Digest, Kind, Line, NewDevice, Notification, NotificationId, Quiet, Way};
use serde::Deserialize;
use web::render::Form as Filled;
use web::session::see_other;
use web::{Channels, Form, Path, Query, RequestContext, browser, local};

use super::From;
use crate::views::notifications::{Choice, Device, Item, NotificationSettings, NotificationsPage};
use crate::{Answer, Site};

const PAGE: usize = 30;

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
    let Notification { id, at, unread, what, .. } = one;
    let line = Line::of(what, &channels.list, locale);
    let Line { message, name, n, href, title, language, words, reason } = line;
    Item { id, message, name, n, unread, at, href, title, language, words, reason }
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

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// A digest is on its way.
    sent: String,
    /// `saved`
    done: String,
}

/// What one wants to be told of.
pub async fn settings(
    State(site): State<Site>,
    context: RequestContext,
    Query(asked): Query<Asked>,
) -> Answer {
    let form = site.chosen(&context).await?;
    let view = site.notification_settings(&context, form).await?;
    let view = NotificationSettings { sent: !asked.sent.is_empty(), saved: asked.done == "saved", ..view };
    Ok(site.frame.page(&context, &view).await?)
}

/// Boxes that are not ticked are not sent.
pub async fn choose(
    State(site): State<Site>,
    context: RequestContext,
    Form(sent): Form<HashMap<String, String>>,
) -> Answer {
    let user = context.viewer.signed_in()?;
    let typed = |field: &str| sent.get(field).map(String::as_str).unwrap_or_default();
    let mut choices = site.notify.choices(user.id).await?;
    let quiet = Quiet::typed(typed("quiet_from"), typed("quiet_until"));
    let digest = Digest::typed(typed("digest"), typed("digest_hour"), typed("digest_weekday"));
    // What the form did not ask about stays.
    for kind in Kind::ALL.into_iter().filter(|kind| asks(&context, *kind)) {
        for way in Way::ALL {
            choices.set(kind, way, sent.contains_key(&field(kind, way)));
        }
    }
    let chosen = match (quiet, digest) {
        (Ok(quiet), Ok(digest)) => {
            (choices.quiet, choices.digest) = (quiet, digest);
            site.notify.choose(user.id, &choices).await
        }
        (Err(Error::Invalid(mut errors)), Err(Error::Invalid(more))) => {
            errors.0.extend(more.0);
            Err(Error::Invalid(errors))
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    match chosen {
        Ok(()) => Ok(see_other("/settings/notifications?done=saved")),
        Err(Error::Invalid(errors)) => {
            let pairs = sent.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let form = Filled::sent(pairs).refused(&errors);
            let view = site.notification_settings(&context, form).await?;
            Ok(site.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /settings/notifications/digest`: what a digest would be now.
pub async fn try_digest(State(site): State<Site>, context: RequestContext) -> Answer {
    let user = context.viewer.signed_in()?;
    match site.notify.try_digest(user.id).await {
        Ok(()) => Ok(see_other("/settings/notifications?sent=digest")),
        Err(Error::Invalid(errors)) => {
            let form = site.chosen(&context).await?.refused(&errors);
            let view = site.notification_settings(&context, form).await?;
            Ok(site.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SentDevice {
    endpoint: String,
    p256dh: String,
    auth: String,
}

/// `POST /settings/notifications/devices`: this browser is to be told, from `push.js`.
pub async fn add_device(
    State(site): State<Site>,
    context: RequestContext,
    Form(sent): Form<SentDevice>,
) -> Answer {
    let user = context.viewer.signed_in()?;
    let session = context.session.as_deref().map(Accounts::session_id).ok_or(Error::SignIn)?;
    let SentDevice { endpoint, p256dh, auth } = sent;
    let agent = browser(&context.agent);
    let device = NewDevice { session, endpoint, p256dh, auth, agent, locale: context.variant.locale };
    site.notify.add_device(user.id, device).await?;
    Ok(see_other("/settings/notifications"))
}

/// `POST /settings/notifications/devices/{id}/remove`: one of one's own.
pub async fn remove_device(
    State(site): State<Site>,
    context: RequestContext,
    Path(id): Path<DeviceId>,
) -> Answer {
    let user = context.viewer.signed_in()?;
    site.notify.remove_device(user.id, id).await?;
    Ok(see_other("/settings/notifications"))
}

fn field(kind: Kind, way: Way) -> String {
    format!("{}-{}", kind.name(), way.name())
}

/// Only those who look after the site are told of what waits there.
fn asks(context: &RequestContext, kind: Kind) -> bool {
    !kind.is_for_staff() || context.viewer.user().is_some_and(accounts::User::is_staff)
}

impl Site {
    /// The form as it was saved.
    async fn chosen(&self, context: &RequestContext) -> kernel::Result<Filled> {
        let choices = self.notify.choices(context.viewer.signed_in()?.id).await?;
        let mut form = Filled::default();
        for kind in Kind::ALL {
            for way in Way::ALL.into_iter().filter(|way| choices.wants(kind, *way)) {
                form = form.with(&field(kind, way), "1");
            }
        }
        if let Some(quiet) = choices.quiet {
            form = form
                .with("quiet_from", Quiet::clock(quiet.from))
                .with("quiet_until", Quiet::clock(quiet.until));
        }
        let digest = choices.digest.map_or_else(String::new, |digest| digest.every.name().to_owned());
        let (hour, weekday) = choices.digest.map_or((7, 1), |digest| (digest.hour, digest.weekday));
        Ok(form
            .with("digest", digest)
            .with("digest_hour", hour.to_string())
            .with("digest_weekday", weekday.to_string()))
    }

    async fn notification_settings(
        &self,
        context: &RequestContext,
        form: Filled,
    ) -> kernel::Result<NotificationSettings> {
        let user = context.viewer.signed_in()?;
        let kinds = Kind::ALL.into_iter().filter(|kind| asks(context, *kind));
        let choice = |kind: Kind| Choice {
            kind: kind.name(),
            fields: Way::ALL.into_iter().map(|way| field(kind, way)).collect(),
        };
        let this = context.session.as_deref().map(Accounts::session_id);
        let device = |one: notify::Device| Device {
            this: this.as_ref() == Some(&one.session),
            id: one.id,
            agent: one.agent,
            since: one.created_at,
        };
        Ok(NotificationSettings {
            ways: Way::ALL.map(Way::name).to_vec(),
            choices: kinds.map(choice).collect(),
            has_address: self.accounts.email(user.id).await?.is_some(),
            zone: self.notify.zone_of(user.id).await?,
            push_key: self.notify.push_key().await?,
            devices: self.notify.devices(user.id).await?.into_iter().map(device).collect(),
            sent: false,
            saved: false,
            form,
        })
    }
}
