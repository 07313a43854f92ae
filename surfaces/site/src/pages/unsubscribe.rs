//! Where one click ends mail of a kind (RFC 8058): whoever has the link in the mail need not sign in. Mail programs follow links before people do, so
//! only the POST changes anything.

use axum::extract::State;
use http::{HeaderValue, Response, header};
use notify::Off;
use serde::Deserialize;
use web::{Query, RequestContext};

use crate::views::notifications::Unsubscribe;
use crate::{Answer, Site};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    token: String,
}

/// `GET /unsubscribe?token=…`
pub async fn show(State(site): State<Site>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    let read = site.notify.read_off(&asked.token).await?;
    answer(&site, &context, asked.token, read.map(|(_, off)| off), false).await
}

/// `POST /unsubscribe?token=…`, from the page or from a mail program; what stands in the body is not asked for.
pub async fn send(State(site): State<Site>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    let read = site.notify.read_off(&asked.token).await?;
    if let Some((user, off)) = read {
        site.notify.turn_off(user, off).await?;
    }
    answer(&site, &context, asked.token, read.map(|(_, off)| off), read.is_some()).await
}

async fn answer(
    site: &Site,
    context: &RequestContext,
    token: String,
    off: Option<Off>,
    done: bool,
) -> Answer {
    let view = Unsubscribe { token, off: off.map(Off::name), done };
    let mut response: Response<_> = match off {
        Some(_) => site.frame.page(context, &view).await?,
        None => site.frame.refused(context, &view).await?,
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
