//! Compression: which coding a client takes, and making it.

use std::cell::RefCell;
use std::io::Write;

use axum::body::Body;
use axum::response::IntoResponse;
use bytes::Bytes;
use flate2::{Compress, Compression, FlushCompress, Status};
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
            Self::Gzip => gzip(body, level),
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

thread_local! {
    /// What was used last on this thread, and at which level: a third of a megabyte, which need not be asked for and cleared for each page.
    static GZIP: RefCell<Option<(u32, Compress)>> = const { RefCell::new(None) };
}

fn gzip(body: &[u8], level: u32) -> Bytes {
    GZIP.with_borrow_mut(|kept| {
        let mut state = match kept.take() {
            Some((of, mut state)) if of == level => {
                state.reset();
                state
            }
            _ => Compress::new_gzip(Compression::new(level), WINDOW_BITS),
        };
        let mut out = Vec::with_capacity(body.len() / 3 + ROOM);
        let mut done = Status::Ok;
        // Into memory, with room: it does not fail, and each turn takes all that there is room for.
        while let Status::Ok | Status::BufError = done {
            out.reserve(ROOM);
            let rest = body.get(state.total_in() as usize..).unwrap_or_default();
            match state.compress_vec(rest, &mut out, FlushCompress::Finish) {
                Ok(status) => done = status,
                Err(_) => return Bytes::new(),
            }
        }
        *kept = Some((level, state));
        out.into()
    })
}

/// As far back as gzip looks (32 KiB).
const WINDOW_BITS: u8 = 15;
/// Bytes that a result has room for at least, whenever more of it is asked for.
const ROOM: usize = 4_096;

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
        // What cannot be made smaller needs more room than is made at first.
        let noise = |n: u64| {
            char::from(b' ' + (n.wrapping_mul(n).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 57) as u8 % 95)
        };
        let noise: String = (0..200_000).map(noise).collect();
        let body = Bytes::from("新闻".repeat(500));
        let mut text = String::new();
        for (text_in, level) in [(&body, 6), (&Bytes::new(), 6), (&noise.into(), 2), (&body, 2), (&body, 6)] {
            text.clear();
            let gzip = Coding::Gzip.encode(text_in, level);
            flate2::read::GzDecoder::new(&*gzip).read_to_string(&mut text).unwrap();
            assert!(text.as_bytes() == text_in, "{} bytes at {level}", text_in.len());
        }
        text.clear();
        brotli::Decompressor::new(&*Coding::Brotli.encode(&body, 5), 4096).read_to_string(&mut text).unwrap();
        assert_eq!(text.as_bytes(), body);
    }
}
