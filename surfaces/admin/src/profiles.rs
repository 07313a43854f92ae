//! What users show of themselves: what waits before others see it, and what readers reported.

use std::collections::HashMap;

use accounts::{Action, User, UserProfile};
use axum::extract::State;
use kernel::{Error, Result, UserId};
use moderation::ProfileReport;
use serde::Deserialize;
use web::{Form, Path, Query, RequestContext, session};

use crate::layout::Asked;
use crate::views::profiles::{Item, Profiles, Reported};
use crate::{Admin, Answer};

/// Held profiles that are looked at together.
const MOST: usize = 50;

/// `GET /admin/profiles`
pub async fn list(State(admin): State<Admin>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    let by = context.viewer.require(Action::ModerateComments)?.id;
    let mut users = admin.accounts.held_profiles(MOST).await?;
    let mut reports: HashMap<UserId, Vec<Reported>> = HashMap::new();
    for report in admin.moderation.profile_reports().await? {
        reports.entry(report.about).or_default().push(reported(report));
    }
    let others: Vec<UserId> =
        reports.keys().copied().filter(|id| users.iter().all(|user| user.id != *id)).collect();
    users.extend(admin.accounts.get_many(&others).await?);
    users.sort_by_key(|user| user.id);
    let mut items = Vec::new();
    for user in users {
        let said = reports.remove(&user.id).unwrap_or_default();
        items.push(admin.profile_item(by, &user, said).await?);
    }
    let view = Profiles { layout: admin.layout(&context.viewer, "profiles", &asked.done).await?, items };
    Ok(admin.frame.page(&context, &view).await?)
}

fn reported(report: ProfileReport) -> Reported {
    Reported {
        reason: report.reason.name(),
        text: report.text,
        contact: report.contact,
        at: report.created_at,
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Decided {
    /// What the page showed.
    read: String,
}

/// `POST /admin/profiles/{id}/show`: others see bio and picture as they were `read`, whatever was said of them
pub async fn show(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<UserId>,
    Form(sent): Form<Decided>,
) -> Answer {
    context.viewer.require(Action::ModerateComments)?;
    admin.moderation.decide_profile(&context.viewer, id, Some(&sent.read)).await?;
    Ok(session::see_other("/admin/profiles?done=profile-shown"))
}

/// `POST /admin/profiles/{id}/clear`: bio and picture are taken away
pub async fn clear(State(admin): State<Admin>, context: RequestContext, Path(id): Path<UserId>) -> Answer {
    context.viewer.require(Action::ModerateComments)?;
    admin.moderation.decide_profile(&context.viewer, id, None).await?;
    Ok(session::see_other("/admin/profiles?done=profile-cleared"))
}

impl Admin {
    async fn profile_item(&self, by: UserId, user: &User, reports: Vec<Reported>) -> Result<Item> {
        let profile = match self.accounts.profile(user.id).await {
            // Deleted meanwhile.
            Err(Error::NotFound) => UserProfile::default(),
            found => found?,
        };
        let avatar = match &profile.avatar {
            Some(hash) => self.media.find(hash).await?.map(|picture| picture.url(320)),
            None => None,
        };
        Ok(Item {
            who: user.into(),
            own: user.id == by,
            held: profile.held,
            read: profile.digest(),
            bio: profile.bio,
            avatar,
            reports,
        })
    }
}
