//! What somebody takes along: asking for an archive, and getting it.

use axum::body::Body;
use axum::extract::State;
use export::{Archive, Standing, State as Stands};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use kernel::{Error, Result};
use serde::Deserialize;
use web::session::see_other;
use web::{Query, RequestContext, percent};

use crate::range::{self, Part};
use crate::views::export::{ArchiveLine, ExportLink, ExportPage, Linked};
use crate::{Answer, Site};

const PAGE: &str = "/settings/export";

/// `GET /settings/export`
pub async fn show(State(site): State<Site>, context: RequestContext) -> Answer {
    let view = site.archives(&context).await?;
    Ok(site.frame.page(&context, &view).await?)
}

/// `POST /settings/export`
pub async fn ask(State(site): State<Site>, context: RequestContext) -> Answer {
    let user = context.viewer.signed_in()?;
    match site.export.ask(user, context.variant.locale).await {
        Ok(()) => Ok(see_other(PAGE)),
        Err(Error::Conflict(code)) => {
            let view = ExportPage { conflict: Some(code), ..site.archives(&context).await? };
            Ok(site.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Link {
    token: String,
}

/// `GET /settings/export/link?token=…`: a page before the archive, so that programs that follow links in mail do not fetch gigabytes.
pub async fn link(State(site): State<Site>, context: RequestContext, Query(link): Query<Link>) -> Answer {
    let linked =
        |standing: Standing| Linked { megabytes: megabytes(standing.bytes), until: standing.expires_at };
    let archive = match site.export.by_token(&link.token).await {
        Ok((_, standing)) => Some(linked(standing)),
        Err(Error::NotFound) => None,
        Err(error) => return Err(error.into()),
    };
    let view = ExportLink { token: link.token, archive };
    let mut response = if view.archive.is_some() {
        site.frame.page(&context, &view).await?
    } else {
        site.frame.refused(&context, &view).await?
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// `GET /settings/export/archive`: one's own, or with `token` the one that a link opens.
pub async fn archive(
    State(site): State<Site>,
    context: RequestContext,
    Query(link): Query<Link>,
    method: Method,
    asks: HeaderMap,
) -> Answer {
    let (found, page) = if link.token.is_empty() {
        (site.export.own(context.viewer.signed_in()?.id).await, PAGE.to_owned())
    } else {
        let found = site.export.by_token(&link.token).await.map(|(archive, _)| archive);
        (found, format!("{PAGE}/link?token={}", percent(&link.token)))
    };
    match found {
        Ok(archive) => Ok(send(&archive, &method, &asks).await?),
        // It is over, or there never was one: the page says so.
        Err(Error::NotFound) => Ok(see_other(&page)),
        Err(error) => Err(error.into()),
    }
}

/// Whole or in part (RFC 9110, section 14): a download of gigabytes that broke off goes on.
async fn send(archive: &Archive, method: &Method, asks: &HeaderMap) -> Result<Response<Body>> {
    let tag = HeaderValue::try_from(format!("\"{}\"", archive.tag())).map_err(Error::internal)?;
    let mut response = Response::new(Body::empty());
    let (status, start, end) = match range::asked(asks, &tag, archive.len) {
        Part::Whole => (StatusCode::OK, 0, archive.len),
        Part::Range(start, end) => (StatusCode::PARTIAL_CONTENT, start, end),
        Part::Beyond => (StatusCode::RANGE_NOT_SATISFIABLE, 0, 0),
    };
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::ETAG, tag);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    let range = match status {
        StatusCode::PARTIAL_CONTENT => Some(format!("bytes {start}-{}/{}", end - 1, archive.len)),
        StatusCode::RANGE_NOT_SATISFIABLE => Some(format!("bytes */{}", archive.len)),
        _ => None,
    };
    if let Some(range) = range {
        headers.insert(header::CONTENT_RANGE, HeaderValue::try_from(range).map_err(Error::internal)?);
    }
    if status == StatusCode::RANGE_NOT_SATISFIABLE {
        return Ok(response);
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"my-data.zip\""),
    );
    headers.insert(header::CONTENT_LENGTH, (end - start).into());
    if method != Method::HEAD {
        *response.body_mut() = Body::from_stream(archive.read(start..end).await?);
    }
    Ok(response)
}

fn megabytes(bytes: i64) -> i64 {
    bytes.unsigned_abs().div_ceil(1 << 20) as i64
}

impl Site {
    async fn archives(&self, context: &RequestContext) -> Result<ExportPage> {
        let user = context.viewer.signed_in()?;
        let now = self.env.now();
        let line = |standing: Standing| ArchiveLine {
            state: standing.state.name(),
            problem: standing.problem,
            done: standing.done,
            total: standing.total,
            megabytes: megabytes(standing.bytes),
            asked_at: standing.asked_at,
            until: standing.expires_at,
            next_at: Some(standing.next_at).filter(|&at| standing.state == Stands::Ready && at > now),
        };
        let archive = self.export.standing(user.id).await?.map(line);
        Ok(ExportPage { archive, conflict: None, told: self.accounts.email(user.id).await?.is_some() })
    }
}
