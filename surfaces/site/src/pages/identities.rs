//! `/settings/identities`: accounts elsewhere that are the reader's.

use accounts::{IdentityId, NewFlow};
use axum::extract::State;
use http::HeaderMap;
use serde::Deserialize;
use web::session::see_other;
use web::{Path, Query, RequestContext};

use crate::views::elsewhere::{IdentitySettings, Linked};
use crate::{Answer, Site};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    done: String,
}

/// `GET /settings/identities`
pub async fn list(State(site): State<Site>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    let user = context.viewer.signed_in()?;
    let linked = site.accounts.identities(user.id).await?.into_iter().map(|identity| {
        let provider = site.oidc.providers().find(|provider| provider.issuer == identity.issuer);
        Linked {
            id: identity.id,
            gone: provider.is_none(),
            label: provider.map_or(identity.issuer, |provider| provider.label.clone()),
            name: identity.name,
            since: identity.created_at,
        }
    });
    let view = IdentitySettings {
        linked: linked.collect(),
        providers: site.provider_buttons(),
        done: asked.done,
        has_password: site.accounts.has_password(user.id).await?,
    };
    Ok(site.frame.page(&context, &view).await?)
}

/// `POST /settings/identities/{id}/link`, where `id` is a provider's
pub async fn link(
    State(site): State<Site>,
    context: RequestContext,
    headers: HeaderMap,
    Path(provider): Path<String>,
) -> Answer {
    let user = context.viewer.signed_in()?;
    let flow = NewFlow { user: Some(user.id), back: "/settings/identities", ..NewFlow::default() };
    site.leave(&context, &headers, &provider, flow).await
}

/// `POST /settings/identities/{id}/remove`
pub async fn remove(State(site): State<Site>, context: RequestContext, Path(id): Path<IdentityId>) -> Answer {
    let user = context.viewer.signed_in()?;
    site.accounts.unlink(user, id, &site.usable_issuers()).await?;
    Ok(see_other("/settings/identities?done=removed"))
}
