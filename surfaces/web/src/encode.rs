//! Compression: which coding a client takes, and making it.

use std::io::Write;

use axum::body::Body;
use axum::response::IntoResponse;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use http_body_util::BodyExt;
use kernel::Error;

use crate::failure::Failure;

/// Brotli looks back 256 KiB: longer than nearly every page, and a quarter of the memory that it would take by itself.
const WINDOW: u32 = 18;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    Identity,
    Gzip,
    Brotli,
}

impl Coding {
    /// The best that an `Accept-Encoding` allows (RFC 9110, section 12.5.3).
    pub fn accepted(headers: &HeaderMap) -> Self {
        let Some(accepts) = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()) else {
            return Self::Identity;
        };
        let mut gzip = false;
        for part in accepts.split(',') {
            let (name, params) = part.split_once(';').unwrap_or((part, ""));
            if params.trim().strip_prefix("q=").is_some_and(|q| q.trim().parse() == Ok(0.0)) {
                continue;
            }
            match name.trim() {
                "br" => return Self::Brotli,
                "gzip" => gzip = true,
                _ => {}
            }
        }
        if gzip { Self::Gzip } else { Self::Identity }
    }

    pub const fn token(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }

    /// `level` as for zlib, 1 (fast) to 9 (small); brotli's scale is close enough at these levels.
    pub fn encode(self, body: &Bytes, level: u32) -> Bytes {
        match self {
            Self::Identity => body.clone(),
            Self::Gzip => {
                let mut out = flate2::write::GzEncoder::new(
                    Vec::with_capacity(body.len() / 3),
                    flate2::Compression::new(level),
                );
                // Writing to memory does not fail.
                let _ = out.write_all(body);
                out.finish().unwrap_or_default().into()
            }
            Self::Brotli => {
                let mut out = Vec::with_capacity(body.len() / 3);
                let mut writer = brotli::CompressorWriter::new(&mut out, 1 << 14, level, WINDOW);
                let _ = writer.write_all(body);
                drop(writer);
                out.into()
            }
        }
    }
}

/// Whether a body of this type is worth compressing.
pub fn compressible(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    kind.starts_with("text/")
        || matches!(kind, "application/json" | "application/javascript" | "image/svg+xml")
        || kind.ends_with("+xml")
        || kind.ends_with("+json")
        || kind == "application/xml"
}

/// Compresses a text that is worth it.
pub(crate) async fn compressed(response: Response<Body>, asks: &HeaderMap) -> Response<Body> {
    const WORTH: u64 = 1_000;
    let coding = Coding::accepted(asks);
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let size = http_body::Body::size_hint(response.body()).exact();
    let plain = !response.headers().contains_key(header::CONTENT_ENCODING)
        && response.status() != StatusCode::PARTIAL_CONTENT;
    let (Some(token), true) =
        (coding.token(), plain && compressible(kind) && size.is_some_and(|n| n >= WORTH))
    else {
        return response;
    };
    let (mut parts, body) = response.into_parts();
    let body: Bytes = match body.collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => return Failure(Error::internal(error)).into_response(),
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
    parts.headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    Response::from_parts(parts, Body::from(coding.encode(&body, 2)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn picks_what_is_accepted() {
        for (accepts, want) in [
            ("gzip, deflate, br", Coding::Brotli),
            ("br;q=0, gzip;q=0.5", Coding::Gzip),
            ("deflate", Coding::Identity),
            ("*", Coding::Identity),
        ] {
            let headers = [(header::ACCEPT_ENCODING, accepts.parse().unwrap())].into_iter().collect();
            assert_eq!(Coding::accepted(&headers), want, "{accepts}");
        }
    }

    #[test]
    fn what_is_encoded_comes_back() {
        let body = Bytes::from("新闻".repeat(500));
        let mut text = String::new();
        flate2::read::GzDecoder::new(&*Coding::Gzip.encode(&body, 6)).read_to_string(&mut text).unwrap();
        assert_eq!(text.as_bytes(), body);
        text.clear();
        brotli::Decompressor::new(&*Coding::Brotli.encode(&body, 5), 4096).read_to_string(&mut text).unwrap();
        assert_eq!(text.as_bytes(), body);
    }
}
