//! Errors as readers see them.

use std::sync::Arc;

use axum::body::Body;
use http::{HeaderValue, Response, header};
use kernel::{Error, Quota};
use web::{RequestContext, status};

use crate::Site;
use crate::views::errors::ErrorPage;
use crate::views::parts::CardList;

/// The page for an error; its status is set by the caller. Should drawing it fail too, one plain line.
pub async fn error_page(site: Site, context: RequestContext, error: Arc<Error>) -> Response<Body> {
    let status = status(&error);
    // That all places are taken is no fault.
    let ours = status.is_server_error() && !matches!(*error, Error::Busy(_));
    let trace = ours.then(|| context.trace.id().to_owned());
    let hot = if status.is_server_error() {
        CardList::default()
    } else {
        let unwanted = site.unwanted(&context.viewer).await.unwrap_or_default();
        site.shared_blocks(context.variant.locale)
            .await
            .map(|blocks| CardList::new(blocks.hot_but(&unwanted, 6)))
            .unwrap_or_default()
    };
    let view = ErrorPage {
        status: status.as_u16(),
        code: match &*error {
            Error::Gone(code) => Some(code.clone()),
            Error::Conflict(code) => Some((*code).to_owned()),
            full @ Error::Unavailable(code) if full.is_storage_full() => Some(code.to_string()),
            _ => None,
        },
        wait: match &*error {
            Error::TooMany(wait) | Error::Busy(wait) | Error::Quota(Quota { wait: Some(wait), .. }) => {
                Some(wait.as_secs().max(1) as i64)
            }
            _ => None,
        },
        trace,
        hot,
    };
    // Where the fault is ours, the database is asked nothing: it may be what is at fault.
    let drawn = if ours { None } else { site.frame.page(&context, &view).await.ok() };
    match drawn.map_or_else(|| site.frame.page_from_memory(&context, &view), Ok) {
        Ok(page) => page,
        Err(fault) => {
            tracing::error!(%fault, "cannot draw the error page");
            let mut plain = Response::new(Body::from(format!("{status}\n")));
            plain
                .headers_mut()
                .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
            plain
        }
    }
}
