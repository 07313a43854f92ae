//! `/preview/…`: pages as they will look at a time to come, for the editors who fill their slots.

use accounts::Action;
use axum::extract::State;
use kernel::{Error, Slug};
use serde::Deserialize;
use web::{Path, Query, RequestContext, local_time};

use crate::views::parts::Preview;
use crate::{Answer, Site};

/// `?at=`: a time in the site's zone; now where there is none.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct When {
    at: String,
}

impl When {
    fn preview(&self, site: &Site, context: &RequestContext, action: String, back: &str) -> Preview {
        let about = site.frame.site();
        let zone = &about.zone;
        let at = local_time::read(&self.at, zone).unwrap_or(context.now);
        Preview { at, local: local_time::write(at, zone), action, back: back.to_owned() }
    }
}

pub async fn home(State(site): State<Site>, context: RequestContext, Query(when): Query<When>) -> Answer {
    context.viewer.require(Action::CurateHeadlines)?;
    let preview = when.preview(&site, &context, "/preview/home".to_owned(), "/admin/headlines/home");
    let (mut view, _) = site.home(&context, preview.at).await?;
    view.preview = Some(preview);
    Ok(site.frame.page(&context, &view).await?)
}

pub async fn channel(
    State(site): State<Site>,
    context: RequestContext,
    Path(slug): Path<String>,
    Query(when): Query<When>,
) -> Answer {
    context.viewer.require(Action::CurateHeadlines)?;
    let slug = Slug::new(&slug).map_err(|_| Error::NotFound)?;
    let back = format!("/admin/headlines/headline-{slug}");
    let preview = when.preview(&site, &context, format!("/preview/channel/{slug}"), &back);
    let (mut view, _) = site.channel(&context, &slug, &super::From::default(), preview.at).await?;
    view.preview = Some(preview);
    Ok(site.frame.page(&context, &view).await?)
}
