//! A file of a theme, with what is kept of it.

use std::fmt::Write;
use std::sync::OnceLock;

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::encode::{Coding, compressible};

/// A file of the theme that browsers fetch from `/assets/<path>`.
#[derive(Clone, Debug)]
pub struct Asset {
    pub bytes: Bytes,
    pub mime: &'static str,
    /// 12 hexadecimal digits of the SHA-256: the `v` of its address, so that it may be kept for ever.
    pub hash: String,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
}

impl Asset {
    /// `name` is its path below `assets`.
    pub(super) fn new(name: &str, bytes: &Bytes) -> Self {
        let mime = match name.rsplit('.').next().unwrap_or_default() {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "webp" => "image/webp",
            "ico" => "image/x-icon",
            "json" | "webmanifest" => "application/json",
            _ => "application/octet-stream",
        };
        let mut hash = String::with_capacity(12);
        for byte in Sha256::digest(bytes).iter().take(6) {
            let _ = write!(hash, "{byte:02x}");
        }
        Self { bytes: bytes.clone(), mime, hash, gzip: OnceLock::new(), brotli: OnceLock::new() }
    }

    /// In the best coding that is accepted, and small: it is made once and sent as often as the site is visited. More than 6 would ask brotli for
    /// tables of 32 MB, which stay with the process, to save one byte in two hundred.
    pub fn encoded(&self, accepted: Coding) -> (Coding, Bytes) {
        match accepted {
            Coding::Gzip if compressible(self.mime) => {
                (accepted, self.gzip.get_or_init(|| accepted.encode(&self.bytes, 9)).clone())
            }
            Coding::Brotli if compressible(self.mime) => {
                (accepted, self.brotli.get_or_init(|| accepted.encode(&self.bytes, 6)).clone())
            }
            _ => (Coding::Identity, self.bytes.clone()),
        }
    }
}
