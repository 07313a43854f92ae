//! Files: the theme's, pictures, and the QR code of an article's address.

use axum::body::Body;
use axum::extract::State;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use kernel::{ArticleId, Error};
use media::Media;
use qrcode::QrCode;
use qrcode::render::svg;
use web::{CachePolicy, CacheTag, Coding, Path, RequestContext};

use crate::pages::long;
use crate::picture_access::Standing;
use crate::range::{self, Part};
use crate::{Answer, Site};

/// A year: the address changes when the content does.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

pub async fn asset(State(site): State<Site>, Path(path): Path<String>, asks: HeaderMap) -> Answer {
    let made = match path.as_str() {
        "channels.css" => Some(site.frame.channels().await?.css.clone()),
        "accent.css" => Some(site.frame.site().accent.as_ref().ok_or(Error::NotFound)?.css.clone()),
        _ => None,
    };
    let is_made = made.is_some();
    let (coding, body, kind) = if let Some(css) = made {
        (Coding::Identity, css.into(), "text/css; charset=utf-8")
    } else {
        let asset = site.frame.theme().asset(&path).ok_or(Error::NotFound)?;
        let (coding, body) = asset.encoded(Coding::accepted(&asks));
        (coding, body, asset.mime)
    };
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, FOREVER);
    if !is_made {
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    if let Some(token) = coding.token() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
    }
    Ok(response)
}

/// The script that tells somebody while nobody looks (Web Push). It stands at the root, as it is asked for by its address alone and may act for all of
/// the site; browsers ask for it anew each time they look.
pub async fn worker(State(site): State<Site>) -> Answer {
    let asset = site.frame.theme().asset("sw.js").ok_or(Error::NotFound)?;
    let (_, body) = asset.encoded(Coding::Identity);
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.mime));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// For a picture that something public shows: a browser may keep it for five minutes, a cache between asks each time whether it still
/// stands (most answers are 304), so that what is taken down is gone from there at once (docs/adr/0019).
const SHOWN: HeaderValue = HeaderValue::from_static("public, max-age=300, s-maxage=0, must-revalidate");
/// For one that only its owners and reviewers see.
const OWN: HeaderValue = HeaderValue::from_static("private, no-store");

/// A picture in one of its variants, whole or in part (RFC 9110, section 14), to whoever may see it.
pub async fn media(
    State(site): State<Site>,
    context: RequestContext,
    Path((hash, variant)): Path<(String, String)>,
    method: Method,
    asks: HeaderMap,
) -> Answer {
    if !Media::is_name(&hash, &variant) {
        return Err(Error::NotFound.into());
    }
    let standing = site.pictures.standing(&hash).await?;
    let public = standing == Standing::Public;
    if standing == Standing::Deleted || (!public && !site.pictures.allows(&context.viewer, &hash).await?) {
        return Err(match standing {
            Standing::Hidden => Error::NotFound,
            _ => Error::Gone("picture".to_owned()),
        }
        .into());
    }
    let tag = format!("\"{hash}-{variant}\"");
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, if public { SHOWN } else { OWN });
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::ETAG, HeaderValue::try_from(tag.as_str()).map_err(Error::internal)?);
    if asks.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).is_some_and(|known| known.contains(&tag))
    {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(response);
    }
    let picture = site.media.open(&hash, &variant).await?;
    let len = picture.size();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(picture.mime));
    let content_range = |range: String| HeaderValue::try_from(range).map_err(Error::internal);
    let (start, end) = match range::asked(&asks, &response.headers()[header::ETAG], len) {
        Part::Whole => (0, len),
        Part::Range(start, end) => {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            let range = content_range(format!("bytes {start}-{}/{len}", end - 1))?;
            response.headers_mut().insert(header::CONTENT_RANGE, range);
            (start, end)
        }
        Part::Beyond => {
            *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            let range = content_range(format!("bytes */{len}"))?;
            response.headers_mut().insert(header::CONTENT_RANGE, range);
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            return Ok(response);
        }
    };
    response.headers_mut().insert(header::CONTENT_LENGTH, (end - start).into());
    if method != Method::HEAD {
        *response.body_mut() = Body::from_stream(picture.object.read(start..end).await?);
    }
    Ok(response)
}

/// The article's address as a QR code: what WeChat reads.
pub async fn qr(State(site): State<Site>, Path(id): Path<ArticleId>) -> Answer {
    site.articles.get_visible(id).await?;
    let address = format!("{}/article/{id}", site.frame.setup().url);
    let code = QrCode::new(address).map_err(Error::internal)?;
    let image = code.render::<svg::Color<'_>>().min_dimensions(220, 220).quiet_zone(true).build();
    let mut response = Response::new(Body::from(image));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"));
    response.extensions_mut().insert(CachePolicy {
        tags: vec![CacheTag::Article(id)],
        keep: long(),
        reads: None,
    });
    Ok(response)
}
