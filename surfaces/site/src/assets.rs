//! Files: the theme's, pictures, and the QR code of an article's address.

use axum::body::Body;
use axum::extract::State;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use kernel::{ArticleId, Error};
use qrcode::QrCode;
use qrcode::render::svg;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;
use web::{Path, Shown, Shows};

use crate::pages::long;
use crate::{Answer, Site};

/// A year: the address changes when the content does.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

pub async fn asset(State(site): State<Site>, Path(path): Path<String>) -> Answer {
    let (body, kind) = if path == "channels.css" {
        (Body::from(site.frame.channels().await?.css.clone()), "text/css; charset=utf-8")
    } else {
        let asset = site.frame.theme().asset(&path).ok_or(Error::NotFound)?;
        (Body::from(asset.bytes.clone()), asset.mime)
    };
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(header::CACHE_CONTROL, FOREVER);
    Ok(response)
}

/// A picture in one of its variants, whole or in part (RFC 9110, section 14).
pub async fn media(
    State(site): State<Site>,
    Path((hash, variant)): Path<(String, String)>,
    asks: HeaderMap,
) -> Answer {
    let picture = site.media.open(&hash, &variant).await?;
    let tag = format!("\"{hash}-{variant}\"");
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, FOREVER);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::ETAG, HeaderValue::try_from(tag.as_str()).map_err(Error::internal)?);
    if asks.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).is_some_and(|known| known.contains(&tag))
    {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(response);
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(picture.mime));
    let asked = asks.get(header::RANGE).and_then(|v| v.to_str().ok());
    let current = asks.get(header::IF_RANGE).is_none_or(|known| known.as_bytes() == tag.as_bytes());
    let (start, end) = match asked.filter(|_| current).map(|range| part(range, picture.len)) {
        Some(Some((start, end))) => {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            let range = format!("bytes {start}-{}/{}", end - 1, picture.len);
            response
                .headers_mut()
                .insert(header::CONTENT_RANGE, HeaderValue::try_from(range).map_err(Error::internal)?);
            (start, end)
        }
        Some(None) => {
            *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            let range = format!("bytes */{}", picture.len);
            response
                .headers_mut()
                .insert(header::CONTENT_RANGE, HeaderValue::try_from(range).map_err(Error::internal)?);
            return Ok(response);
        }
        None => (0, picture.len),
    };
    let mut file = tokio::fs::File::open(&picture.path).await?;
    file.seek(std::io::SeekFrom::Start(start)).await?;
    response.headers_mut().insert(header::CONTENT_LENGTH, (end - start).into());
    *response.body_mut() = Body::from_stream(ReaderStream::new(file.take(end - start)));
    Ok(response)
}

/// The first of the asked ranges as start and end (exclusive); `None` where it lies outside. Several ranges are answered by the first,
/// and what is no byte range by the whole.
fn part(range: &str, len: u64) -> Option<(u64, u64)> {
    let Some(first) = range.strip_prefix("bytes=").and_then(|list| list.split(',').next()) else {
        return Some((0, len));
    };
    let (start, end) = first.trim().split_once('-')?;
    let (start, end) = match (start.parse::<u64>(), end.parse::<u64>()) {
        (Ok(start), Ok(end)) => (start, end.saturating_add(1).min(len)),
        (Ok(start), Err(_)) => (start, len),
        (Err(_), Ok(last)) => (len.saturating_sub(last), len),
        (Err(_), Err(_)) => return None,
    };
    (start < end).then_some((start, end))
}

/// The article's address as a QR code: what WeChat reads.
pub async fn qr(State(site): State<Site>, Path(id): Path<ArticleId>) -> Answer {
    site.articles.get_visible(id).await?;
    let address = format!("{}/article/{id}", site.frame.setup().url);
    let code = QrCode::new(address).map_err(Error::internal)?;
    let image = code.render::<svg::Color<'_>>().min_dimensions(220, 220).quiet_zone(true).build();
    let mut response = Response::new(Body::from(image));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"));
    response.extensions_mut().insert(Shows { things: vec![Shown::Article(id)], keep: long(), reads: None });
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::part;

    #[test]
    fn ranges() {
        for (range, want) in [
            ("bytes=0-99", Some((0, 100))),
            ("bytes=900-", Some((900, 1000))),
            ("bytes=-100", Some((900, 1000))),
            ("bytes=0-9999", Some((0, 1000))),
            ("bytes=1000-", None),
            ("bytes=5-2", None),
            ("lines=1-2", Some((0, 1000))),
        ] {
            assert_eq!(part(range, 1000), want, "{range}");
        }
    }
}
